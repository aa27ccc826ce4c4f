#pragma once
// What a revision holds, read from the Hub's JSON. The text is a stranger's: everything that names,
// sizes or identifies a file is checked here; whether its path may be created is
// storage/file_path.h's to say.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace modelkeep::upstream {

constexpr std::size_t kFilesMax = 100'000;
constexpr std::uint64_t kTotalBytesMax = std::uint64_t{1}
                                         << 53;  // What JSON's readers can count exactly.

struct File {
  std::string path{};
  std::uint64_t size_bytes = 0;
  std::string git_oid{};  // The git blob id; of an LFS file, of its pointer.
  std::string sha256{};   // Of LFS files only.
  bool is_lfs = false;
};

struct ModelInfo {
  std::string canonical_name{};
  std::string commit{};
  std::string task{};
  std::string library{};
  std::string license{};
  std::string gated{};  // "", "auto" or "manual"
  std::vector<std::string> tags{};
};

struct Manifest {
  ModelInfo info{};
  std::vector<File> files{};
};

Result<ModelInfo> parse_model_info(std::string_view json);

/// Appends one page of a tree to `manifest.files`. upstream_manifest_rejected when a limit is
/// passed, a size is none, or a file has no digest to check it by.
Result<> add_tree_page(std::string_view json, Manifest& manifest);

}  // namespace modelkeep::upstream
