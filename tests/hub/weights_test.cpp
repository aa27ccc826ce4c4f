#include "tests/hub/weights.h"

#include <string>

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/hub/little_endian.h"

namespace modelkeep::standin {
namespace {

const Architecture kShape{"embed.weight", "layers.", 256, 256, 1};

json::Document safetensors_header(const std::string& bytes) {
  json::Limits limits;
  limits.bytes = 1 << 20;
  const auto size = get_le<std::uint64_t>(bytes, 0);
  return json::Document::parse(std::string_view{bytes}.substr(8, size), limits).value();
}

TEST(Safetensors, header_names_every_byte_of_the_file) {
  const std::vector<Tensor> tensors = tensors_of(kShape);
  const std::string bytes = safetensors_content(tensors, Precision::f32, 1).all();
  const json::Document header = safetensors_header(bytes);
  std::uint64_t expected_begin = 0;
  for (const Tensor& tensor : tensors) {
    const json::Value entry = header.root()[tensor.name];
    const json::Value offsets = entry["data_offsets"];
    EXPECT_EQ(entry["dtype"].as_string(), "F32");
    EXPECT_EQ(offsets[0].as_uint(), expected_begin);
    expected_begin += element_count(tensor) * 4;
    EXPECT_EQ(offsets[1].as_uint(), expected_begin);
  }
  EXPECT_EQ(8 + get_le<std::uint64_t>(bytes, 0) + expected_begin, bytes.size());
}

TEST(Safetensors, data_begin_at_a_multiple_of_eight) {
  for (std::uint64_t layers = 0; layers < 9; ++layers) {
    Architecture shape = kShape;
    shape.layers = layers;
    std::string head(8, '\0');
    safetensors_content(tensors_of(shape), Precision::bf16, 1).read(0, head);
    EXPECT_EQ(get_le<std::uint64_t>(head, 0) % 8, 0U);
  }
}

TEST(Gguf, says_magic_version_and_counts) {
  const std::string bytes = gguf_content({"Tiny", kShape, Quant::q4_k}, 1).all();
  EXPECT_EQ(bytes.substr(0, 4), "GGUF");
  EXPECT_EQ(get_le<std::uint32_t>(bytes, 4), 3U);
  EXPECT_EQ(get_le<std::uint64_t>(bytes, 8), 7U);    // matrices
  EXPECT_EQ(get_le<std::uint64_t>(bytes, 16), 15U);  // metadata
  EXPECT_NE(bytes.find("general.architecture"), std::string::npos);
}

TEST(Gguf, is_as_large_as_its_blocks) {
  const std::uint64_t elements = 256 * 256 * 5 + 2 * 4 * 256 * 256;
  const std::uint64_t q4_k = gguf_content({"T", kShape, Quant::q4_k}, 1).size();
  const std::uint64_t q8_0 = gguf_content({"T", kShape, Quant::q8_0}, 1).size();
  EXPECT_EQ(q8_0 - q4_k, elements / 32 * 34 - elements / 256 * 144);
}

// Walks the local headers; what torch maps must lie at multiples of 64.
TEST(Torch, is_a_stored_zip_whose_members_are_aligned_and_whole) {
  const std::vector<Tensor> tensors = tensors_of({"embed.weight", "layers.", 100, 16, 1});
  const std::string bytes = torch_content(tensors, 1).all();
  std::size_t at = 0;
  std::size_t members = 0;
  while (get_le<std::uint32_t>(bytes, at) == 0x04034b50) {
    const auto method = get_le<std::uint16_t>(bytes, at + 8);
    const auto crc = get_le<std::uint32_t>(bytes, at + 14);
    const auto size = get_le<std::uint32_t>(bytes, at + 18);
    const std::size_t data =
        at + 30U + get_le<std::uint16_t>(bytes, at + 26) + get_le<std::uint16_t>(bytes, at + 28);
    EXPECT_EQ(method, 0);
    EXPECT_EQ(data % 64, 0U);
    EXPECT_EQ(crc, crc32_of(Content::text(bytes.substr(data, size))));
    at = data + size;
    ++members;
  }
  EXPECT_EQ(members, tensors.size() + 3);  // and data.pkl, byteorder, version
  EXPECT_EQ(get_le<std::uint32_t>(bytes, at), 0x02014b50U);
  EXPECT_EQ(get_le<std::uint16_t>(bytes, bytes.size() - 12), members);
}

TEST(Torch, pickle_is_protocol_two_and_names_nothing_but_tensors) {
  const std::string bytes = torch_content(tensors_of(kShape), 1).all();
  const auto begin = bytes.find("\x80\x02");
  ASSERT_NE(begin, std::string::npos);
  EXPECT_NE(bytes.find("ctorch._utils\n_rebuild_tensor_v2\n", begin), std::string::npos);
  EXPECT_NE(bytes.find("ccollections\nOrderedDict\n", begin), std::string::npos);
  EXPECT_EQ(bytes.find("cos\n"), std::string::npos);
  EXPECT_EQ(bytes.find("builtins"), std::string::npos);
}

}  // namespace
}  // namespace modelkeep::standin
