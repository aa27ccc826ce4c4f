#include "fetch/preview/file_kinds.h"

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

TEST(FileKinds, are_told_by_the_name) {
  struct Row {
    const char* path;
    FileKind kind;
    const char* format;
  };
  constexpr Row kRows[] = {
      {"model.safetensors", FileKind::weights, "safetensors"},
      {"MODEL.SAFETENSORS", FileKind::weights, "safetensors"},
      {"model-00001-of-00002.safetensors", FileKind::weights, "safetensors"},
      {"model.safetensors.index.json", FileKind::weights, "safetensors"},
      {"pytorch_model.bin", FileKind::weights, "pytorch"},
      {"pytorch_model.bin.index.json", FileKind::weights, "pytorch"},
      {"original/consolidated.00.pth", FileKind::weights, "pytorch"},
      {"v1-5-pruned.ckpt", FileKind::weights, "pytorch"},
      {"tf_model.h5", FileKind::weights, "keras"},
      {"flax_model.msgpack", FileKind::weights, "flax"},
      {"rust_model.ot", FileKind::weights, "rust"},
      {"onnx/model_q4f16.onnx", FileKind::weights, "onnx"},
      {"onnx/model.onnx_data", FileKind::weights, "onnx"},
      {"openvino/openvino_model.bin", FileKind::weights, "openvino"},
      {"openvino/openvino_model.xml", FileKind::weights, "openvino"},
      {"openvino_model.bin", FileKind::weights, "openvino"},
      {"coreml/text.mlpackage/Data/weight.bin", FileKind::weights, "coreml"},
      {"model.ckpt.data-00000-of-00001", FileKind::weights, "tensorflow"},
      {"model.ckpt.index", FileKind::weights, "tensorflow"},
      {"variables/variables.data-00000-of-00001", FileKind::weights, "tensorflow"},
      {"64.tflite", FileKind::weights, "tensorflow"},
      {"tiny.Q4_K_M.gguf", FileKind::weights, "gguf"},
      {"training_args.bin", FileKind::other, ""},
      {"checkpoint-10/optimizer.pt", FileKind::other, ""},
      {"checkpoint-10/rng_state_0.pth", FileKind::other, ""},
      {"config.json", FileKind::config, ""},
      {"unet/config.json", FileKind::config, ""},
      {"generation_config.json", FileKind::config, ""},
      {"params.yaml", FileKind::config, ""},
      {"tokenizer.json", FileKind::tokenizer, ""},
      {"tokenizer.model", FileKind::tokenizer, ""},
      {"spiece.model", FileKind::tokenizer, ""},
      {"vocab.txt", FileKind::tokenizer, ""},
      {"merges.txt", FileKind::tokenizer, ""},
      {"chat_template.jinja", FileKind::tokenizer, ""},
      {"qwen.tiktoken", FileKind::tokenizer, ""},
      {"README.md", FileKind::docs, ""},
      {"LICENSE", FileKind::docs, ""},
      {"USE_POLICY.md", FileKind::docs, ""},
      {"images/plot.PNG", FileKind::docs, ""},
      {".gitattributes", FileKind::other, ""},
      {"modeling_tiny.py", FileKind::other, ""},
      {"trainer_state.json", FileKind::other, ""},
      {"data.jsonl", FileKind::other, ""},
  };
  for (const Row& row : kRows) {
    const FileNature nature = nature_of(row.path);
    EXPECT_EQ(text(nature.kind), text(row.kind)) << row.path;
    EXPECT_EQ(nature.format, row.format) << row.path;
  }
}

TEST(FileKinds, know_folder_and_name) {
  EXPECT_EQ(folder_of("a/b/c.bin"), "a/b");
  EXPECT_EQ(folder_of("c.bin"), "");
  EXPECT_EQ(name_of("a/b/c.bin"), "c.bin");
  EXPECT_EQ(name_of("c.bin"), "c.bin");
}

}  // namespace
}  // namespace modelkeep::fetch
