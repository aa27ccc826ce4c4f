#pragma once
// The one word for the weights that a model comes in.
#include <string>
#include <string_view>
#include <vector>

namespace modelkeep::fetch {

/// safetensors, gguf, pytorch, onnx, keras, flax or tensorflow, by the files' names and in that
/// order when there are several; empty when there is none.
std::string_view model_format(const std::vector<std::string>& paths);

}  // namespace modelkeep::fetch
