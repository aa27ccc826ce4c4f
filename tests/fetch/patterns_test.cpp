#include "base/patterns.h"

#include <gtest/gtest.h>

#include "fetch/model_format.h"

namespace modelkeep::fetch {
namespace {

TEST(Patterns, match_as_the_hubs_client_matches) {
  struct Row {
    const char* pattern;
    const char* path;
    bool expected;
  };
  constexpr Row kRows[] = {
      {"*.json", "config.json", true},
      {"*.json", "sub/config.json", true},
      {"*.json", "config.jsonl", false},
      {"config.json", "sub/config.json", false},
      {"onnx/", "onnx/model.onnx", true},
      {"onnx/", "onnx", false},
      {"onnx/*", "onnx/a/b", true},
      {"model-????\?-of-*.safetensors", "model-00001-of-00002.safetensors", true},
      {"model-?.bin", "model-10.bin", false},
      {"[ab].txt", "a.txt", true},
      {"[!ab].txt", "a.txt", false},
      {"[!ab].txt", "c.txt", true},
      {"[0-9]*.bin", "7x.bin", true},
      {"[]x].txt", "].txt", true},
      {"[abc", "[abc", true},
      {"*", "", true},
      {"", "", true},
      {"", "a", false},
      {"**", "any/thing", true},
      {"*Q4_K_M*", "tiny.Q4_K_M.gguf", true},
      {"*.JSON", "a.json", false},
      {"f?r.txt", "f\u00fcr.txt", true},
      {"[\u00e0-\u00ff].txt", "\u00e9.txt", true},
      {"[!\u00e9].txt", "\u00e9.txt", false},
      {"??", "\u00e9", false},
      {"[z-a]", "m", false},
      {"[!z-a]", "m", true},
      {"[^a]", "^", true},
      {"[^a]", "b", false},
      {"a-[0-9][0-9]", "a-12", true},
      {"onnx", "onnx/model.onnx", false},
      {"*/", "a/b", true},
      {"*/", "a", false},
      {"/", "a/b", false},
      {".*", ".gitattributes", true},
      {"*", ".gitattributes", true},
      {"a\\*", "a\\b", true},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(matches_pattern(row.pattern, row.path), row.expected)
        << row.pattern << " on " << row.path;
  }
}

TEST(Patterns, of_ill_will_take_no_longer_than_their_length_allows) {
  std::string pattern;
  for (int i = 0; i < 100; ++i) pattern += "*a";
  EXPECT_FALSE(matches_pattern(pattern + "b", std::string(1000, 'a')));
}

TEST(Patterns, that_ignore_win_over_those_that_allow) {
  EXPECT_TRUE(is_wanted("a.bin", {}, {}));
  EXPECT_FALSE(is_wanted("a.bin", {"*.json"}, {}));
  EXPECT_TRUE(is_wanted("a.bin", {"*.json", "*.bin"}, {}));
  EXPECT_FALSE(is_wanted("a.bin", {"*.bin"}, {"a.*"}));
}

TEST(ModelFormat, is_that_of_the_safest_weights) {
  EXPECT_EQ(model_format({"config.json", "pytorch_model.bin", "model.SAFETENSORS"}), "safetensors");
  EXPECT_EQ(model_format({"x.gguf", "pytorch_model.bin"}), "gguf");
  EXPECT_EQ(model_format({"a.pt"}), "pytorch");
  EXPECT_EQ(model_format({"README.md"}), "");
}

}  // namespace
}  // namespace modelkeep::fetch
