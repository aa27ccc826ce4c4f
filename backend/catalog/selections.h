#pragma once
// Which files someone wants, as patterns, and how two wishes become one. Pure: no list of files is
// at hand here, so a union may be larger than it must be, and never smaller.
#include <string>
#include <string_view>
#include <vector>

namespace modelkeep::catalog {

/// No allow pattern means every file.
struct FileSelection {
  std::vector<std::string> allow;
  std::vector<std::string> ignore;
  bool operator==(const FileSelection&) const = default;
};

/// Every file that either wants passes the result.
FileSelection widened(const FileSelection& a, const FileSelection& b);

/// The pattern that this path fits and no other one does.
std::string literal_pattern(std::string_view path);

/// Whether `stored` surely has every file that `asked` wants.
bool covers(const FileSelection& stored, const FileSelection& asked);

}  // namespace modelkeep::catalog
