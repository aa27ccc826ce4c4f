#include "usage/served_log.h"

#include <cerrno>
#include <charconv>

#include <fcntl.h>

#include "base/fd.h"
#include "base/files.h"
#include "base/text.h"

namespace modelkeep::usage {
namespace {

constexpr std::string_view kMark = "b1 ";
constexpr std::string_view kEnd = ".";
constexpr std::size_t kFields = 7;
constexpr std::size_t kMarkFields = 5;
constexpr std::string_view kFromStore = "s";
constexpr std::string_view kFromUpstream = "u";
constexpr std::size_t kTextMaxBytes = 512;

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || number < 0)
    return std::nullopt;
  return number;
}

/// "1769077800.123" as milliseconds.
std::optional<std::int64_t> ms_in(std::string_view text) {
  constexpr std::size_t kSecondsMax = 12;
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || dot > kSecondsMax || text.size() - dot != 4)
    return std::nullopt;
  const auto seconds = number_in<std::int64_t>(text.substr(0, dot));
  const auto ms = number_in<std::int64_t>(text.substr(dot + 1));
  if (!seconds || !ms) return std::nullopt;
  return *seconds * 1'000 + *ms;
}

std::string encoded(std::string_view text) {
  return percent_encode(clipped(text, kTextMaxBytes));
}

/// False when it is no mark.
bool read_mark_into(std::string_view text, Served& served) {
  const auto fields = split(text, ':');
  if (fields.size() != kMarkFields) return false;
  const auto model = number_in<std::int64_t>(fields[0]);
  auto commit = percent_decode(fields[1]);
  auto client = percent_decode(fields[2]);
  auto username = percent_decode(fields[4]);
  if (!model || !commit || !client || !username) return false;
  if (fields[3] != kFromStore && fields[3] != kFromUpstream) return false;
  served.model_pk = *model;
  served.commit = std::move(*commit);
  served.client = std::move(*client);
  served.from_upstream = fields[3] == kFromUpstream;
  served.username = std::move(*username);
  return true;
}

}  // namespace

std::string read_mark(const Served& read) {
  std::string mark = std::to_string(read.model_pk);
  mark.append(":").append(encoded(read.commit)).append(":").append(encoded(read.client));
  mark.append(":").append(read.from_upstream ? kFromUpstream : kFromStore);
  return mark.append(":").append(encoded(read.username));
}

std::optional<Served> parse_served(std::string_view line) {
  // A line that a full disk cut ends where the next one begins.
  const auto begin = line.rfind(kMark);
  if (begin == std::string_view::npos) return std::nullopt;
  const auto fields = split(line.substr(begin), ' ');
  if (fields.size() != kFields || fields[6] != kEnd) return std::nullopt;
  const auto ended_ms = ms_in(fields[1]);
  const auto lasted_ms = ms_in(fields[2]);
  const auto bytes = number_in<std::int64_t>(fields[3]);
  if (!ended_ms || !lasted_ms || !bytes || fields[4].empty() || fields[5].empty())
    return std::nullopt;
  Served served;
  served.ended_at = Time{*ended_ms};
  served.began_at = Time{*ended_ms - *lasted_ms};
  served.bytes = *bytes;
  served.ip_address = fields[5];
  if (fields[4] != "-" && !read_mark_into(fields[4], served)) return std::nullopt;
  return served;
}

Result<ServedPart> read_served(const std::string& path, std::int64_t offset,
                               std::size_t bytes_max) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return tl::unexpected{errno_error(errno, "open", path)};
  std::string bytes(bytes_max, '\0');
  const std::size_t got = TRY(posix_files().read_at(file, std::as_writable_bytes(std::span(bytes)),
                                                    static_cast<std::uint64_t>(offset)));
  bytes.resize(got);
  ServedPart part;
  std::string_view rest = bytes;
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
    auto served = parse_served(rest.substr(0, end));
    if (served) {
      part.served.push_back(std::move(*served));
    } else if (end > 0) {
      ++part.damaged_lines;
    }
    rest.remove_prefix(end + 1);
  }
  // No line is nearly as long: what fills a whole read without an end is damage.
  if (rest.size() == bytes_max) {
    ++part.damaged_lines;
    rest = {};
  }
  part.end = offset + static_cast<std::int64_t>(got - rest.size());
  return part;
}

}  // namespace modelkeep::usage
