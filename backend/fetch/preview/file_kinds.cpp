#include "fetch/preview/file_kinds.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace modelkeep::fetch {
namespace {

struct Ending {
  std::string_view ending;
  std::string_view format;
};

// A longer ending stands before a shorter one that it contains.
constexpr std::array kWeights = {
    Ending{".safetensors", "safetensors"},
    Ending{".gguf", "gguf"},
    Ending{".ggml", "gguf"},
    Ending{".onnx", "onnx"},
    Ending{".onnx_data", "onnx"},
    Ending{".onnx.data", "onnx"},
    Ending{".ort", "onnx"},
    Ending{".ckpt.index", "tensorflow"},
    Ending{".ckpt.meta", "tensorflow"},
    Ending{".pb", "tensorflow"},
    Ending{".tflite", "tensorflow"},
    Ending{".h5", "keras"},
    Ending{".keras", "keras"},
    Ending{".msgpack", "flax"},
    Ending{".ot", "rust"},
    Ending{".mlmodel", "coreml"},
    Ending{".nemo", "nemo"},
    Ending{".pdparams", "paddle"},
    Ending{".npz", "numpy"},
    Ending{".pte", "executorch"},
    Ending{".engine", "tensorrt"},
    Ending{".bin", "pytorch"},
    Ending{".pt", "pytorch"},
    Ending{".pth", "pytorch"},
    Ending{".ckpt", "pytorch"},
};

// What a training run leaves behind beside its weights, in files that end as weights do.
constexpr std::array<std::string_view, 6> kTrainingState = {
    "training_args.", "optimizer.", "scheduler.", "rng_state", "scaler.", "random_states"};

constexpr std::array<std::string_view, 15> kTokenizerNames = {
    "vocab.json",  "vocab.txt",       "merges.txt",
    "vocab.bpe",   "encoder.json",    "special_tokens_map.json",
    "tekken.json", "source.spm",      "added_tokens.json",
    "target.spm",  "normalizer.json", "sentencepiece.bpe.model",
    "bpe.codes",   "spiece.model",    "dict.txt"};

constexpr std::array<std::string_view, 7> kDocNames = {
    "readme", "license", "licence", "notice", "use_policy", "citation", "changelog"};
constexpr std::array<std::string_view, 10> kDocEndings = {".md",   ".txt", ".pdf", ".png",  ".jpg",
                                                          ".jpeg", ".gif", ".svg", ".webp", ".rst"};
constexpr std::array<std::string_view, 6> kConfigEndings = {".json", ".yaml", ".yml",
                                                            ".toml", ".ini",  ".cfg"};

template <std::size_t N>
bool ends_with_any(std::string_view text, const std::array<std::string_view, N>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [text](std::string_view ending) { return text.ends_with(ending); });
}

template <std::size_t N>
bool starts_with_any(std::string_view text, const std::array<std::string_view, N>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [text](std::string_view beginning) { return text.starts_with(beginning); });
}

bool is_tokenizer(std::string_view name) {
  if (name.starts_with("tokenizer") || name.starts_with("chat_template")) return true;
  return std::find(kTokenizerNames.begin(), kTokenizerNames.end(), name) != kTokenizerNames.end() ||
         name.ends_with(".tiktoken") || name.ends_with(".jinja");
}

bool is_openvino(std::string_view path, std::string_view name) {
  if (!name.ends_with(".bin") && !name.ends_with(".xml")) return false;
  return name.starts_with("openvino") || path.find("openvino/") != std::string_view::npos;
}

/// Empty when the name is not that of weights.
std::string_view weights_format(std::string_view path, std::string_view name) {
  constexpr std::string_view kIndex = ".index.json";
  if (name.ends_with(kIndex)) {
    const std::string_view indexed = name.substr(0, name.size() - kIndex.size());
    return weights_format(path.substr(0, path.size() - kIndex.size()), indexed);
  }
  if (starts_with_any(name, kTrainingState)) return {};
  if (is_openvino(path, name)) return "openvino";
  if (path.find(".mlpackage/") != std::string_view::npos ||
      path.find(".mlmodelc/") != std::string_view::npos) {
    return "coreml";
  }
  if (name.find(".ckpt.data-") != std::string_view::npos || name.starts_with("variables.data-"))
    return "tensorflow";
  const auto* const found =
      std::find_if(kWeights.begin(), kWeights.end(),
                   [name](const Ending& row) { return name.ends_with(row.ending); });
  return found == kWeights.end() ? std::string_view() : found->format;
}

}  // namespace

std::string_view text(FileKind kind) {
  constexpr std::array<std::string_view, 5> kWords = {"weights", "config", "tokenizer", "docs",
                                                      "other"};
  return kWords.at(static_cast<std::size_t>(kind));
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

FileNature nature_of(std::string_view path) {
  const std::string lowered = lower_ascii(path);
  const std::string_view name = name_of(lowered);
  if (is_tokenizer(name)) return {FileKind::tokenizer, {}};
  if (const auto format = weights_format(lowered, name); !format.empty())
    return {FileKind::weights, format};
  if (name.starts_with("trainer_state") || name == "all_results.json") return {};
  if (starts_with_any(name, kDocNames) || ends_with_any(name, kDocEndings))
    return {FileKind::docs, {}};
  if (ends_with_any(name, kConfigEndings)) return {FileKind::config, {}};
  return {};
}

}  // namespace modelkeep::fetch
