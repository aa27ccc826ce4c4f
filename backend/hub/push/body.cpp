#include "hub/push/body.h"

#include <string_view>
#include <vector>

namespace modelkeep::hub {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;

tl::unexpected<Error> too_large() {
  return fail(ErrorKind::too_large, codes::body_too_large,
              "The body is larger than this address takes.");
}

}  // namespace

Result<> each_piece(const http::Request& request,
                    const std::function<Result<>(std::span<const char>)>& take) {
  if (request.body_too_large) return too_large();
  if (request.more_body == nullptr) return take(request.body);
  std::vector<char> piece(kPieceBytes);
  while (true) {
    const std::ptrdiff_t count = (*request.more_body)(piece);
    if (count < 0) {
      return fail(ErrorKind::unavailable, codes::connection_lost, "The client went away.");
    }
    if (count == 0) return {};
    TRY(take(std::span<const char>(piece).first(static_cast<std::size_t>(count))));
  }
}

Result<std::string> whole_body(const http::Request& request, std::size_t bytes_max) {
  std::string body;
  auto read = each_piece(request, [&](std::span<const char> piece) -> Result<> {
    if (body.size() + piece.size() > bytes_max) return too_large();
    body.append(piece.data(), piece.size());
    return {};
  });
  if (!read) return tl::unexpected{std::move(read).error()};
  return body;
}

Result<> each_line(const http::Request& request, std::size_t line_bytes_max,
                   const std::function<Result<>(std::string_view)>& take) {
  std::string line;
  auto read = each_piece(request, [&](std::span<const char> piece) -> Result<> {
    std::string_view rest(piece.data(), piece.size());
    while (!rest.empty()) {
      const auto end = rest.find('\n');
      if (line.size() + std::min(end, rest.size()) > line_bytes_max) return too_large();
      line.append(rest.substr(0, end));
      if (end == std::string_view::npos) return {};
      TRY(take(line));
      line.clear();
      rest.remove_prefix(end + 1);
    }
    return {};
  });
  if (!read) return read;
  return line.empty() ? Result<>{} : take(line);
}

}  // namespace modelkeep::hub
