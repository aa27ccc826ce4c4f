#include "fetch/preview/same_weights.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string_view>

#include "base/patterns.h"
#include "base/text.h"
#include "fetch/preview/file_kinds.h"

namespace modelkeep::fetch {
namespace {

constexpr std::string_view kSafetensors = "safetensors";
constexpr std::string_view kPytorch = "pytorch";

// Folders that hold a whole second edition of the weights above them.
struct ExportFolder {
  std::string_view name;
  std::string_view format;
};
constexpr std::array kExportFolders = {
    ExportFolder{"onnx", "onnx"},     ExportFolder{"openvino", "openvino"},
    ExportFolder{"coreml", "coreml"}, ExportFolder{"tflite", "tensorflow"},
    ExportFolder{"flax", "flax"},     ExportFolder{"saved_model", "tensorflow"},
    ExportFolder{"metal", "metal"},   ExportFolder{"original", "original"},
};

constexpr std::array<std::string_view, 8> kConversions = {
    "keras", "flax", "tensorflow", "rust", "onnx", "openvino", "coreml", "paddle"};

bool is_conversion(std::string_view format) {
  return std::find(kConversions.begin(), kConversions.end(), format) != kConversions.end();
}

/// The name without what tells the format: "pytorch_model-00001-of-00002.bin", "tf_model.h5" and
/// "model.safetensors.index.json" all have the key "model".
std::string weights_key(std::string_view name) {
  static const std::regex kShard("-[0-9]{3,6}-of-[0-9]{3,6}");
  static const std::regex kFramework("^(tf_|rust_|flax_|openvino_|diffusion_)|pytorch_|flax_");
  static const std::regex kEnding(
      "(\\.ckpt\\.(data-.*|index|meta)|\\.onnx[._]data|\\.[a-z0-9]+)(\\.index\\.json)?$");
  std::string key = std::regex_replace(lower_ascii(name), kEnding, "");
  key = std::regex_replace(key, kShard, "");
  return std::regex_replace(key, kFramework, "");
}

/// Of one folder: which formats there are of which weights.
using Formats = std::set<std::string, std::less<>>;
using Folder = std::map<std::string, Formats, std::less<>>;

std::map<std::string, Folder, std::less<>> weights_by_folder(
    const std::vector<std::string>& paths) {
  std::map<std::string, Folder, std::less<>> folders;
  for (const std::string& path : paths) {
    const FileNature nature = nature_of(path);
    if (nature.kind != FileKind::weights || path.ends_with(".index.json")) continue;
    folders[std::string(folder_of(path))][weights_key(name_of(path))].emplace(nature.format);
  }
  return folders;
}

class Search {
 public:
  explicit Search(const std::vector<std::string>& paths) : folders_(weights_by_folder(paths)) {}

  std::optional<Duplicate> look(std::string_view path) const {
    if (auto found = in_export_folder(path)) return found;
    const FileNature nature = nature_of(path);
    if (nature.kind != FileKind::weights || nature.format == "gguf") return std::nullopt;
    return beside_better(path, nature.format);
  }

 private:
  /// The format that a reader would take out of the folder that holds whole editions.
  std::string_view best_of(std::string_view folder) const {
    const auto found = folders_.find(folder);
    if (found == folders_.end()) return {};
    std::string_view best;
    for (const auto& [key, formats] : found->second) {
      // An adapter is no edition of the model it was made for.
      if (key.starts_with("adapter")) continue;
      if (formats.contains(kSafetensors)) return kSafetensors;
      if (formats.contains(kPytorch)) best = kPytorch;
    }
    return best;
  }

  std::optional<Duplicate> in_export_folder(std::string_view path) const {
    for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
      const std::string_view folder = path.substr(0, end);
      const std::string name = lower_ascii(name_of(folder));
      const auto* const known =
          std::find_if(kExportFolders.begin(), kExportFolders.end(),
                       [&name](const ExportFolder& row) { return row.name == name; });
      if (known == kExportFolders.end()) continue;
      const std::string_view better = best_of(folder_of(folder));
      if (better.empty()) continue;
      return Duplicate{0, std::string(known->format), std::string(better)};
    }
    return std::nullopt;
  }

  std::optional<Duplicate> beside_better(std::string_view path, std::string_view format) const {
    const auto folder = folders_.find(folder_of(path));
    if (folder == folders_.end()) return std::nullopt;
    const std::string key = weights_key(name_of(path));
    // The same release once more, as one file for its maker's own loader.
    const auto sharded = folder->second.find("model");
    if (key == "consolidated" && format == kSafetensors && sharded != folder->second.end() &&
        sharded->second.contains(kSafetensors)) {
      return Duplicate{0, "consolidated", std::string(kSafetensors)};
    }
    const auto same = folder->second.find(key);
    if (same == folder->second.end() || format == kSafetensors) return std::nullopt;
    if (same->second.contains(kSafetensors) && (format == kPytorch || is_conversion(format)))
      return Duplicate{0, std::string(format), std::string(kSafetensors)};
    if (same->second.contains(kPytorch) && is_conversion(format))
      return Duplicate{0, std::string(format), std::string(kPytorch)};
    return std::nullopt;
  }

  std::map<std::string, Folder, std::less<>> folders_;
};

/// From the first dot that begins an ending: ".bin", ".bin.index.json".
std::string_view ending_of(std::string_view path) {
  std::string_view name = name_of(path);
  std::string_view rest = name;
  constexpr std::string_view kIndex = ".index.json";
  if (rest.ends_with(kIndex)) rest.remove_suffix(kIndex.size());
  const auto dot = rest.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot);
}

std::string joined(std::string_view folder, std::string_view rest) {
  return folder.empty() ? std::string(rest) : std::string(folder).append("/").append(rest);
}

class PatternChoice {
 public:
  PatternChoice(const std::vector<std::string>& paths, std::vector<bool> left_out)
      : paths_(paths), wanted_out_(left_out), left_(std::move(left_out)) {}

  std::vector<std::string> choose() {
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (!left_[i]) continue;
      const std::string_view path = paths_[i];
      const bool done = take_folder(path) || take("*", path) || take(literal_folder(path), path);
      if (!done) accept(literal_pattern(path));
    }
    return std::move(chosen_);
  }

 private:
  /// Only paths that are to be left out match it.
  bool is_safe(const std::string& pattern) const {
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (!wanted_out_[i] && matches_pattern(pattern, paths_[i])) return false;
    }
    return true;
  }

  void accept(std::string pattern) {
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      if (left_[i] && matches_pattern(pattern, paths_[i])) left_[i] = false;
    }
    chosen_.push_back(std::move(pattern));
  }

  /// All of the outermost folder of which nothing stays.
  bool take_folder(std::string_view path) {
    for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/', end + 1)) {
      const std::string pattern = literal_pattern(path.substr(0, end)) + "/*";
      if (!is_safe(pattern)) continue;
      accept(pattern);
      return true;
    }
    return false;
  }

  std::string literal_folder(std::string_view path) const {
    return joined(literal_pattern(folder_of(path)), "*");
  }

  bool take(const std::string& beginning, std::string_view path) {
    const std::string_view ending = ending_of(path);
    if (ending.empty()) return false;
    const std::string pattern = beginning + literal_pattern(ending);
    if (!is_safe(pattern)) return false;
    accept(pattern);
    return true;
  }

  const std::vector<std::string>& paths_;
  const std::vector<bool> wanted_out_;
  std::vector<bool> left_;
  std::vector<std::string> chosen_;
};

}  // namespace

std::vector<Duplicate> find_duplicates(const std::vector<std::string>& paths) {
  const Search search(paths);
  std::vector<Duplicate> found;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (auto duplicate = search.look(paths[i])) {
      duplicate->file = i;
      found.push_back(std::move(*duplicate));
    }
  }
  return found;
}

std::vector<std::string> patterns_for(const std::vector<std::string>& paths,
                                      const std::vector<bool>& left_out) {
  return PatternChoice(paths, left_out).choose();
}

std::string literal_pattern(std::string_view path) {
  std::string pattern;
  for (const char c : path) {
    if (c == '*' || c == '?' || c == '[') {
      pattern.append("[").append(1, c).append("]");
    } else {
      pattern += c;
    }
  }
  return pattern;
}

}  // namespace modelkeep::fetch
