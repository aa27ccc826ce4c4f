#include "api/patterns.h"

#include <algorithm>

namespace modelkeep::api {
namespace {

constexpr std::size_t kPatternsMax = 100;
constexpr std::size_t kPatternBytesMax = 1024;

bool is_pattern(const std::string& pattern) {
  return !pattern.empty() && pattern.size() <= kPatternBytesMax &&
         std::none_of(pattern.begin(), pattern.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

Result<> check_patterns(std::string_view member, const std::vector<std::string>& patterns) {
  if (patterns.size() <= kPatternsMax && std::all_of(patterns.begin(), patterns.end(), is_pattern))
    return {};
  return fail(
      ErrorKind::invalid, codes::field_invalid,
      std::string{member} + " is a list of at most 100 patterns of 1 to 1,024 printable bytes.");
}

}  // namespace modelkeep::api
