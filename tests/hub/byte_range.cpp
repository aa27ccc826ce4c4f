#include "tests/hub/byte_range.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"

namespace modelkeep::standin {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string quoted(std::string_view etag) {
  return '"' + std::string{etag} + '"';
}

}  // namespace

ByteRange parse_byte_range(std::string_view header, std::uint64_t content_bytes) {
  const ByteRange whole{ByteRange::Kind::whole, 0, content_bytes};
  const ByteRange none{ByteRange::Kind::unsatisfiable, 0, 0};
  constexpr std::string_view kUnit = "bytes=";
  if (header.substr(0, kUnit.size()) != kUnit) return whole;
  const std::string_view spec = trim(header.substr(kUnit.size()));
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return whole;
  const auto first = number(spec.substr(0, dash));
  const auto last = number(spec.substr(dash + 1));
  if (dash == 0) {
    if (!last) return whole;
    const std::uint64_t tail = std::min(*last, content_bytes);
    if (tail == 0) return none;
    return {ByteRange::Kind::part, content_bytes - tail, tail};
  }
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) return whole;
  if (*first >= content_bytes) return none;
  const std::uint64_t end = last ? std::min(*last, content_bytes - 1) : content_bytes - 1;
  return {ByteRange::Kind::part, *first, end - *first + 1};
}

Answer file_answer(const Request& request, const FilePtr& file, std::string_view etag) {
  const std::uint64_t size_bytes = file->size();
  Answer answer;
  answer.set("Content-Type", file->lfs ? "application/octet-stream" : "text/plain; charset=utf-8");
  answer.set("Accept-Ranges", "bytes").set("ETag", quoted(etag));
  if (request.header("if-none-match") == quoted(etag)) {
    answer.status = 304;
    return answer;
  }
  ByteRange range = parse_byte_range(request.header("range"), size_bytes);
  const std::string_view if_range = request.header("if-range");
  if (!if_range.empty() && if_range != quoted(etag)) {
    range = {ByteRange::Kind::whole, 0, size_bytes};
  }
  if (range.kind == ByteRange::Kind::unsatisfiable) {
    answer.status = 416;
    return answer.set("Content-Range", "bytes */" + std::to_string(size_bytes));
  }
  if (range.kind == ByteRange::Kind::part) {
    answer.status = 206;
    answer.set("Content-Range", "bytes " + std::to_string(range.first) + '-' +
                                    std::to_string(range.first + range.size_bytes - 1) + '/' +
                                    std::to_string(size_bytes));
  }
  answer.range = FileRange{file, range.first, range.size_bytes};
  return answer;
}

}  // namespace modelkeep::standin
