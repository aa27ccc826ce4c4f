// What the door says of repos that are not stored, before a byte of a file moves.
#include <string>
#include <vector>

#include "base/digest.h"
#include "catalog/ask.h"
#include "catalog/queue.h"
#include "catalog/upstream_answers.h"
#include "tests/door/door_fixture.h"

namespace modelkeep::hub {
namespace {

const std::string kUpstreamCommit = "00112233445566778899aabbccddeeff00112233";

class PullThroughDoor : public DoorFixture {
 protected:
  PullThroughDoor() {
    services_.pull.is_on = true;
    services_.pull.pool = Pool::long_answers;
    services_.pull.look_up = [this](const std::string& repo, const std::string& revision) {
      asked_.push_back(repo + "@" + revision);
      return upstream_ ? answer(repo, revision) : silence();
    };
  }

  Result<> answer(const std::string& repo, const std::string& revision) {
    catalog::UpstreamAnswer said{.answered_at = store_.clock().now()};
    if (repo == "acme/none") {
      said.error = Error{ErrorKind::not_found, codes::upstream_not_found, "No such repo.", {}};
    } else if (repo == "acme/gated") {
      said.error = Error{ErrorKind::forbidden, codes::upstream_gated, "Ask for access.", {}};
    } else if (revision == "nowhere") {
      said.error = Error{ErrorKind::not_found, codes::revision_not_found, "No such revision.", {}};
    } else {
      said.commit = repo == "acme/tiny-llm" ? kCommit : kUpstreamCommit;
      const std::string pointer =
          "version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256_hex("big") +
          "\nsize 3\n";
      TRY(catalog::save_listing(
          store_.db(), repo,
          {.commit = said.commit, .canonical_name = repo, .license = "mit", .gated = {}},
          {{"config.json", 2, "", git_blob_oid("{}"), false},
           {"model.safetensors", 3, sha256_hex("big"), git_blob_oid(pointer), true}}));
    }
    return catalog::save_upstream_answer(store_.db(), repo, revision, said);
  }
  static Result<> silence() {
    return fail(ErrorKind::unavailable, codes::fetcher_unavailable, "No fetcher answers.");
  }

  bool upstream_ = true;
  std::vector<std::string> asked_;
};

TEST_F(PullThroughDoor, shows_what_upstream_has) {
  const Answer info = get("/hf/api/models/acme/new?blobs=true");
  EXPECT_EQ(info.status, 200) << info.text;
  EXPECT_EQ(info.root()["sha"].as_string(), kUpstreamCommit);
  EXPECT_EQ(info.root()["siblings"].size(), 2U);
  const Answer tree = get("/hf/api/models/acme/new/tree/" + kUpstreamCommit + "?recursive=true");
  EXPECT_EQ(tree.text_at(0, "path"), "config.json");
  EXPECT_EQ(tree.text_at(1, "oid").size(), 40U);
  EXPECT_EQ(tree.root()[1]["lfs"]["oid"].as_string(), sha256_hex("big"));
  const Answer refs = get("/hf/api/models/acme/new/refs");
  EXPECT_EQ(refs.root()["branches"][0]["targetCommit"].as_string(), kUpstreamCommit);
  EXPECT_EQ(get("/hf/api/models/acme/new/auth-check").status, 200);
  // All of it by one question.
  EXPECT_EQ(asked_, std::vector<std::string>{"acme/new@main"});
}

TEST_F(PullThroughDoor, answers_a_head_with_what_the_file_will_have) {
  const Answer lfs = head("/hf/acme/new/resolve/main/model.safetensors");
  EXPECT_EQ(lfs.status, 200);
  EXPECT_EQ(lfs.header("ETag"), '"' + sha256_hex("big") + '"');
  EXPECT_EQ(lfs.header("X-Repo-Commit"), kUpstreamCommit);
  EXPECT_EQ(lfs.length, 3);
  EXPECT_EQ(head("/hf/acme/new/resolve/main/config.json").header("ETag"),
            '"' + git_blob_oid("{}") + '"');
  EXPECT_EQ(get("/hf/acme/new/raw/main/model.safetensors").status, 200);
  // Nothing of it made a model or a download.
  EXPECT_FALSE(catalog::find_model_named(store_.db(), "acme/new").value());
}

TEST_F(PullThroughDoor, passes_refusals_on_and_remembers_them) {
  const Answer repo = get("/hf/api/models/acme/none");
  EXPECT_EQ(repo.status, 404);
  EXPECT_EQ(repo.header("X-Error-Code"), "RepoNotFound");
  EXPECT_EQ(get("/hf/api/models/acme/new/revision/nowhere").header("X-Error-Code"),
            "RevisionNotFound");
  const Answer gated = head("/hf/acme/gated/resolve/main/config.json");
  EXPECT_EQ(gated.status, 403);
  EXPECT_EQ(gated.header("X-Error-Code"), "GatedRepo");
  const Answer entry = head("/hf/acme/new/resolve/main/none.json");
  EXPECT_EQ(entry.status, 404);
  EXPECT_EQ(entry.header("X-Error-Code"), "EntryNotFound");
  EXPECT_EQ(entry.header("X-Repo-Commit"), kUpstreamCommit);
  const std::size_t asked = asked_.size();
  get("/hf/api/models/acme/none");
  get("/hf/api/models/acme/new/revision/nowhere");
  EXPECT_EQ(asked_.size(), asked);
}

TEST_F(PullThroughDoor, says_504_and_not_404_while_upstream_is_away) {
  upstream_ = false;
  for (const char* target : {"/hf/api/models/acme/new", "/hf/acme/new/resolve/main/config.json"}) {
    const Answer answer = head(target);
    EXPECT_EQ(answer.status, 504) << target;
    EXPECT_FALSE(answer.header("Retry-After").empty());
    EXPECT_EQ(answer.header("X-Error-Code"), "UpstreamUnreachable");
  }
  EXPECT_EQ(get("/hf/api/models/acme/tiny-llm").status, 200);
  EXPECT_EQ(get("/hf/acme/tiny-llm/resolve/main/config.json").status, 200);
  EXPECT_EQ(get("/hf/acme/tiny-llm/resolve/main/none").status, 404);
}

TEST_F(PullThroughDoor, hands_on_what_would_take_time_and_leaves_the_counting) {
  services_.pull.pool = Pool::answers;
  EXPECT_EQ(get("/hf/api/models/acme/new").header("X-Accel-Redirect"), "@hub_long");
  EXPECT_EQ(get("/hf/acme/new/resolve/main/config.json").header("X-Accel-Redirect"),
            "@hub_streams");
  EXPECT_EQ(head("/hf/acme/new/resolve/main/config.json").header("X-Accel-Redirect"), "@hub_long");
  EXPECT_TRUE(asked_.empty());
  store_.drain();
  EXPECT_EQ(store_.rows(), 0);
  // What is known by now needs no other pool.
  ASSERT_TRUE(answer("acme/new", "main"));
  EXPECT_EQ(get("/hf/api/models/acme/new").status, 200);
  EXPECT_EQ(head("/hf/acme/new/resolve/main/config.json").status, 200);
  EXPECT_EQ(get("/hf/acme/new/resolve/main/config.json").header("X-Accel-Redirect"),
            "@hub_streams");
}

TEST_F(PullThroughDoor, asks_nobody_for_names_that_cannot_be) {
  EXPECT_EQ(get("/hf/api/models/-x/..").status, 404);
  EXPECT_EQ(get("/hf/api/models/acme/new/revision/a..b").status, 404);
  EXPECT_TRUE(asked_.empty());
}

TEST_F(PullThroughDoor, takes_no_range_of_content_that_was_wrong_in_somebodys_hands) {
  const std::string target = "/hf/acme/tiny-llm/resolve/main/config.json";
  ASSERT_TRUE(catalog::note_replaced(store_.db(), sha256_hex(kConfig), store_.clock().now()));
  const auto place = [&](const std::string& range) {
    return send({.target = target, .range = range}).header("X-Accel-Redirect");
  };
  EXPECT_TRUE(place("bytes=5-").starts_with("/internal/hub-whole/"));
  EXPECT_TRUE(place("bytes=0-5").starts_with("/internal/hub/"));
  EXPECT_TRUE(place("").starts_with("/internal/hub/"));
}

TEST_F(PullThroughDoor, a_file_that_is_asked_for_is_one_download_of_its_commit) {
  ASSERT_TRUE(answer("acme/new", "main"));
  const auto ask = [&](const std::string& path, const std::string& who) {
    const catalog::FileAsking asking{.name = "acme/new",
                                     .revision = "main",
                                     .commit = kUpstreamCommit,
                                     .path = path,
                                     .username = who,
                                     .ip_address = "10.0.0.9"};
    return catalog::ask_for_file(store_.db(), asking, store_.clock().now()).value();
  };
  const auto first = ask("config.json", "ada");
  const auto second = ask("model.safetensors", "bob");
  EXPECT_EQ(first.download->id, second.download->id);
  EXPECT_EQ(second.download->allow_patterns,
            (std::vector<std::string>{"config.json", "model.safetensors"}));
  EXPECT_EQ(second.download->pinned_commit, kUpstreamCommit);
  EXPECT_EQ(catalog::download_askers(store_.db(), first.download->id)->size(), 2U);
  // It is no business of the slots.
  EXPECT_FALSE(catalog::has_claimable(store_.db(), store_.clock().now()).value());
  EXPECT_TRUE(catalog::has_streaming(store_.db(), store_.clock().now()).value());
}

}  // namespace
}  // namespace modelkeep::hub
