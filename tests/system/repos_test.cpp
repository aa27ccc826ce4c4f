// Names and access: what the Hub calls a model, what we call it, and who may have it.
#include <string>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

const char* const kMemberToken = "hf_standin0member0000000000000000000000";
const char* const kOwnerToken = "hf_standin0owner00000000000000000000000";
const char* const kReaderToken = "hf_standin0reader0000000000000000000000";

class Repos : public RunningStore {
 protected:
  bool start_with_token(const std::string& token) {
    ServiceOptions options;
    if (!token.empty()) options.environment["HF_TOKEN"] = token;
    return start(options);
  }
  /// The code with which the download of that name fails.
  std::string failure_of(std::string_view name, std::string_view more = {}) {
    const std::int64_t id = ask(name, more);
    if (!wait_for(id, "failed", 20'000)) return "did not fail";
    const Answer answer = download(id);
    EXPECT_FALSE(answer.text("download.error").empty());
    EXPECT_EQ(model(answer.text("download.model_id")).text("model.status"), "failed");
    return answer.text("download.error_code");
  }
};

TEST_F(Repos, B29_names_that_would_share_an_id_both_live) {
  ASSERT_TRUE(start());
  hub().add_repo("a/b_c", 1'000, 1);
  hub().add_repo("a_b/c", 2'000, 2);
  ASSERT_TRUE(fetch("a/b_c"));
  ASSERT_TRUE(fetch("a_b/c"));
  EXPECT_EQ(model("a_b_c").text("model.name"), "a/b_c");
  const Answer found = api().get("/api/models?name=a_b/c");
  ASSERT_EQ(found.size("models"), 1U) << found.brief();
  const std::string id = found.text("models.0.id");
  EXPECT_EQ(id.substr(0, 6), "a_b_c~");
  EXPECT_EQ(id.size(), 14U);
  EXPECT_EQ(model(id).text("model.name"), "a_b/c");
  EXPECT_EQ(sha256_of_file(service().layout().model_file(id, "model.bin")).size(), 64U);
  expect_whole(service());
}

TEST_F(Repos, B30_a_name_that_the_mount_needs_gets_another_id) {
  ASSERT_TRUE(start());
  hub().add_repo("models_db.json", 1'000);
  const Answer asked = api().post("/api/models/download", asking("models_db.json"));
  EXPECT_EQ(asked.status, 202) << asked.brief();
  EXPECT_TRUE(asked.text("model.id").starts_with("models_db.json~")) << asked.brief();
}

TEST_F(Repos, an_old_name_is_a_model_of_its_own_and_shares_the_bytes) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("legacy-tiny"));
  const Answer shown = model("legacy-tiny");
  EXPECT_EQ(shown.text("model.name"), "legacy-tiny");
  EXPECT_EQ(shown.text("model.canonical_name"), "test/tiny");
  ASSERT_TRUE(fetch("test/renamed-old"));
  EXPECT_EQ(model("test_renamed-old").text("model.canonical_name"), "test/renamed-new");
  expect_whole(service());
}

TEST_F(Repos, a_gated_one_says_what_is_missing_and_comes_with_a_token_that_has_access) {
  ASSERT_TRUE(start_with_token(""));
  EXPECT_EQ(failure_of("test/gated"), "upstream_gated");
  EXPECT_EQ(failure_of("test/gated-listing"), "upstream_gated");
  ASSERT_TRUE(start_with_token(kReaderToken));
  EXPECT_EQ(failure_of("test/gated"), "upstream_gated");
  ASSERT_TRUE(start_with_token(kMemberToken));
  EXPECT_TRUE(fetch("test/gated"));
  EXPECT_TRUE(fetch("test/gated-listing"));
}

TEST_F(Repos, a_private_one_looks_like_none_without_its_token) {
  ASSERT_TRUE(start_with_token(""));
  EXPECT_EQ(failure_of("test/private"), "upstream_auth_required");
  ASSERT_TRUE(start_with_token(kMemberToken));
  EXPECT_EQ(failure_of("test/private"), "upstream_not_found");
  ASSERT_TRUE(start_with_token(kOwnerToken));
  EXPECT_TRUE(fetch("test/private"));
}

TEST_F(Repos, each_refusal_of_the_hub_has_its_own_code) {
  ASSERT_TRUE(start_with_token(kMemberToken));
  EXPECT_EQ(failure_of("test/no-such-model"), "upstream_not_found");
  EXPECT_EQ(failure_of("test/disabled"), "upstream_disabled");
  EXPECT_EQ(failure_of("test/tiny", R"("revision":"no-such-branch")"), "revision_not_found");
  ASSERT_TRUE(start_with_token("hf_nobodysTokenAtAll0000000000000000000"));
  EXPECT_EQ(failure_of("test/tiny"), "upstream_token_invalid");
}

TEST_F(Repos, B47_a_commit_of_the_wrong_length_is_a_revision_that_does_not_exist) {
  ASSERT_TRUE(start());
  EXPECT_EQ(failure_of("test/tiny", "\"revision\":\"" + std::string(39, 'a') + "\""),
            "revision_not_found");
  EXPECT_EQ(failure_of("test/history", "\"revision\":\"" + std::string(41, 'b') + "\""),
            "revision_not_found");
}

TEST_F(Repos, a_failed_one_may_be_retried_once_the_cause_is_gone) {
  ASSERT_TRUE(start());
  hub().add_fault(R"({"kind":"status","status":404,"match":"test/tiny","call":"info","times":1})");
  const std::int64_t id = ask("test/tiny");
  ASSERT_TRUE(wait_for(id, "failed"));
  const Answer retried = api().post("/api/downloads/" + std::to_string(id) + "/retry");
  EXPECT_EQ(retried.status, 200) << retried.brief();
  EXPECT_TRUE(wait_for(id, "ready"));
  expect_whole(service());
}

TEST_F(Repos, B60_a_failed_one_cannot_be_declared_ready) {
  ASSERT_TRUE(start());
  EXPECT_EQ(failure_of("test/no-such-model"), "upstream_auth_required");
  const Answer answer = api().put("/api/models/test_no-such-model", R"({"status":"ready"})");
  EXPECT_EQ(answer.status, 409) << answer.brief();
  EXPECT_EQ(answer.code(), "state_conflict");
}

}  // namespace
}  // namespace modelkeep::system_test
