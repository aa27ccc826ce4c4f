#pragma once
// The project's own source files, as the style tests read them.
#include <string>
#include <vector>

namespace modelkeep::tidy {

struct SourceFile {
  std::string path;  ///< From the project's folder: "backend/base/json.h".
  std::vector<std::string> lines;
};

/// Every file below `folder` with one of the endings; build output and packages are never among
/// them.
std::vector<SourceFile> files_in(const std::string& folder,
                                 const std::vector<std::string>& endings);

/// C++ of the product and its tests.
std::vector<SourceFile> all_sources();

/// "backend/base/json.h" -> "base"; "cli/list.cpp" -> "cli"; empty for what is in no room.
std::string room_of(const SourceFile& file);

}  // namespace modelkeep::tidy
