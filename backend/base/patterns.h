#pragma once
// Which files of a repo are wanted, by the patterns of the Hub's own client: shell patterns over
// the whole path, in which `*` crosses slashes and a trailing slash means all below.
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace modelkeep {

bool matches_pattern(std::string_view pattern, std::string_view path);

/// No allow pattern allows all; an ignore pattern takes away from what is allowed.
bool is_wanted(std::string_view path, const std::vector<std::string>& allow,
               const std::vector<std::string>& ignore);

/// The same for many paths and patterns, of which most are plain paths.
class Wanted {
 public:
  /// Borrows both.
  Wanted(const std::vector<std::string>& allow, const std::vector<std::string>& ignore);
  bool has(std::string_view path) const;

 private:
  bool allows_all_;
  std::unordered_set<std::string_view> plain_;
  std::vector<std::string_view> allow_;
  const std::vector<std::string>& ignore_;
};

}  // namespace modelkeep
