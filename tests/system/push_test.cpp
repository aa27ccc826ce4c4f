// Hub clients push, processes die meanwhile, and one store is the upstream of another.
#include <csignal>
#include <thread>

#include "base/digest.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

class Push : public RunningStore {
 protected:
  int create() {
    return api().post("/hf/api/repos/create", R"({"name":"tuned","organization":"team"})").status;
  }
  Answer commit_small() {
    return api().post(
        "/hf/api/models/team/tuned/commit/main",
        R"({"key":"header","value":{"summary":"Add"}})"
        "\n"
        R"({"key":"file","value":{"path":"a.txt","content":"aGk=","encoding":"base64"}})"
        "\n");
  }
};

TEST_F(Push, a_commit_survives_the_death_of_every_fetcher) {
  ASSERT_TRUE(start());
  ASSERT_EQ(create(), 200);
  std::jthread killer([&] {
    for (int i = 0; i < 3; ++i) service().signal_role(Role::fetcher, SIGKILL);
  });
  const Answer answer = commit_small();
  EXPECT_EQ(answer.status, 200) << answer.brief();
  EXPECT_EQ(api().get("/hf/team/tuned/resolve/main/a.txt").body, "hi");
  EXPECT_EQ(api().get("/hf/api/models/team/tuned").text("sha"), answer.text("commitOid"));
  expect_whole(service());
}

TEST_F(Push, is_refused_clearly_where_the_setting_is_off) {
  ASSERT_TRUE(start({.environment = {{"MODELKEEP_PUSH", "off"}}}));
  const Answer refused =
      api().post("/hf/api/repos/create", R"({"name":"tuned","organization":"team"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.header("X-Error-Code"), "PushDisabled");
}

TEST_F(Push, what_was_pushed_here_is_fetched_from_here_by_another_store) {
  ASSERT_TRUE(start());
  ASSERT_EQ(create(), 200);
  ASSERT_EQ(commit_small().status, 200);
  Service other({.upstream = service().url() + "/hf"});
  ASSERT_TRUE(other.start());
  Client client = other.client();
  ASSERT_EQ(client.post("/api/models/download", asking("team/tuned")).status, 202);
  ASSERT_TRUE(wait_until(
      [&] { return client.get("/api/models/team_tuned").text("model.status") == "ready"; },
      20'000));
  EXPECT_EQ(client.get("/hf/team/tuned/resolve/main/a.txt").body, "hi");
  EXPECT_EQ(client.get("/api/models/team_tuned").text("model.commit"),
            api().get("/api/models/team_tuned").text("model.commit"));
}

}  // namespace
}  // namespace modelkeep::system_test
