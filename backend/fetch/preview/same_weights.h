#pragma once
// Which files of a repo hold weights that it also has in a better format, and the patterns that
// leave them out. Pure: they see paths. What is not surely a duplicate is none, since a model that
// lacks a file is worse than one that is larger than it must be.
#include <string>
#include <vector>

namespace modelkeep::fetch {

struct Duplicate {
  std::size_t file = 0;        ///< Its index in `paths`.
  std::string format{};        ///< What it is: "pytorch", "onnx", "original", ...
  std::string duplicate_of{};  ///< What a reader would take instead: "safetensors" or "pytorch".
};

/// In the order of `paths`. An index of weights goes with its weights.
std::vector<Duplicate> find_duplicates(const std::vector<std::string>& paths);

/// Few patterns that together match every path of `left_out` and no other of `paths`.
std::vector<std::string> patterns_for(const std::vector<std::string>& paths,
                                      const std::vector<bool>& left_out);

/// A pattern that matches this path and nothing else.
std::string literal_pattern(std::string_view path);

}  // namespace modelkeep::fetch
