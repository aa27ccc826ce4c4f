#include <gtest/gtest.h>

#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

const std::string kModel = model_json("google/flan-t5-small", R"("status":"downloading",)");

std::string download(const std::string& status, const std::string& more = "") {
  return R"({"id":12,"model_id":"google_flan-t5-small","model_name":"google/flan-t5-small","status":")" +
         status + R"(","bytes_total":312400000,)" + more +
         R"("files":[{"path":"config.json","size_bytes":1400,"bytes_done":1400,"status":"done"}]})";
}

std::string accepted() {
  return R"({"success":true,"message":"Download queued","download":)" + download("queued") +
         R"(,"model":)" + kModel + "}";
}

std::string about(const std::string& one) {
  return R"({"success":true,"download":)" + one + "}";
}

constexpr const char* kPost = "POST /api/models/download";
constexpr const char* kAsk = "GET /api/downloads/12";

TEST(Download, waits_until_the_model_is_ready_and_prints_its_folder) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  world.answers(kAsk, 200, about(download("downloading", R"("bytes_done":100000000,)")));
  world.answers(kAsk, 200, about(download("downloading", R"("bytes_done":200000000,)")));
  world.answers(kAsk, 200, about(download("ready", R"("bytes_done":312400000,)")));
  EXPECT_EQ(world.run("download google/flan-t5-small"), kDone);
  EXPECT_EQ(world.out(), "/mnt/models/google_flan-t5-small\n");
  const std::string talk = world.talk();
  EXPECT_TRUE(talk.ends_with("google/flan-t5-small is ready: 312.4 MB in 1 file, 1 s\n")) << talk;
  EXPECT_EQ(world.requests[0].body, R"({"model_name":"google/flan-t5-small"})");
}

TEST(Download, every_old_spelling_asks_the_same) {
  for (const char* line :
       {"download -name gpt2", "download -n gpt2", "download --name gpt2", "download gpt2"}) {
    FakeWorld world;
    world.answers(
        kPost, 200,
        R"({"success":true,"message":"already there","model":)" + model_json("gpt2") + "}");
    EXPECT_EQ(world.run(line), kDone) << line;
    EXPECT_EQ(world.requests[0].body, R"({"model_name":"gpt2"})") << line;
    EXPECT_EQ(world.out(), "/mnt/models/gpt2\n");
    EXPECT_EQ(world.talk(), "gpt2 is in the store already: 312.4 MB\n");
    EXPECT_EQ(world.requests.size(), 1u);
  }
}

TEST(Download, takes_patterns_and_files_as_the_hubs_client_takes_them) {
  const std::pair<std::vector<std::string>, const char*> rows[] = {
      {{"download", "gpt2", "--include", "*.json", "*.txt", "--exclude", "a", "b"},
       R"({"model_name":"gpt2","allow_patterns":["*.json","*.txt"],"ignore_patterns":["a","b"]})"},
      {{"download", "--include", "*.json", "gpt2"},
       R"({"model_name":"gpt2","allow_patterns":["*.json"]})"},
      {{"download", "gpt2", "config.json", "model.safetensors"},
       R"({"model_name":"gpt2","allow_patterns":["config.json","model.safetensors"]})"},
  };
  for (const auto& [words, body] : rows) {
    FakeWorld world;
    world.answers(kPost, 200, R"({"success":true,"model":)" + model_json("gpt2") + "}");
    EXPECT_EQ(world.run(words), kDone) << world.talk();
    ASSERT_EQ(world.requests.size(), 1u);
    EXPECT_EQ(world.requests[0].body, body);
  }
  FakeWorld world;
  EXPECT_EQ(world.run({"download", "gpt2", "config.json", "--include", "x"}), kWrongUsage);
}

TEST(Download, passes_on_revision_patterns_and_priority) {
  FakeWorld world;
  world.run({"download", "a/b", "--revision", "v1", "--include", "*.json", "--include", "*.gguf",
             "--exclude", "x*", "--priority", "high", "-d"});
  EXPECT_EQ(
      world.requests.at(0).body,
      R"({"model_name":"a/b","revision":"v1","allow_patterns":["*.json","*.gguf"],"ignore_patterns":["x*"],)"
      R"("priority":"high"})");
}

TEST(Download, detached_does_not_wait) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  EXPECT_EQ(world.run("download google/flan-t5-small --detach"), kDone);
  EXPECT_EQ(world.requests.size(), 1u);
  EXPECT_EQ(world.out(), "download 12 of google/flan-t5-small is in the queue\n");
}

TEST(Download, a_failed_one_is_status_1_with_cause_and_next_step) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  world.answers(
      kAsk, 200,
      about(download("failed", R"("error":"The repository is gated.","error_code":"x",)")));
  EXPECT_EQ(world.run("download google/flan-t5-small"), kRefused);
  EXPECT_EQ(world.out(), "");
  EXPECT_TRUE(world.talk().ends_with(
      "modelkeep: download 12 of google/flan-t5-small failed: The repository is "
      "gated. (modelkeep retry 12 tries again)\n"));
}

TEST(Download, a_cancelled_one_is_status_1) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  world.answers(kAsk, 200, about(download("cancelled")));
  EXPECT_EQ(world.run("download google/flan-t5-small"), kRefused);
  EXPECT_TRUE(world.talk().ends_with("download 12 of google/flan-t5-small was cancelled\n"));
}

TEST(Download, survives_a_restart_of_the_server) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  world.answers(kAsk, 200, about(download("downloading")));
  world.goes_silent(kAsk);
  world.answers(kAsk, 502, "<html>");
  world.goes_silent(kAsk);
  world.answers(kAsk, 200, about(download("ready")));
  EXPECT_EQ(world.run("download google/flan-t5-small"), kDone);
  EXPECT_NE(world.talk().find("the server does not answer at the moment; waiting for it\n"),
            std::string::npos);
}

TEST(Download, gives_up_with_status_3_when_the_server_stays_away) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  world.goes_silent(kAsk);
  EXPECT_EQ(world.run("download google/flan-t5-small"), kUnreachable);
  EXPECT_GT(world.requests.size(), 100u);
}

TEST(Download, json_prints_the_last_answer_alone) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  world.answers(kAsk, 200, about(download("downloading")));
  world.answers(kAsk, 200, about(download("failed", R"("error":"no",)")));
  EXPECT_EQ(world.run("download google/flan-t5-small --json"), kRefused);
  EXPECT_EQ(world.out(), about(download("failed", R"("error":"no",)")) + "\n");
}

TEST(Download, shows_files_when_asked) {
  FakeWorld world;
  world.answers(kPost, 202, accepted());
  world.answers(kAsk, 200, about(download("ready")));
  EXPECT_EQ(world.run("download google/flan-t5-small -v"), kDone);
  EXPECT_NE(world.talk().find("  config.json  1.4 kB  done\n"), std::string::npos);
}

TEST(Download, a_refusal_of_the_name_is_the_servers_sentence) {
  FakeWorld world;
  world.answers(
      kPost, 400,
      R"({"success":false,"error":"'a b' is no repository name.","code":"repo_id_invalid"})");
  EXPECT_EQ(world.run(std::vector<std::string>{"download", "a b"}), kRefused);
  EXPECT_EQ(world.talk(), "modelkeep: 'a b' is no repository name.\n");
}

}  // namespace
}  // namespace modelkeep::cli
