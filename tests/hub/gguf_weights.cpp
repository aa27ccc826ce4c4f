// GGUF version 3: magic, counts, typed metadata, tensor table, then data aligned to 32 bytes.
#include <array>
#include <string>
#include <string_view>

#include "tests/hub/little_endian.h"
#include "tests/hub/weights.h"

namespace modelkeep::standin {
namespace {

constexpr std::uint32_t kVersion = 3;
constexpr std::uint64_t kAlignment = 32;
enum ValueType : std::uint32_t { kUint32 = 4, kFloat32 = 6, kString = 8, kArray = 9, kInt32 = 5 };

struct QuantFacts {
  std::uint32_t tensor_type;  // ggml_type
  std::uint32_t file_type;    // general.file_type
  std::uint64_t block_elements;
  std::uint64_t block_bytes;
};

QuantFacts facts_of(Quant quant) {
  switch (quant) {
    case Quant::f16:
      return {1, 1, 1, 2};
    case Quant::q4_0:
      return {2, 2, 32, 18};
    case Quant::q4_k:
      return {12, 15, 256, 144};
    case Quant::q8_0:
      break;
  }
  return {8, 7, 32, 34};
}

void put_string(std::string& out, std::string_view text) {
  put_le(out, std::uint64_t{text.size()});
  out += text;
}

void put_key(std::string& out, std::string_view key, ValueType type) {
  put_string(out, key);
  put_le(out, static_cast<std::uint32_t>(type));
}

struct Metadata {
  std::string bytes;
  std::uint64_t count = 0;

  void text(std::string_view key, std::string_view value) {
    put_key(bytes, key, kString);
    put_string(bytes, value);
    ++count;
  }
  void number(std::string_view key, std::uint64_t value) {
    put_key(bytes, key, kUint32);
    put_le(bytes, static_cast<std::uint32_t>(value));
    ++count;
  }
  void begin_array(std::string_view key, ValueType type, std::uint64_t length) {
    put_key(bytes, key, kArray);
    put_le(bytes, static_cast<std::uint32_t>(type));
    put_le(bytes, length);
    ++count;
  }
};

Metadata metadata_of(const GgufModel& model) {
  const Architecture& shape = model.architecture;
  Metadata out;
  out.text("general.architecture", "llama");
  out.text("general.name", model.name);
  out.number("general.file_type", facts_of(model.quant).file_type);
  out.number("general.quantization_version", 2);
  out.number("llama.context_length", 2048);
  out.number("llama.embedding_length", shape.width);
  out.number("llama.block_count", shape.layers);
  out.number("llama.feed_forward_length", shape.width * 4);
  out.number("llama.attention.head_count", 4);
  out.number("llama.attention.head_count_kv", 4);
  out.text("tokenizer.ggml.model", "llama");
  out.begin_array("tokenizer.ggml.tokens", kString, shape.vocabulary);
  for (std::uint64_t i = 0; i < shape.vocabulary; ++i) {
    put_string(out.bytes, "token" + std::to_string(i));
  }
  out.begin_array("tokenizer.ggml.token_type", kInt32, shape.vocabulary);
  for (std::uint64_t i = 0; i < shape.vocabulary; ++i) put_le(out.bytes, std::uint32_t{1});
  out.number("tokenizer.ggml.bos_token_id", 1);
  out.number("tokenizer.ggml.eos_token_id", 2);
  return out;
}

// The two-dimensional tensors only: a bias is too small for a quantised block.
std::vector<Tensor> matrices_of(const Architecture& architecture) {
  std::vector<Tensor> matrices;
  for (Tensor& tensor : tensors_of(architecture)) {
    if (tensor.shape.size() == 2) matrices.push_back(std::move(tensor));
  }
  return matrices;
}

void pad(std::string& out) {
  out.append((kAlignment - out.size() % kAlignment) % kAlignment, '\0');
}

}  // namespace

Content gguf_content(const GgufModel& model, std::uint64_t seed) {
  const QuantFacts facts = facts_of(model.quant);
  const std::vector<Tensor> tensors = matrices_of(model.architecture);
  const Metadata metadata = metadata_of(model);
  std::string head = "GGUF";
  put_le(head, kVersion);
  put_le(head, std::uint64_t{tensors.size()});
  put_le(head, metadata.count);
  head += metadata.bytes;
  std::uint64_t end = 0;
  for (const Tensor& tensor : tensors) {
    put_string(head, tensor.name);
    put_le(head, static_cast<std::uint32_t>(tensor.shape.size()));
    // ggml counts dimensions from the one that changes fastest.
    for (auto side = tensor.shape.rbegin(); side != tensor.shape.rend(); ++side) {
      put_le(head, *side);
    }
    put_le(head, facts.tensor_type);
    put_le(head, end);
    end += element_count(tensor) / facts.block_elements * facts.block_bytes;
    end += (kAlignment - end % kAlignment) % kAlignment;
  }
  pad(head);
  return Content::text(std::move(head)).append_generated(seed, end);
}

}  // namespace modelkeep::standin
