#include "fetch/preview/quants.h"

#include <gtest/gtest.h>

#include "base/patterns.h"

namespace modelkeep::fetch {
namespace {

using Paths = std::vector<std::string>;

struct Row {
  const char* name;
  const char* pattern;
  std::size_t files;
};
struct Case {
  const char* what;
  Paths paths;
  std::vector<Row> quants;
};

TEST(Quants, are_one_choice_each_with_a_pattern_that_selects_it) {
  const std::vector<Case> cases = {
      {"one file each",
       {"README.md", "tinyllama-1.1b-chat-v1.0.Q2_K.gguf", "tinyllama-1.1b-chat-v1.0.Q4_K_M.gguf",
        "tinyllama-1.1b-chat-v1.0.Q8_0.gguf"},
       {{"Q2_K", "*Q2_K*", 1}, {"Q4_K_M", "*Q4_K_M*", 1}, {"Q8_0", "*Q8_0*", 1}}},
      {"a name that begins another",
       {"m-Q3_K.gguf", "m-Q3_K_L.gguf"},
       {{"Q3_K", "m-Q3_K.gguf", 1}, {"Q3_K_L", "*Q3_K_L*", 1}}},
      {"in pieces",
       {"m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00002-of-00002.gguf", "m-Q8_0.gguf"},
       {{"Q4_K_M", "*Q4_K_M*", 2}, {"Q8_0", "*Q8_0*", 1}}},
      {"a folder each",
       {"BF16/m-BF16-00001-of-00002.gguf", "BF16/m-BF16-00002-of-00002.gguf",
        "UD-Q4_K_XL/m-UD-Q4_K_XL.gguf", "Q4_K_M/m-Q4_K_M.gguf"},
       {{"BF16", "*BF16*", 2}, {"UD-Q4_K_XL", "*UD-Q4_K_XL*", 1}, {"Q4_K_M", "*Q4_K_M*", 1}}},
      {"the name in the folder only",
       {"IQ2_XXS/part-00001-of-00002.gguf", "IQ2_XXS/part-00002-of-00002.gguf"},
       {{"IQ2_XXS", "*IQ2_XXS*", 2}}},
      {"in lower case",
       {"qwen2.5-7b-instruct-q4_0.gguf", "qwen2.5-7b-instruct-fp16-00001-of-00002.gguf",
        "qwen2.5-7b-instruct-fp16-00002-of-00002.gguf"},
       {{"Q4_0", "*q4_0*", 1}, {"FP16", "*fp16*", 2}}},
      {"two models of the same quant",
       {"big-Q4_0.gguf", "small-Q4_0.gguf"},
       {{"Q4_0", "big-Q4_0.gguf", 1}, {"Q4_0", "small-Q4_0.gguf", 1}}},
      {"two in pieces of the same quant",
       {"big-Q4_0-00001-of-00002.gguf", "big-Q4_0-00002-of-00002.gguf", "small-Q4_0.gguf"},
       {{"Q4_0", "big-Q4_0-????\?-of-????\?.gguf", 2}, {"Q4_0", "small-Q4_0.gguf", 1}}},
      {"a projector and a matrix beside it",
       {"m-Q4_K_M.gguf", "mmproj-m-f16.gguf", "m-imatrix.gguf"},
       {{"Q4_K_M", "*Q4_K_M*", 1}}},
      {"other schemes",
       {"m-TQ1_0.gguf", "m-MXFP4_MOE.gguf", "m.IQ4_NL.gguf"},
       {{"TQ1_0", "*TQ1_0*", 1}, {"MXFP4_MOE", "*MXFP4_MOE*", 1}, {"IQ4_NL", "*IQ4_NL*", 1}}},
      {"no scheme in the name", {"ggml-vocab.gguf"}, {{"ggml-vocab", "ggml-vocab.gguf", 1}}},
      {"none", {"model.safetensors", "Q4_K_M.txt"}, {}},
  };
  for (const Case& one : cases) {
    const auto quants = find_quants(one.paths);
    ASSERT_EQ(quants.size(), one.quants.size()) << one.what;
    for (std::size_t i = 0; i < quants.size(); ++i) {
      EXPECT_EQ(quants[i].name, one.quants[i].name) << one.what;
      EXPECT_EQ(quants[i].pattern, one.quants[i].pattern) << one.what;
      EXPECT_EQ(quants[i].files.size(), one.quants[i].files) << one.what;
    }
  }
}

}  // namespace
}  // namespace modelkeep::fetch
