// Lists of files as real repositories have them: what is left out of each, and by which patterns.
#include "fetch/preview/same_weights.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/patterns.h"

namespace modelkeep::fetch {
namespace {

using Paths = std::vector<std::string>;

struct Case {
  const char* what;
  Paths kept;
  Paths left_out;
  Paths patterns;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {"a classic with every framework",
       {".gitattributes", "README.md", "config.json", "model.safetensors", "tokenizer.json",
        "vocab.txt"},
       {"pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "rust_model.ot",
        "coreml/fill-mask/float32_model.mlpackage/Data/com.apple.CoreML/model.mlmodel",
        "coreml/fill-mask/float32_model.mlpackage/Manifest.json", "model.onnx"},
       {"*.bin", "*.h5", "*.msgpack", "*.ot", "coreml/*", "*.onnx"}},
      {"sharded twice",
       {"config.json", "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        "model.safetensors.index.json"},
       {"pytorch_model-00001-of-00003.bin", "pytorch_model-00002-of-00003.bin",
        "pytorch_model-00003-of-00003.bin", "pytorch_model.bin.index.json"},
       {"*.bin", "*.bin.index.json"}},
      {"only pickles and what was made of them",
       {"config.json", "pytorch_model.bin"},
       {"tf_model.h5", "flax_model.msgpack"},
       {"*.h5", "*.msgpack"}},
      {"only pickles", {"config.json", "pytorch_model.bin", "training_args.bin"}, {}, {}},
      {"a sentence encoder whose second layer is a pickle alone",
       {"1_Pooling/config.json", "2_Dense/pytorch_model.bin", "model.safetensors", "modules.json"},
       {"pytorch_model.bin", "onnx/model.onnx", "onnx/model_O2.onnx", "openvino/openvino_model.bin",
        "openvino/openvino_model.xml"},
       {"pytorch_model.bin", "onnx/*", "openvino/*"}},
      {"a second layer in both",
       {"2_Dense/model.safetensors", "model.safetensors"},
       {"2_Dense/pytorch_model.bin", "pytorch_model.bin"},
       {"*.bin"}},
      {"diffusers",
       {"model_index.json", "safety_checker/model.safetensors", "scheduler/config.json",
        "text_encoder/model.safetensors", "unet/diffusion_pytorch_model.fp16.safetensors",
        "unet/diffusion_pytorch_model.safetensors", "v1-5-pruned.safetensors",
        "vae/diffusion_pytorch_model.safetensors"},
       {"safety_checker/pytorch_model.bin", "text_encoder/pytorch_model.bin",
        "unet/diffusion_pytorch_model.bin", "unet/diffusion_pytorch_model.fp16.bin",
        "unet/diffusion_flax_model.msgpack", "v1-5-pruned.ckpt", "vae/diffusion_pytorch_model.bin"},
       {"*.bin", "*.msgpack", "*.ckpt"}},
      {"a variant that is only a pickle",
       {"unet/diffusion_pytorch_model.non_ema.bin", "unet/diffusion_pytorch_model.safetensors"},
       {"unet/diffusion_pytorch_model.bin"},
       {"unet/diffusion_pytorch_model.bin"}},
      {"pieces of one pipeline, each in its own format",
       {"campplus.onnx", "flow.pt", "hift.pt", "llm.pt", "speech_tokenizer_v2.onnx",
        "BlankEN/model.safetensors", "BlankEN/config.json"},
       {},
       {}},
      {"pieces of which some come twice",
       {"conds.pt", "s3gen.safetensors", "ve.safetensors", "tokenizer.json"},
       {"s3gen.pt", "ve.pt"},
       {"s3gen.pt", "ve.pt"}},
      {"the maker's own layout beside the usual one",
       {"config.json", "model-00001-of-00001.safetensors", "tokenizer.json"},
       {"original/consolidated.00.pth", "original/params.json", "original/tokenizer.model"},
       {"original/*"}},
      {"one file for its maker's loader",
       {"config.json", "model-00001-of-00003.safetensors", "params.json", "tekken.json"},
       {"consolidated.safetensors"},
       {"consolidated.safetensors"}},
      {"only the maker's layout", {"consolidated.safetensors", "params.json"}, {}, {}},
      {"exports without the weights they came from",
       {"config.json", "onnx/model.onnx", "onnx/model_quantized.onnx", "tokenizer.json"},
       {},
       {}},
      {"an adapter",
       {"adapter_config.json", "adapter_model.safetensors", "onnx/model.onnx"},
       {"adapter_model.bin"},
       {"*.bin"}},
      {"quants beside the full weights",
       {"model.safetensors", "tiny.Q4_K_M.gguf", "tiny.Q8_0.gguf"},
       {"pytorch_model.bin"},
       {"*.bin"}},
      {"weights beside the state of their training",
       {"model.safetensors", "optimizer.pt", "scheduler.pt", "training_args.bin"},
       {"pytorch_model.bin"},
       {"pytorch_model.bin"}},
      {"a TensorFlow checkpoint",
       {"bert_config.json", "model.safetensors"},
       {"model.ckpt.data-00000-of-00001", "model.ckpt.index", "model.ckpt.meta"},
       {"*.data-00000-of-00001", "*.index", "*.meta"}},
      {"names with marks of their own",
       {"a[1]/model.safetensors", "b/pytorch_model.bin"},
       {"a[1]/pytorch_model.bin"},
       {"a[[]1]/*.bin"}},
      {"no weights at all", {"README.md", "config.json"}, {}, {}},
      {"nothing", {}, {}, {}},
  };
  return kCases;
}

Paths paths_of(const Case& one) {
  Paths paths = one.kept;
  paths.insert(paths.end(), one.left_out.begin(), one.left_out.end());
  return paths;
}

TEST(SameWeights, leave_out_what_a_better_format_has) {
  for (const Case& one : cases()) {
    const Paths paths = paths_of(one);
    Paths found;
    for (const Duplicate& duplicate : find_duplicates(paths)) {
      found.push_back(paths[duplicate.file]);
      EXPECT_FALSE(duplicate.format.empty()) << one.what;
      EXPECT_FALSE(duplicate.duplicate_of.empty()) << one.what;
    }
    EXPECT_EQ(found, one.left_out) << one.what;
  }
}

TEST(SameWeights, are_named_by_few_patterns_that_touch_nothing_else) {
  for (const Case& one : cases()) {
    const Paths paths = paths_of(one);
    std::vector<bool> left_out(paths.size(), false);
    std::fill(left_out.begin() + static_cast<std::ptrdiff_t>(one.kept.size()), left_out.end(),
              true);
    const Paths patterns = patterns_for(paths, left_out);
    EXPECT_EQ(patterns, one.patterns) << one.what;
    for (std::size_t i = 0; i < paths.size(); ++i)
      EXPECT_EQ(is_wanted(paths[i], {}, patterns), !left_out[i]) << one.what << ": " << paths[i];
  }
}

TEST(SameWeights, say_which_format_is_taken_instead) {
  const auto of_safetensors = find_duplicates({"model.safetensors", "pytorch_model.bin"});
  ASSERT_EQ(of_safetensors.size(), 1U);
  EXPECT_EQ(of_safetensors[0].format, "pytorch");
  EXPECT_EQ(of_safetensors[0].duplicate_of, "safetensors");
  const auto of_pytorch = find_duplicates({"pytorch_model.bin", "tf_model.h5"});
  ASSERT_EQ(of_pytorch.size(), 1U);
  EXPECT_EQ(of_pytorch[0].format, "keras");
  EXPECT_EQ(of_pytorch[0].duplicate_of, "pytorch");
}

TEST(LiteralPattern, matches_its_own_path_alone) {
  for (const char* path : {"a*b", "a?b", "a[b]c", "[!x]", "plain.bin", "a]b"}) {
    EXPECT_TRUE(matches_pattern(literal_pattern(path), path)) << path;
  }
  EXPECT_FALSE(matches_pattern(literal_pattern("a*b"), "axb"));
  EXPECT_FALSE(matches_pattern(literal_pattern("a[b]c"), "abc"));
}

}  // namespace
}  // namespace modelkeep::fetch
