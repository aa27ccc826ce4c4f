#pragma once
// Weights in the formats that real repositories hold them in: safetensors, GGUF and torch's zip
// archive, with valid headers and generated numbers. Pure functions; for catalogs and tests.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/hub/content.h"

namespace modelkeep::standin {

struct Tensor {
  std::string name;
  std::vector<std::uint64_t> shape;
};

std::uint64_t element_count(const Tensor& tensor);
std::uint64_t element_count(const std::vector<Tensor>& tensors);

/// The tensors of a small transformer under the names of its family: `layer_prefix` is
/// "bert.encoder.layer." or "model.layers." and so on.
struct Architecture {
  std::string embedding_name;
  std::string layer_prefix;
  std::uint64_t vocabulary = 1000;
  std::uint64_t width = 64;
  std::uint64_t layers = 2;
};
std::vector<Tensor> tensors_of(const Architecture& architecture);

enum class Precision : std::uint8_t { f32, f16, bf16 };
Content safetensors_content(const std::vector<Tensor>& tensors, Precision precision,
                            std::uint64_t seed);

/// How llama.cpp stores a block of weights.
enum class Quant : std::uint8_t { f16, q8_0, q4_0, q4_k };
struct GgufModel {
  std::string name;
  Architecture architecture;
  Quant quant = Quant::q8_0;
};
Content gguf_content(const GgufModel& model, std::uint64_t seed);

/// A `torch.save`d state dict: a stored zip with a pickle of an OrderedDict of float tensors.
Content torch_content(const std::vector<Tensor>& tensors, std::uint64_t seed);

}  // namespace modelkeep::standin
