// The upstream token: it reaches the Hub's own host and no other place, neither a log nor the
// database nor an answer.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

const std::string kToken = "hf_standin0member0000000000000000000000";

class Secrets : public RunningStore {
 protected:
  static std::string content_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Every file of the state folder, and everything the service wrote to its log.
  void expect_nowhere(const std::string& secret) {
    EXPECT_EQ(service().log().find(secret), std::string::npos) << "in the log";
    std::error_code ignored;
    for (fs::recursive_directory_iterator entry(service().layout().own_dir(), ignored), end;
         !ignored && entry != end; entry.increment(ignored)) {
      if (!entry->is_regular_file()) continue;
      EXPECT_EQ(content_of(entry->path()).find(secret), std::string::npos) << entry->path();
    }
  }
  void expect_in_no_answer(const std::string& secret) {
    for (const char* target : {"/api/health", "/api/models", "/api/models/test_gated",
                               "/api/downloads", "/api/downloads/1", "/api/stats"}) {
      const Answer answer = api().get(target);
      EXPECT_EQ(answer.body.find(secret), std::string::npos) << target;
    }
  }
};

TEST_F(Secrets, the_token_is_in_no_log_no_row_and_no_answer_and_stays_with_the_hub) {
  ServiceOptions options;
  options.environment["HF_TOKEN"] = kToken;
  options.environment["MODELKEEP_LOG_LEVEL"] = "debug";
  ASSERT_TRUE(start(options));
  ASSERT_TRUE(fetch("test/gated"));
  // And where things go wrong, which is where secrets slip out.
  hub().add_fault(R"({"kind":"status","status":500,"call":"cdn","match":"test/medium","times":2})");
  hub().add_fault(R"({"kind":"redirect_sink","call":"resolve","match":"test/formats","times":1})");
  ask("test/formats");
  ASSERT_TRUE(fetch("test/medium"));
  ask("test/private");
  ask("test/disabled");
  wait_until([&] { return download(5).text("download.status") == "failed"; }, 5'000);
  EXPECT_EQ(hub().log().number("token_leaks"), 0);
  EXPECT_GT(hub().requests(), 0);
  expect_in_no_answer(kToken);
  service().stop();
  expect_nowhere(kToken);
  // A signed address is a credential as well.
  expect_nowhere("Signature=");
}

TEST_F(Secrets, HUGGINGFACE_TOKEN_works_as_the_old_server_had_it) {
  ServiceOptions options;
  options.environment["HUGGINGFACE_TOKEN"] = kToken;
  ASSERT_TRUE(start(options));
  EXPECT_TRUE(fetch("test/gated"));
}

TEST_F(Secrets, workers_and_nginx_are_started_without_the_token) {
  ServiceOptions options;
  options.environment["HF_TOKEN"] = kToken;
  ASSERT_TRUE(start(options));
  for (const Process& process : service().everyone()) {
    if (process.role == Role::master || process.role == Role::fetcher) continue;
    const std::string environment = content_of("/proc/" + std::to_string(process.pid) + "/environ");
    EXPECT_EQ(environment.find(kToken), std::string::npos) << process.command;
    EXPECT_EQ(process.command.find(kToken), std::string::npos);
  }
}

TEST_F(Secrets, B74_a_clients_own_token_is_ignored_and_never_written_down) {
  ASSERT_TRUE(start());
  const std::string foreign = "hf_canaryOfAClient00000000000000000000";
  const Answer answer =
      api().get("/api/models", {{"Cookie", "session=" + foreign}, {"X-Api-Key", foreign}});
  EXPECT_EQ(answer.status, 200);
  net::Request request;
  EXPECT_EQ(api().get("/api/models?username=ada&token=" + foreign).status, 200);
  service().stop();
  expect_nowhere(foreign);
}

}  // namespace
}  // namespace modelkeep::system_test
