#include "base/patterns.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace modelkeep {
namespace {

// `set` begins after "["; the end of the set, or nothing when it is never closed and "[" means
// itself.
template <class View>
std::optional<std::size_t> set_end(View set) {
  std::size_t at = !set.empty() && set.front() == '!' ? 1 : 0;
  // A "]" in the first place belongs to the set.
  at = set.find(']', at + 1);
  if (at == View::npos) return std::nullopt;
  return at;
}

template <class View>
bool set_has(View set, typename View::value_type c) {
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
template <class View>
std::size_t match_one(View pattern, typename View::value_type c) {
  if (pattern.empty()) return 0;
  if (pattern.front() == '?') return 1;
  if (pattern.front() == '[') {
    const View set = pattern.substr(1);
    if (const auto end = set_end(set)) return set_has(set.substr(0, *end), c) ? *end + 2 : 0;
  }
  return pattern.front() == c ? 1 : 0;
}

// Only the last star is ever taken back, so this is quadratic at worst, whatever a pattern looks
// like.
template <class View>
bool match(View pattern, View text) {
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

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// One character is a code point, as in the Hub's client; bytes do where both are ASCII.
bool match_text(std::string_view pattern, std::string_view path) {
  if (is_ascii(pattern) && is_ascii(path)) return match(pattern, path);
  const auto wide_pattern = utf8_code_points(pattern);
  const auto wide_path = utf8_code_points(path);
  if (!wide_pattern || !wide_path) return match(pattern, path);
  return match(std::u32string_view(*wide_pattern), std::u32string_view(*wide_path));
}

}  // namespace

bool matches_pattern(std::string_view pattern, std::string_view path) {
  if (pattern.ends_with('/')) return match_text(std::string(pattern) + "*", path);
  return match_text(pattern, path);
}

bool is_wanted(std::string_view path, const std::vector<std::string>& allow,
               const std::vector<std::string>& ignore) {
  const auto matches = [&](const std::string& pattern) { return matches_pattern(pattern, path); };
  if (!allow.empty() && std::none_of(allow.begin(), allow.end(), matches)) return false;
  return std::none_of(ignore.begin(), ignore.end(), matches);
}

Wanted::Wanted(const std::vector<std::string>& allow, const std::vector<std::string>& ignore)
    : allows_all_(allow.empty()), ignore_(ignore) {
  for (const std::string& pattern : allow) {
    const bool is_plain =
        pattern.find_first_of("*?[") == std::string::npos && !pattern.ends_with('/');
    if (is_plain) {
      plain_.insert(pattern);
    } else {
      allow_.push_back(pattern);
    }
  }
}

bool Wanted::has(std::string_view path) const {
  const auto fits = [&](std::string_view pattern) { return matches_pattern(pattern, path); };
  const bool allowed =
      allows_all_ || plain_.contains(path) || std::any_of(allow_.begin(), allow_.end(), fits);
  return allowed && std::none_of(ignore_.begin(), ignore_.end(), fits);
}

}  // namespace modelkeep
