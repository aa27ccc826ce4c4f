#include "tests/hub/weights.h"

#include <algorithm>

#include "base/json.h"
#include "tests/hub/little_endian.h"

namespace modelkeep::standin {
namespace {

std::string_view dtype_name(Precision precision) {
  switch (precision) {
    case Precision::f16:
      return "F16";
    case Precision::bf16:
      return "BF16";
    case Precision::f32:
      break;
  }
  return "F32";
}

}  // namespace

std::uint64_t element_count(const Tensor& tensor) {
  std::uint64_t count = 1;
  for (const std::uint64_t side : tensor.shape) count *= side;
  return count;
}

std::uint64_t element_count(const std::vector<Tensor>& tensors) {
  std::uint64_t count = 0;
  for (const Tensor& tensor : tensors) count += element_count(tensor);
  return count;
}

std::vector<Tensor> tensors_of(const Architecture& architecture) {
  const std::uint64_t width = architecture.width;
  std::vector<Tensor> tensors;
  tensors.push_back({architecture.embedding_name, {architecture.vocabulary, width}});
  for (std::uint64_t layer = 0; layer < architecture.layers; ++layer) {
    const std::string at = architecture.layer_prefix + std::to_string(layer) + '.';
    for (const char* part : {"query", "key", "value", "output"}) {
      tensors.push_back({at + "attention." + part + ".weight", {width, width}});
      tensors.push_back({at + "attention." + part + ".bias", {width}});
    }
    tensors.push_back({at + "mlp.up.weight", {4 * width, width}});
    tensors.push_back({at + "mlp.down.weight", {width, 4 * width}});
    tensors.push_back({at + "norm.weight", {width}});
  }
  return tensors;
}

Content safetensors_content(const std::vector<Tensor>& tensors, Precision precision,
                            std::uint64_t seed) {
  const std::uint64_t element_bytes = precision == Precision::f32 ? 4 : 2;
  json::Writer header;
  header.begin_object();
  header.key("__metadata__").begin_object().member("format", "pt").end_object();
  std::uint64_t end = 0;
  for (const Tensor& tensor : tensors) {
    const std::uint64_t begin = end;
    end += element_count(tensor) * element_bytes;
    header.key(tensor.name).begin_object().member("dtype", dtype_name(precision));
    header.key("shape").begin_array();
    for (const std::uint64_t side : tensor.shape) header.value(side);
    header.end_array().key("data_offsets").begin_array().value(begin).value(end).end_array();
    header.end_object();
  }
  std::string text = header.end_object().take();
  // Readers map the file: the data begin at a multiple of eight.
  text.append((8 - text.size() % 8) % 8, ' ');
  std::string head;
  put_le(head, std::uint64_t{text.size()});
  return Content::text(head + text)
      .append_generated(seed, end, precision == Precision::f32 ? Grain::float32 : Grain::half);
}

}  // namespace modelkeep::standin
