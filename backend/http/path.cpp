#include "http/path.h"

#include "base/text.h"

namespace modelkeep::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

auto bad_path() {
  return fail(ErrorKind::invalid, codes::path_invalid, "The path of the request is malformed.");
}

// Writes the decoded segment to `out` and moves `out` behind it.
bool decode_segment(std::string_view segment, char*& out) {
  for (std::size_t i = 0; i < segment.size(); ++i) {
    if (segment[i] != '%') {
      *out++ = segment[i];
      continue;
    }
    if (i + 2 >= segment.size()) return false;
    const int high = hex_value(segment[i + 1]);
    const int low = hex_value(segment[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return false;
    *out++ = static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

}  // namespace

Result<Path> Path::parse(std::string_view path) {
  if (path.empty() || path.front() != '/') return bad_path();
  if (path.find('\0') != std::string_view::npos) return bad_path();
  Path parsed;
  if (path.find('%') != std::string_view::npos) {
    parsed.decoded_ = std::make_unique<char[]>(path.size());
  }
  char* out = parsed.decoded_.get();
  std::size_t begin = 1;
  while (true) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    if (parsed.count_ == kSegmentsMax) return bad_path();
    std::string_view segment = path.substr(begin, end - begin);
    if (segment.find('%') != std::string_view::npos) {
      const char* const start = out;
      if (!decode_segment(segment, out)) return bad_path();
      segment = {start, static_cast<std::size_t>(out - start)};
    }
    if (!utf8_valid(segment)) return bad_path();
    parsed.segments_[parsed.count_++] = segment;
    if (end == path.size()) break;
    begin = end + 1;
  }
  return parsed;
}

Target split_target(std::string_view target) {
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return {target, {}};
  return {target.substr(0, mark), target.substr(mark + 1)};
}

std::string accel_encoded(std::string_view path) {
  return percent_encode(path, "/");
}

}  // namespace modelkeep::http
