// What holds for every answer of the door.
#include "catalog/events.h"
#include "tests/door/door_fixture.h"

namespace modelkeep::hub {
namespace {

class HubRules : public DoorFixture {
 protected:
  std::int64_t counted(const std::string& column) {
    store_.drain();
    return must(store_.db().one<std::int64_t>(
                    "SELECT c." + column +
                    " FROM model_counters c JOIN models m ON m.pk = c.model_pk "
                    "WHERE m.name = 'acme/tiny-llm'"))
        .value_or(-1);
  }
};

const std::vector<std::string>& every_target() {
  static const std::vector<std::string> targets = {
      "/hf",
      "/hf/",
      "/hf/api",
      "/hf/api/none",
      "/hf/api/models",
      "/hf/api/models?full=true",
      "/hf/api/models/acme/tiny-llm?blobs=true&securityStatus=true",
      "/hf/api/models/acme/tiny-llm?expand=xetEnabled&expand=siblings",
      "/hf/api/models/acme/tiny-llm/tree/main?recursive=true&expand=true",
      "/hf/api/models/acme/tiny-llm/refs",
      "/hf/api/models/acme/tiny-llm/commits/main",
      "/hf/api/models/acme/tiny-llm/auth-check",
      "/hf/api/whoami-v2",
      "/hf/api/models/acme/tiny-llm/xet-read-token/main",
      "/hf/api/models/acme/tiny-llm/discussions",
      "/hf/api/models-tags-by-type",
      "/hf/api/organizations/acme/overview",
      "/hf/api/agent-harnesses",
      "/hf/acme/tiny-llm/resolve/main/config.json",
      "/hf/acme/tiny-llm/resolve/main/model-00001-of-00002.safetensors",
      "/hf/acme/tiny-llm/raw/main/model-00001-of-00002.safetensors",
      "/hf/acme/tiny-llm/resolve/main/none",
      "/hf/acme/none/resolve/main/none",
      "/hf/v2/acme/tiny-llm/manifests/latest",
      "/hf/%zz",
      "/hf/api/models?limit=0"};
  return targets;
}

TEST_F(HubRules, no_answer_hints_at_xet_or_at_another_host) {
  for (const std::string& target : every_target()) {
    for (const char* method : {"GET", "HEAD", "POST"}) {
      const Answer answer = send({.target = target, .method = method});
      std::string all = answer.text;
      // The text of a pointer is git's, byte for byte; its first line is a name, not an address.
      const std::string pointer = "version https://git-lfs.github.com/spec/v1";
      if (all.starts_with(pointer)) all.erase(0, pointer.size());
      for (const auto& [name, value] : answer.headers) all += "\n" + name + ": " + value;
      for (const char* hint : {"xet", "Xet", "XET", "huggingface", "https://"}) {
        EXPECT_EQ(all.find(hint), std::string::npos) << method << " " << target << "\n" << all;
      }
    }
  }
}

TEST_F(HubRules, every_refusal_has_a_code_a_message_and_json) {
  for (const std::string& target : every_target()) {
    const Answer answer = get(target);
    if (answer.status < 400) continue;
    EXPECT_FALSE(answer.header("X-Error-Code").empty()) << target;
    EXPECT_FALSE(answer.header("X-Error-Message").empty()) << target;
    EXPECT_EQ(answer.type, "application/json; charset=utf-8") << target;
    EXPECT_TRUE(answer.root()["error"].as_string()) << target;
  }
}

TEST_F(HubRules, a_wrong_method_is_told_the_right_one) {
  const Answer answer =
      send({.target = "/hf/acme/tiny-llm/resolve/main/config.json", .method = "DELETE"});
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD");
}

TEST_F(HubRules, a_foreign_host_name_is_refused) {
  EXPECT_EQ(send({.target = "/hf/api/models", .host = "evil.example"}).status, 421);
}

TEST_F(HubRules, pages_of_listed_origins_may_read_and_others_may_not) {
  const std::string target = "/hf/acme/tiny-llm/resolve/main/config.json";
  EXPECT_TRUE(send({.target = target, .origin = "https://a.example"})
                  .header("Access-Control-Allow-Origin")
                  .empty());
  services_.allowed_origins = {"https://a.example"};
  const Answer allowed = send({.target = target, .origin = "https://a.example"});
  EXPECT_EQ(allowed.header("Access-Control-Allow-Origin"), "https://a.example");
  EXPECT_NE(allowed.header("Access-Control-Expose-Headers").find("X-Repo-Commit"),
            std::string::npos);
  EXPECT_EQ(allowed.header("Vary"), "Origin");
  const Answer preflight =
      send({.target = target, .method = "OPTIONS", .origin = "https://a.example"});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_NE(preflight.header("Access-Control-Allow-Headers").find("Range"), std::string::npos);
  const Answer other = send({.target = target, .method = "OPTIONS", .origin = "https://b.example"});
  EXPECT_EQ(other.status, 405);
  EXPECT_TRUE(other.header("Access-Control-Allow-Origin").empty());
}

TEST_F(HubRules, every_answer_is_one_event) {
  for (const std::string& target : every_target()) get(target);
  store_.drain();
  EXPECT_EQ(store_.rows(), static_cast<std::int64_t>(every_target().size()));
}

TEST_F(HubRules, a_read_of_metadata_is_an_access_to_its_model) {
  const std::int64_t before = counted("access_count");
  get("/hf/api/models/acme/tiny-llm");
  head("/hf/acme/tiny-llm/resolve/main/config.json");
  get("/hf/acme/tiny-llm/resolve/main/none");
  get("/hf/api/models");
  EXPECT_EQ(counted("access_count"), before + 2);
}

}  // namespace
}  // namespace modelkeep::hub
