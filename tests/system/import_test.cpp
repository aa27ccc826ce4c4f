// A folder is imported while the service runs, and read through every door.
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class Import : public RunningStore {
 protected:
  std::string source() { return service().scratch() + "/tuned"; }
  void put(const std::string& path, const std::string& text) {
    const fs::path file = source() + "/" + path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  Finished import(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"import", source(), "--name", "team/tuned"};
    words.insert(words.end(), more.begin(), more.end());
    return run_program(service().command(words), 60'000);
  }
};

TEST_F(Import, a_folder_becomes_a_model_at_every_door) {
  ASSERT_TRUE(start());
  put("config.json", "{\"by\":\"us\"}\n");
  put("sub/weights.bin", std::string(3'000'000, 'w'));
  const Finished finished = import();
  ASSERT_TRUE(finished.exit.has_value());
  EXPECT_EQ(finished.exit->status, 0) << finished.output;
  EXPECT_NE(finished.output.find("imported team/tuned (team_tuned): 2 files"), std::string::npos)
      << finished.output;
  const Answer shown = model("team_tuned");
  EXPECT_EQ(shown.text("model.status"), "ready") << shown.brief();
  EXPECT_EQ(shown.text("model.integrity"), "unverified");
  EXPECT_TRUE(shown.flag("model.complete"));
  EXPECT_EQ(api().get("/hf/team/tuned/resolve/main/config.json").body, "{\"by\":\"us\"}\n");
  EXPECT_EQ(api().get("/hf/api/models/team/tuned").text("sha"), shown.text("model.commit"));
  EXPECT_TRUE(fs::exists(service().mount() + "/team_tuned/sub/weights.bin"));
  EXPECT_EQ(api().get("/api/downloads").text("downloads.0.status"), "ready");
  expect_whole(service());
  EXPECT_EQ(import().output.substr(0, 9), "unchanged");
  EXPECT_EQ(api().remove("/api/models/team_tuned").status, 200);
  EXPECT_TRUE(wait_until([&] { return !fs::exists(service().mount() + "/team_tuned"); }, 20'000));
}

TEST_F(Import, says_what_is_wrong_and_takes_nothing) {
  ASSERT_TRUE(start());
  put("ok.txt", "x");
  fs::create_symlink("/etc/passwd", source() + "/passwd");
  const Finished refused = import();
  ASSERT_TRUE(refused.exit.has_value());
  EXPECT_EQ(refused.exit->status, 1);
  EXPECT_EQ(model("team_tuned").status, 404);
  EXPECT_EQ(import({"--revision"}).exit->status, 2);
}

TEST_F(Import, killed_in_the_middle_it_shows_nothing_and_goes_on) {
  ASSERT_TRUE(start());
  for (int i = 0; i < 40; ++i)
    put("part-" + std::to_string(i), std::string(2'000'000, static_cast<char>('a' + i % 26)));
  auto program = Program::start(service().command({"import", source(), "--name", "team/tuned"}));
  ASSERT_TRUE(program);
  ASSERT_TRUE(wait_until([&] { return model("team_tuned").status == 200; }, 20'000));
  program->kill_now();
  EXPECT_FALSE(fs::exists(service().mount() + "/team_tuned"));
  const Finished again = import();
  ASSERT_TRUE(again.exit.has_value());
  EXPECT_EQ(again.exit->status, 0) << again.output;
  EXPECT_EQ(model("team_tuned").text("model.status"), "ready");
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
