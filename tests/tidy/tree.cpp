#include "tests/tidy/tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace modelkeep::tidy {

namespace fs = std::filesystem;

std::vector<SourceFile> files_in(const std::string& folder,
                                 const std::vector<std::string>& endings) {
  const fs::path root = MODELKEEP_SOURCE_DIR;
  std::vector<SourceFile> found;
  if (!fs::exists(root / folder)) return found;
  for (auto entry = fs::recursive_directory_iterator(root / folder); entry != fs::end(entry);
       ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory() &&
        (name == "node_modules" || name == "dist" || name == "build" || name[0] == '.')) {
      entry.disable_recursion_pending();
      continue;
    }
    const auto ends = [&](const std::string& ending) { return name.ends_with(ending); };
    if (!entry->is_regular_file() || std::none_of(endings.begin(), endings.end(), ends)) continue;
    SourceFile file{fs::relative(entry->path(), root).string(), {}};
    std::ifstream in(entry->path());
    for (std::string line; std::getline(in, line);) file.lines.push_back(line);
    found.push_back(std::move(file));
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return found;
}

std::vector<SourceFile> all_sources() {
  std::vector<SourceFile> all;
  for (const char* folder : {"backend", "cli", "tests", "bench"}) {
    auto part = files_in(folder, {".h", ".cpp"});
    std::move(part.begin(), part.end(), std::back_inserter(all));
  }
  return all;
}

std::string room_of(const SourceFile& file) {
  if (file.path.starts_with("cli/")) return "cli";
  const std::string prefix = "backend/";
  if (!file.path.starts_with(prefix)) return "";
  const auto end = file.path.find('/', prefix.size());
  return end == std::string::npos ? "main" : file.path.substr(prefix.size(), end - prefix.size());
}

}  // namespace modelkeep::tidy
