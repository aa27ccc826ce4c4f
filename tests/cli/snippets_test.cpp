#include "cli/snippets.h"

#include <fstream>

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

constexpr json::Limits kCaseLimits{1u << 20, 16, 20'000, 16u << 10, false};

/// What the pages make of the same words; their test reads the same file.
std::string cases() {
  std::ifstream file(MODELKEEP_SNIPPET_CASES);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string text_of(json::Value value) {
  return std::string(value.as_string().value_or(""));
}

Model model_of(json::Value value) {
  Model model;
  model.name = text_of(value["name"]);
  model.path = text_of(value["path"]);
  model.revision = text_of(value["revision"]);
  model.task = text_of(value["task"]);
  model.library = text_of(value["library"]);
  for (std::size_t i = 0; i < value["files"].size(); ++i)
    model.files.push_back({text_of(value["files"][i]["path"])});
  return model;
}

TEST(Snippets, are_those_of_the_pages_word_for_word) {
  const auto document = json::Document::parse(cases(), kCaseLimits);
  ASSERT_TRUE(document) << document.error().message;
  const json::Value all = document->root();
  ASSERT_GT(all.size(), 5U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const json::Value expected = all[i]["snippets"];
    const json::Value through = all[i]["through"];
    const auto made = snippets_for(
        model_of(all[i]["model"]),
        {text_of(through["door"]), text_of(through["address"]), text_of(through["gguf"])});
    ASSERT_TRUE(made);
    ASSERT_EQ(made->size(), expected.size()) << "case " << i;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const Snippet& snippet = (*made)[k];
      EXPECT_EQ(snippet.kind, text_of(expected[k]["kind"])) << "case " << i;
      EXPECT_EQ(snippet.title, text_of(expected[k]["title"])) << "case " << i;
      EXPECT_EQ(snippet.language, text_of(expected[k]["language"])) << "case " << i;
      EXPECT_EQ(snippet.text, text_of(expected[k]["text"])) << "case " << i;
    }
  }
}

class SnippetCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.answers("GET /api/models?name=acme%2Ftiny&limit=1", 200,
                   R"({"success":true,"models":[)" + model_ + R"(],"total":1})");
    world_.answers("GET /api/models/acme_tiny", 200, R"({"success":true,"model":)" + model_ + "}");
  }
  const std::string model_ =
      R"({"id":"acme_tiny","name":"acme/tiny","path":"/mnt/models/acme_tiny","revision":"main",)"
      R"("status":"ready","files":[{"path":"model.safetensors","size_bytes":1}]})";
  FakeWorld world_;
};

TEST_F(SnippetCommand, prints_one_as_it_can_be_piped) {
  EXPECT_EQ(world_.run("snippet acme/tiny --door hub --client vllm -s http://lab:5000"), kDone)
      << world_.talk();
  EXPECT_EQ(world_.out(), "export HF_ENDPOINT=http://lab:5000/hf\nvllm serve acme/tiny\n");
}

TEST_F(SnippetCommand, prints_all_doors_under_headings) {
  EXPECT_EQ(world_.run("snippet acme_tiny"), kDone) << world_.talk();
  const std::string out = world_.out();
  for (const char* part :
       {"From its folder\n", "As a Hub cache, from the mount\n", "Over the network\n",
        "HF_HUB_CACHE\"] = \"/mnt/models/.modelkeep/hf-cache\"", "transformers:\n"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part << " in\n" << out;
  }
}

TEST_F(SnippetCommand, says_so_when_a_tool_cannot_load_it) {
  EXPECT_EQ(world_.run("snippet acme/tiny --client llamacpp"), kRefused);
  EXPECT_EQ(world_.run("snippet acme/tiny --client torch"), kWrongUsage);
}

TEST_F(SnippetCommand, json_has_each_with_its_door) {
  EXPECT_EQ(world_.run("snippet acme/tiny --door folder --client path --json"), kDone);
  EXPECT_EQ(world_.out(),
            R"({"success":true,"snippets":[{"door":"folder","client":"path","title":"Path",)"
            R"("language":"shell","text":"/mnt/models/acme_tiny"}]})"
            "\n");
}

}  // namespace
}  // namespace modelkeep::cli
