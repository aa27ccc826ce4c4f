// The whole job: asked for, fetched, verified, in the folder, counted, taken away again.
#include <algorithm>
#include <filesystem>
#include <set>
#include <vector>

#include <sys/stat.h>

#include "base/digest.h"
#include "base/text.h"
#include "tests/system/database.h"
#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class Story : public RunningStore {
 protected:
  std::string file(const std::string& id, const std::string& path) {
    return service().layout().model_file(id, path);
  }
  ino_t inode(const std::string& path) {
    struct stat facts {};
    EXPECT_EQ(stat(path.c_str(), &facts), 0) << path;
    return facts.st_ino;
  }
};

TEST_F(Story, a_model_goes_from_the_hub_to_a_verified_folder) {
  ASSERT_TRUE(start());
  const Answer asked =
      api().post("/api/models/download", asking("test/medium", "\"username\":\"ada\""));
  EXPECT_EQ(asked.status, 202) << asked.brief();
  const std::int64_t id = asked.number("download.id");
  EXPECT_EQ(asked.header("Location"), "/api/downloads/" + std::to_string(id));
  EXPECT_EQ(asked.text("model.id"), "test_medium");
  ASSERT_TRUE(wait_for(id, "ready"));

  const Answer shown = model("test_medium");
  EXPECT_EQ(shown.text("model.status"), "ready");
  EXPECT_EQ(shown.text("model.integrity"), "verified");
  EXPECT_TRUE(shown.flag("model.complete"));
  EXPECT_TRUE(is_lower_hex(shown.text("model.commit"), 40));
  EXPECT_EQ(shown.text("model.downloaded_by"), "ada");
  EXPECT_EQ(shown.text("model.stats.first_downloaded_from"), "127.0.0.1");
  EXPECT_EQ(shown.text("model.path"), service().mount() + "/test_medium");
  ASSERT_EQ(shown.size("model.files"), 2U);
  for (const std::string at : {"model.files.0.", "model.files.1."}) {
    const std::string path = file("test_medium", shown.text(at + "path"));
    EXPECT_EQ(sha256_of_file(path), shown.text(at + "sha256"));
    EXPECT_EQ(std::to_string(fs::file_size(path)), std::to_string(shown.number(at + "size_bytes")));
    EXPECT_EQ(fs::status(path).permissions(), fs::perms(0444));
    EXPECT_GE(fs::hard_link_count(path), 2U);
  }
  EXPECT_EQ(fs::status(service().mount() + "/test_medium").permissions(), fs::perms(0755));
  expect_whole(service());
}

TEST_F(Story, progress_is_seen_at_least_twice_a_second) {
  ASSERT_TRUE(start({}, {"--rate-total", "3MB"}));
  const std::int64_t id = ask("test/medium");
  std::set<std::int64_t> seen;
  std::int64_t longest_ms = 0;
  Stopwatch since_change;
  while (true) {
    const Answer answer = download(id);
    const std::string status = answer.text("download.status");
    ASSERT_TRUE(status != "failed") << answer.body;
    if (status == "ready") break;
    if (status == "downloading" && seen.insert(answer.number("download.bytes_done")).second) {
      if (seen.size() > 1) longest_ms = std::max(longest_ms, since_change.ms());
      since_change = {};
      EXPECT_LE(answer.number("download.bytes_done"), answer.number("download.bytes_total"));
      EXPECT_EQ(answer.size("download.files"), 2U);
    }
    ASSERT_LT(since_change.ms(), 10'000) << answer.body;
    system_clock().sleep_ms(20);
  }
  EXPECT_GE(seen.size(), 4U);
  EXPECT_LE(longest_ms, 700);
}

TEST_F(Story, asking_for_what_is_there_is_counted_and_fetches_nothing) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const std::int64_t before = hub().requests();
  const Answer again = api().post("/api/models/download", asking("test/tiny"));
  EXPECT_EQ(again.status, 200) << again.brief();
  EXPECT_FALSE(again.has("download"));
  EXPECT_EQ(hub().requests(), before);
  EXPECT_EQ(model("test_tiny").number("model.stats.download_count"), 2);
}

TEST_F(Story, asking_twice_at_once_is_one_download_with_two_askers) {
  ASSERT_TRUE(start({}, {"--rate-total", "6MB"}));
  const std::int64_t first = ask("test/medium", "\"username\":\"ada\"");
  const std::int64_t second = ask("test/medium", "\"username\":\"grace\"");
  EXPECT_EQ(first, second);
  EXPECT_EQ(download(first).size("download.requested_by"), 2U);
  ASSERT_TRUE(wait_for(first, "ready"));
  EXPECT_EQ(model("test_medium").number("model.stats.download_count"), 2);
  EXPECT_EQ(hub().log().number("calls.cdn.requests"), 1);
}

TEST_F(Story, wait_holds_the_answer_until_the_model_is_ready) {
  ASSERT_TRUE(start({}, {"--rate-total", "6MB"}));
  const Answer answer = api().post("/api/models/download", asking("test/medium", "\"wait\":true"));
  EXPECT_EQ(answer.status, 200) << answer.brief();
  EXPECT_EQ(model("test_medium").text("model.status"), "ready");
  EXPECT_EQ(model("test_medium").number("model.stats.download_count"), 1);
}

TEST_F(Story, same_bytes_in_two_models_are_one_inode_and_fetched_once) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/medium"));
  const std::int64_t fetched = hub().content_bytes();
  ASSERT_TRUE(fetch("test/twin-of-medium"));
  EXPECT_EQ(inode(file("test_medium", "model.safetensors")),
            inode(file("test_twin-of-medium", "model.safetensors")));
  EXPECT_LT(hub().content_bytes() - fetched, 1'000'000);
  const Answer stats = api().get("/api/stats");
  EXPECT_GT(stats.number("stats.bytes_saved"), 8'000'000);
}

TEST_F(Story, deleting_a_model_frees_only_what_nobody_else_uses) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/medium"));
  ASSERT_TRUE(fetch("test/twin-of-medium"));
  const Answer twin = model("test_twin-of-medium");
  const Answer removed = api().remove("/api/models/test_medium");
  EXPECT_EQ(removed.status, 200) << removed.brief();
  EXPECT_EQ(model("test_medium").status, 404);
  EXPECT_TRUE(wait_until([&] { return !fs::exists(service().mount() + "/test_medium"); }, 5'000));
  for (const std::string at : {"model.files.0.", "model.files.1."}) {
    EXPECT_EQ(sha256_of_file(file("test_twin-of-medium", twin.text(at + "path"))),
              twin.text(at + "sha256"));
  }
  // config.json was the deleted model's alone.
  OutsideDatabase db(service().layout().database());
  EXPECT_TRUE(wait_until([&] { return db.number("SELECT count(sha256) FROM blobs") == 2; }, 5'000));
  EXPECT_EQ(api().remove("/api/models/test_twin-of-medium").status, 200);
  EXPECT_TRUE(wait_until([&] { return db.number("SELECT count(sha256) FROM blobs") == 0; }, 5'000));
  std::size_t blobs = 0;
  for (const auto& entry : fs::recursive_directory_iterator(service().layout().blobs_dir())) {
    if (entry.is_regular_file()) ++blobs;
  }
  EXPECT_EQ(blobs, 0U);
}

TEST_F(Story, an_id_is_free_again_at_once_after_a_delete) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  EXPECT_EQ(api().remove("/api/models/test_tiny").status, 200);
  ASSERT_TRUE(fetch("test/tiny"));
  expect_whole(service());
}

TEST_F(Story, every_file_comes_through_the_api_as_it_is_on_the_disk) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/formats"));
  const Answer shown = model("test_formats");
  ASSERT_GT(shown.size("model.files"), 5U);
  for (std::size_t i = 0; i < shown.size("model.files"); ++i) {
    const std::string at = "model.files." + std::to_string(i) + ".";
    const Answer got = api().get("/api/models/test_formats/files/" + shown.text(at + "path"));
    EXPECT_EQ(got.status, 200) << shown.text(at + "path");
    EXPECT_EQ(sha256_hex(got.body), shown.text(at + "sha256")) << shown.text(at + "path");
  }
}

TEST_F(Story, B45_names_with_blanks_and_marks_arrive_byte_exact) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/odd-names"));
  const auto at = [](std::string_view path) {
    return "/api/models/test_odd-names/files/" + percent_encode(path, "/");
  };
  const Answer question = api().get(at("a?b#c%41 d"));
  EXPECT_EQ(question.status, 200) << question.brief();
  EXPECT_EQ(question.body, "a question\n");
  EXPECT_EQ(api().get(at("sub dir/we ird#name+100%.txt")).body, "odd but legal\n");
  EXPECT_EQ(api().get(at("empty.txt")).status, 200);
  EXPECT_EQ(api().get(at("a..b.txt")).body, "two dots\n");
  expect_ready_files_are_right(service().layout());
}

TEST_F(Story, several_revisions_of_one_model_are_kept_apart) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/history"));
  const std::string main = model("test_history").text("model.commit");
  ASSERT_TRUE(fetch("test/history", R"("revision":"v1")"));
  const Answer shown = model("test_history");
  EXPECT_EQ(shown.size("model.revisions"), 2U);
  EXPECT_EQ(shown.text("model.commit"), main) << "the folder stays at what was asked for first";
  EXPECT_EQ(api().post("/api/models/download", asking("test/history", R"("revision":"v1")")).status,
            200);
}

TEST_F(Story, B48_a_revision_with_slashes_works) {
  ASSERT_TRUE(start());
  const Answer answer =
      api().post("/api/models/download", asking("test/history", R"("revision":"refs/heads/dev")"));
  EXPECT_TRUE(answer.status == 202 || answer.status == 200) << answer.brief();
}

}  // namespace
}  // namespace modelkeep::system_test
