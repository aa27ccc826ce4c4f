#include "tests/hub/catalogs.h"

#include <set>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "tests/hub/repo_builder.h"
#include "tests/hub/test_hub.h"

namespace modelkeep::standin {
namespace {

TEST(DemoCatalog, has_the_names_that_everyone_tries_first) {
  Repos repos;
  add_demo_catalog(repos);
  for (const char* name : {"bert-base-uncased", "google/flan-t5-small", "facebook/opt-125m", "gpt2",
                           "acme/sentence-encoder"}) {
    const auto canonical = repos.redirect_of(name);
    ASSERT_TRUE(canonical.has_value()) << name;
    EXPECT_NE(repos.find(*canonical), nullptr) << name;
  }
  EXPECT_EQ(repos.find("meta-llama/Llama-3.2-1B")->gate, Gate::files);
  EXPECT_TRUE(repos.find("acme/house-model")->is_private);
}

TEST(DemoCatalog, holds_the_same_bytes_in_two_repositories) {
  Repos repos;
  add_demo_catalog(repos);
  const auto weights = [&](const char* id) {
    return repos.find(id)->head()->find("model.safetensors")->sha256;
  };
  EXPECT_EQ(weights("google-bert/bert-base-uncased"), weights("acme/bert-house-copy"));
}

TEST(DemoCatalog, cards_open_with_front_matter_and_own_up_to_being_stand_ins) {
  Repos repos;
  add_demo_catalog(repos);
  for (const RepoPtr& repo : repos.all()) {
    const File* readme = repo->head()->find("README.md");
    ASSERT_NE(readme, nullptr) << repo->id;
    const std::string text = readme->content.all();
    EXPECT_TRUE(text.starts_with("---\nlicense: ")) << repo->id;
    EXPECT_NE(text.find("This is a stand-in."), std::string::npos) << repo->id;
  }
}

TEST(Catalogs, give_the_same_commits_in_every_run) {
  Repos one;
  Repos other;
  add_test_catalog(one);
  add_test_catalog(other);
  for (const RepoPtr& repo : one.all()) {
    EXPECT_EQ(repo->head()->commit, other.find(repo->id)->head()->commit) << repo->id;
    EXPECT_TRUE(is_lower_hex(repo->head()->commit, 40));
    EXPECT_TRUE(is_lower_hex(repo->object_id, 24));
  }
}

TEST(Catalogs, tokens_look_as_upstream_ones_do) {
  for (const Person& person : people()) {
    EXPECT_TRUE(person.token.starts_with("hf_"));
    EXPECT_GE(person.token.size(), 37U);
    EXPECT_TRUE(std::all_of(person.token.begin() + 3, person.token.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }));
  }
}

class Hostile : public TestHub {
 protected:
  Hostile() { add_hostile_catalog(hub_->repos()); }
};

TEST_F(Hostile, listings_are_given_as_they_are) {
  const auto tree = [&](const std::string& id) {
    return get(url_ + "/api/models/hostile/" + id + "/tree/main?recursive=true").body;
  };
  EXPECT_NE(tree("dot-dot").find("\"../escaped.txt\""), std::string::npos);
  EXPECT_NE(tree("backslash").find(R"("..\\escaped.txt")"), std::string::npos);
  EXPECT_NE(tree("sum-past-64-bits").find(":18446744073709551615,"), std::string::npos);
  EXPECT_NE(tree("case-twins").find("model.TXT"), std::string::npos);
  EXPECT_EQ(tree("deep-json").size(), 400'000U);
}

TEST_F(Hostile, the_list_of_a_million_goes_on) {
  const RawAnswer page = get(url_ + "/api/models/hostile/million-files/tree/main?recursive=true");
  EXPECT_EQ(json_of(page).root().size(), 1000U);
  EXPECT_FALSE(page.header("Link").empty());
}

TEST(RepoBuilder, keeps_every_commit) {
  const Repo repo = RepoBuilder("a/b")
                        .file("x.txt", "one")
                        .commit("first")
                        .tag("v1")
                        .file("x.txt", "two")
                        .commit("second")
                        .build();
  EXPECT_EQ(repo.resolve("v1")->find("x.txt")->content.all(), "one");
  EXPECT_EQ(repo.head()->find("x.txt")->content.all(), "two");
  EXPECT_EQ(repo.resolve("refs/heads/main"), repo.head());
  EXPECT_EQ(repo.resolve("nothing"), nullptr);
}

}  // namespace
}  // namespace modelkeep::standin
