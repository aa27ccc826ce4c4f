#pragma once
// The GGUF files of a repo as its reader thinks of them: one quantization of a model is one choice,
// however many pieces it has. Pure.
#include <string>
#include <vector>

namespace modelkeep::fetch {

struct Quant {
  std::string name{};                ///< "Q4_K_M", or what is left of the file's name.
  std::string pattern{};             ///< Selects its files and no others of the repo.
  std::vector<std::size_t> files{};  ///< Indexes in `paths`.
};

/// In the order of their first files. A projector ("mmproj") belongs to no quant.
std::vector<Quant> find_quants(const std::vector<std::string>& paths);

}  // namespace modelkeep::fetch
