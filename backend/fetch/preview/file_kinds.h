#pragma once
// What a file of a repo is for, told by its name alone: no byte of it has been fetched yet. Pure
// functions over tables.
#include <cstdint>
#include <string_view>

namespace modelkeep::fetch {

enum class FileKind : std::uint8_t { weights, config, tokenizer, docs, other };
std::string_view text(FileKind kind);

struct FileNature {
  FileKind kind = FileKind::other;
  std::string_view format{};  ///< Of weights and their indexes: "safetensors", "pytorch", ...
};
FileNature nature_of(std::string_view path);

/// "onnx/model.onnx" is "onnx" and "model.onnx"; a file at the top has an empty folder.
std::string_view folder_of(std::string_view path);
std::string_view name_of(std::string_view path);

}  // namespace modelkeep::fetch
