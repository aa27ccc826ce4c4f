#include "fetch/model_format.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace modelkeep::fetch {
namespace {

struct Ending {
  std::string_view ending;
  std::string_view format;
};

// Formats that load without running code come first: they are what a reader would choose.
constexpr std::array<Ending, 12> kEndings = {{
    {".safetensors", "safetensors"},
    {".gguf", "gguf"},
    {".bin", "pytorch"},
    {".pt", "pytorch"},
    {".pth", "pytorch"},
    {".ckpt", "pytorch"},
    {".onnx", "onnx"},
    {".keras", "keras"},
    {".h5", "keras"},
    {".msgpack", "flax"},
    {".pb", "tensorflow"},
    {".tflite", "tensorflow"},
}};

}  // namespace

std::string_view model_format(const std::vector<std::string>& paths) {
  for (const Ending& row : kEndings) {
    const bool found = std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
      return lower_ascii(path).ends_with(row.ending);
    });
    if (found) return row.format;
  }
  return {};
}

}  // namespace modelkeep::fetch
