#include "fetch/patterns.h"

#include <algorithm>
#include <optional>

namespace modelkeep::fetch {
namespace {

// `set` begins after "["; the end of the set, or nothing when it is never closed and "[" means
// itself.
std::optional<std::size_t> set_end(std::string_view set) {
  std::size_t at = !set.empty() && set.front() == '!' ? 1 : 0;
  // A "]" in the first place belongs to the set.
  at = set.find(']', at + 1);
  if (at == std::string_view::npos) return std::nullopt;
  return at;
}

bool set_has(std::string_view set, char c) {
  const bool negated = !set.empty() && set.front() == '!';
  if (negated) set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i) {
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found = found || (set[i] <= c && c <= set[i + 2]);
      i += 2;
    } else {
      found = found || set[i] == c;
    }
  }
  return found != negated;
}

// How much of the pattern one character takes; 0 when it does not fit.
std::size_t match_one(std::string_view pattern, char c) {
  if (pattern.empty()) return 0;
  if (pattern.front() == '?') return 1;
  if (pattern.front() == '[') {
    const std::string_view set = pattern.substr(1);
    if (const auto end = set_end(set)) return set_has(set.substr(0, *end), c) ? *end + 2 : 0;
  }
  return pattern.front() == c ? 1 : 0;
}

// Only the last star is ever taken back, so this is quadratic at worst, whatever a pattern looks
// like.
bool match(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::optional<std::size_t> star;
  std::size_t star_text = 0;
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = ++in_pattern;
      star_text = at;
      continue;
    }
    const std::size_t taken = match_one(pattern.substr(in_pattern), text[at]);
    if (taken > 0) {
      in_pattern += taken;
      ++at;
    } else if (star) {
      in_pattern = *star;
      at = ++star_text;
    } else {
      return false;
    }
  }
  while (in_pattern < pattern.size() && pattern[in_pattern] == '*') ++in_pattern;
  return in_pattern == pattern.size();
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view path) {
  if (pattern.ends_with('/')) return match(std::string(pattern) + "*", path);
  return match(pattern, path);
}

bool is_wanted(std::string_view path, const std::vector<std::string>& allow,
               const std::vector<std::string>& ignore) {
  const auto matches = [&](const std::string& pattern) { return matches_pattern(pattern, path); };
  if (!allow.empty() && std::none_of(allow.begin(), allow.end(), matches)) return false;
  return std::none_of(ignore.begin(), ignore.end(), matches);
}

}  // namespace modelkeep::fetch
