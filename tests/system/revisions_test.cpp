// Updates and revisions of the whole service: a folder that is swapped under its readers, and what
// it showed before.
#include <filesystem>
#include <fstream>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class Revisions : public RunningStore {
 protected:
  /// Somebody pushes to the repo before anyone asks about it again.
  void push(const std::string& repo) {
    hub().add_fault(R"({"kind":"branch_moves","call":"info","match":")" + repo + "\"}");
  }
  bool update(const std::string& id) {
    const Answer answer = api().post("/api/models/" + id + "/update");
    EXPECT_EQ(answer.status, 202) << answer.brief();
    return wait_for(answer.number("download.id"), "ready");
  }
  Answer revisions(const std::string& id) { return api().get("/api/models/" + id + "/revisions"); }
};

TEST_F(Revisions, an_update_swaps_the_folder_and_keeps_the_old_one) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/medium"));
  const std::string old_commit = model("test_medium").text("model.commit");
  const std::int64_t fetched = hub().content_bytes("test/medium");
  std::ifstream reader(service().layout().model_file("test_medium", "model.safetensors"));
  push("test/medium");
  ASSERT_TRUE(update("test_medium"));
  EXPECT_LT(hub().content_bytes("test/medium") - fetched, 10'000) << "only what changed";
  EXPECT_NE(model("test_medium").text("model.commit"), old_commit);
  EXPECT_TRUE(fs::exists(service().layout().model_file("test_medium", "MOVED.md")));
  EXPECT_EQ(reader.seekg(0, std::ios::end).tellg(),
            static_cast<std::streamoff>(
                fs::file_size(service().layout().model_file("test_medium", "model.safetensors"))));

  const Answer held = revisions("test_medium");
  ASSERT_EQ(held.number("total"), 2) << held.body;
  const std::string old_folder = service().layout().revision_dir("test_medium", old_commit);
  EXPECT_TRUE(fs::exists(old_folder + "/model.safetensors"));
  EXPECT_FALSE(fs::exists(old_folder + "/MOVED.md"));
  EXPECT_EQ(api().remove("/api/models/test_medium/revisions/" + old_commit).status, 200);
  EXPECT_TRUE(wait_until([&] { return !fs::exists(old_folder); }, 5'000));
  EXPECT_EQ(revisions("test_medium").number("total"), 1);
  EXPECT_TRUE(fs::exists(service().layout().model_file("test_medium", "model.safetensors")));
  expect_whole(service());
}

TEST_F(Revisions, the_model_is_ready_all_the_time_and_its_folder_always_whole) {
  ASSERT_TRUE(start({}, {"--rate-total", "300kB"}));
  ASSERT_TRUE(fetch("test/tiny"));
  push("test/tiny");
  const Answer asked = api().post("/api/models/test_tiny/update");
  ASSERT_EQ(asked.status, 202);
  std::string status;
  while (status != "ready") {
    EXPECT_EQ(model("test_tiny").text("model.status"), "ready");
    EXPECT_TRUE(fs::exists(service().layout().model_file("test_tiny", "config.json")));
    status = download(asked.number("download.id")).text("download.status");
    ASSERT_NE(status, "failed");
  }
}

TEST_F(Revisions, an_update_survives_the_death_of_every_fetcher) {
  ASSERT_TRUE(start({}, {"--delay-ms", "100"}));
  ASSERT_TRUE(fetch("test/tiny"));
  push("test/tiny");
  const Answer asked = api().post("/api/models/test_tiny/update");
  for (int i = 0; i < 5; ++i) {
    service().signal_role(Role::fetcher, SIGKILL);
    system_clock().sleep_ms(150);
  }
  ASSERT_TRUE(wait_for(asked.number("download.id"), "ready", 40'000));
  EXPECT_EQ(revisions("test_tiny").number("total"), 2);
  expect_whole(service());
}

TEST_F(Revisions, a_proposal_is_a_revision_like_any_other) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/history"));
  ASSERT_TRUE(fetch("test/history", R"("revision":"refs/pr/1")"));
  const Answer held = revisions("test_history");
  ASSERT_EQ(held.number("total"), 2) << held.body;
  EXPECT_TRUE(fs::exists(held.text("revisions.0.path") + "/proposal.txt")) << held.body;
  EXPECT_FALSE(fs::exists(held.text("revisions.1.path") + "/proposal.txt"));
}

}  // namespace
}  // namespace modelkeep::system_test
