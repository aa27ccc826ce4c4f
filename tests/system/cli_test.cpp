// The command line against the real service: what the two old clients could do, in their spellings,
// and what this one adds.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

struct Said {
  int status = -1;
  std::string out;
  std::string err;
};

class CommandLine : public RunningStore {
 protected:
  ProgramOptions command(const std::vector<std::string>& words, const std::string& log) {
    ProgramOptions program;
    program.command = {MODELKEEP_BIN_DIR "/modelkeep"};
    program.command.insert(program.command.end(), words.begin(), words.end());
    program.set_variables = {
        {"MODELKEEP_SERVER", service().url()}, {"USER", "ana"}, {"HOME", service().scratch()}};
    program.log_file = log;
    program.reads_stdout = true;
    return program;
  }

  Said run(const std::vector<std::string>& words) {
    const std::string log = service().scratch() + "/cli-" + std::to_string(++runs_) + ".log";
    const Finished finished = run_program(command(words, log), 60'000);
    std::ifstream file(log, std::ios::binary);
    const std::string err{std::istreambuf_iterator<char>(file), {}};
    return {finished.exit ? finished.exit->status : -1, finished.output, err};
  }

 private:
  int runs_ = 0;
};

TEST_F(CommandLine, downloads_shows_changes_and_deletes_in_the_words_of_the_old_clients) {
  ASSERT_TRUE(start());
  const std::string folder = service().mount() + "/test_tiny";

  const Said downloaded = run({"download", "-name", "test/tiny"});
  EXPECT_EQ(downloaded.status, 0) << downloaded.err;
  EXPECT_EQ(downloaded.out, folder + "\n");
  EXPECT_TRUE(std::filesystem::exists(folder + "/config.json"));
  EXPECT_NE(downloaded.err.find("test/tiny is ready: "), std::string::npos) << downloaded.err;

  const Said again = run({"download", "-n", "test/tiny"});
  EXPECT_EQ(again.status, 0);
  EXPECT_EQ(again.out, folder + "\n");
  EXPECT_NE(again.err.find("in the store already"), std::string::npos) << again.err;

  EXPECT_NE(run({"list"}).out.find("test/tiny"), std::string::npos);
  const Said by_id = run({"get", "-id", "test_tiny"});
  EXPECT_NE(by_id.out.find(folder), std::string::npos) << by_id.out << by_id.err;
  EXPECT_NE(by_id.out.find("ana from 127.0.0.1"), std::string::npos) << by_id.out;
  EXPECT_EQ(run({"get", "test/tiny", "--files"}).status, 0);

  const Said updated =
      run({"update", "test/tiny", "--description", "a small one", "--tags", "x,y"});
  EXPECT_EQ(updated.status, 0) << updated.err;
  EXPECT_NE(run({"get", "-i", "test_tiny"}).out.find("x, y"), std::string::npos);

  EXPECT_NE(run({"stats", "-server", service().url()}).out.find("models "), std::string::npos);
  EXPECT_EQ(run({"-s", service().url(), "health"}).status, 0);

  EXPECT_EQ(run({"delete", "-id", "test_tiny"}).status, 1) << "nobody was there to ask";
  EXPECT_TRUE(std::filesystem::exists(folder));
  const Said deleted = run({"delete", "-i", "test_tiny", "--yes"});
  EXPECT_EQ(deleted.status, 0) << deleted.err;
  EXPECT_EQ(deleted.out, "Model deleted successfully\n");
  EXPECT_EQ(run({"get", "test/tiny"}).status, 1);
}

TEST_F(CommandLine, says_why_a_download_failed) {
  ASSERT_TRUE(start());
  const Said gated = run({"download", "test/gated"});
  EXPECT_EQ(gated.status, 1);
  EXPECT_EQ(gated.out, "");
  EXPECT_NE(gated.err.find("failed: "), std::string::npos) << gated.err;
  const Said unknown = run({"download", "test/no-such-model"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_NE(unknown.err.find("modelkeep: "), std::string::npos) << unknown.err;
  const Said wrong = run({"download", "not a name"});
  EXPECT_EQ(wrong.status, 1);
  EXPECT_NE(run({"queue", "--failed"}).out.find("test/gated"), std::string::npos);
}

TEST_F(CommandLine, steers_a_download_by_its_number_and_by_its_model) {
  prepare({}, {"--rate-total", "1MB"});
  hub().add_repo("bench/slow", 40'000'000);
  ASSERT_TRUE(service().start());
  const Said accepted = run({"download", "bench/slow", "--detach"});
  ASSERT_EQ(accepted.status, 0) << accepted.err;
  EXPECT_NE(run({"queue"}).out.find("bench/slow"), std::string::npos);
  const std::string number = std::to_string(api().get("/api/downloads").number("downloads.0.id"));
  const Said paused = run({"pause", "bench/slow"});
  EXPECT_EQ(paused.status, 0) << paused.err;
  EXPECT_EQ(paused.out, "download " + number + " of bench/slow is paused\n");
  const Said resumed = run({"resume", number});
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  const Said cancelled = run({"cancel", "bench/slow"});
  EXPECT_EQ(cancelled.status, 0) << cancelled.err;
  EXPECT_EQ(run({"get", "bench/slow"}).status, 1)
      << "a cancelled first download takes its row along";
}

TEST_F(CommandLine, orders_the_queue_and_sets_its_limits) {
  prepare({}, {"--rate-total", "1MB"});
  for (int i = 0; i < 5; ++i) hub().add_repo("order/m" + std::to_string(i), 20'000'000, 10 + i);
  ASSERT_TRUE(service().start());
  EXPECT_EQ(run({"limit", "--downloads", "1"}).status, 0);
  for (int i = 0; i < 5; ++i)
    ASSERT_EQ(run({"download", "order/m" + std::to_string(i), "--detach"}).status, 0);
  const Said moved = run({"queue", "move", "order/m4", "1"});
  EXPECT_EQ(moved.status, 0) << moved.err;
  EXPECT_NE(moved.out.find("place 1 in the queue"), std::string::npos) << moved.out;
  const Said urgent = run({"queue", "priority", "order/m3", "high"});
  EXPECT_NE(urgent.out.find("high priority and place 1"), std::string::npos) << urgent.out;
  const Said set =
      run({"limit", "--rate", "200MB/s", "--window", "mon-fri 08:00-20:00 downloads=0"});
  EXPECT_EQ(set.status, 0) << set.err;
  EXPECT_NE(set.out.find("mon, tue, wed, thu, fri 08:00-20:00: nothing is fetched"),
            std::string::npos)
      << set.out;
  EXPECT_NE(set.out.find("(set by ana)"), std::string::npos) << set.out;
  EXPECT_EQ(run({"limit", "--default"}).status, 0);
  EXPECT_EQ(run({"limit", "--downloads", "0"}).status, 1);
}

TEST_F(CommandLine, follows_the_list_over_its_pages_and_hands_json_through) {
  ASSERT_TRUE(start());
  for (const char* name : {"test/tiny", "test/formats", "test/history"}) ASSERT_TRUE(fetch(name));
  const Said limited = run({"list", "--limit", "2", "--json"});
  EXPECT_EQ(limited.status, 0) << limited.err;
  EXPECT_NE(limited.out.find("next_cursor"), std::string::npos);
  const Said all = run({"list", "--all"});
  for (const char* name : {"test/tiny", "test/formats", "test/history"}) {
    EXPECT_NE(all.out.find(name), std::string::npos) << all.out;
  }
  EXPECT_NE(run({"list", "--search", "form"}).out.find("test/formats"), std::string::npos);
  EXPECT_EQ(run({"list", "--search", "form"}).out.find("test/tiny"), std::string::npos);
}

}  // namespace
}  // namespace modelkeep::system_test
