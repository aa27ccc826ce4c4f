#include "cli/client.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

constexpr const char* kStats =
    R"({"success":true,"stats":{"total_models":1,"total_size_bytes":2,"total_requests":3,"unique_users":4}})";

std::string header_of(const HttpRequest& request, const std::string& name) {
  const auto found =
      std::ranges::find(request.headers, name, &std::pair<std::string, std::string>::first);
  return found == request.headers.end() ? "" : found->second;
}

TEST(Client, says_who_asks_and_sends_the_token_apart_from_the_headers) {
  FakeWorld world;
  world.variables["MODELKEEP_TOKEN"] = "hf_mkabc";
  world.answers("GET /api/stats", 200, kStats);
  EXPECT_EQ(world.run("stats"), kDone);
  ASSERT_EQ(world.requests.size(), 1u);
  EXPECT_EQ(header_of(world.requests[0], "X-Username"), "ana");
  EXPECT_EQ(world.requests[0].token, "hf_mkabc");
  EXPECT_EQ(world.requests[0].url, "http://localhost:5000/api/stats");
}

TEST(Client, percent_encodes_what_people_type) {
  EXPECT_EQ(with_query("/api/models", {{"search", "a b&c=d/é"}, {"limit", "5"}}),
            "/api/models?search=a%20b%26c%3Dd%2F%C3%A9&limit=5");
}

TEST(Client, a_refusal_is_one_line_with_the_servers_sentence_and_status_1) {
  FakeWorld world;
  world.answers("GET /api/stats", 503,
                R"({"success":false,"error":"The database is busy.\nreally","code":"x"})");
  EXPECT_EQ(world.run("stats"), kRefused);
  EXPECT_EQ(world.talk(), "modelkeep: The database is busy.\\nreally\n");
  EXPECT_EQ(world.out(), "");
}

TEST(Client, json_prints_the_refusal_too) {
  FakeWorld world;
  const std::string problem = R"({"success":false,"error":"No.","code":"state_conflict"})";
  world.answers("GET /api/stats", 409, problem);
  EXPECT_EQ(world.run("stats --json"), kRefused);
  EXPECT_EQ(world.out(), problem + "\n");
  EXPECT_EQ(world.talk(), "modelkeep: No.\n");
}

TEST(Client, a_missing_token_is_named_with_the_way_to_give_one) {
  FakeWorld world;
  world.answers("GET /api/stats", 401,
                R"({"success":false,"error":"Sign in first.","code":"auth_required"})");
  EXPECT_EQ(world.run("stats"), kRefused);
  EXPECT_EQ(world.talk(),
            "modelkeep: Sign in first; set MODELKEEP_TOKEN or use --token-file FILE\n");
}

TEST(Client, a_silent_server_is_status_3) {
  FakeWorld world;
  world.goes_silent("GET /api/stats");
  EXPECT_EQ(world.run("-s http://gpu1:5000 stats"), kUnreachable);
  EXPECT_EQ(world.talk(),
            "modelkeep: no answer from http://gpu1:5000: the server could not be reached; is it "
            "running there? "
            "-s URL names another\n");
}

TEST(Client, what_is_no_answer_of_ours_is_status_1_and_is_not_printed) {
  const std::pair<int, std::string> rows[] = {
      {200, "<html>\x1b[2J</html>"},
      {200, ""},
      {200, "[]"},
      {200, R"({"success":false})"},
      {200, R"({"success":true})"},
      {502, "<html>"},
      {404, "not json"},
      {200, R"({"success":true,"stats":[]})"},
  };
  for (const auto& [status, body] : rows) {
    for (const char* line : {"stats", "stats --json"}) {
      FakeWorld world;
      world.answers("GET /api/stats", status, body);
      const int exit = world.run(line);
      const std::string talk = world.talk();
      // With --json a well-formed success is passed on unread.
      if (std::string_view(line) == "stats --json" && body.starts_with(R"({"success":true)"))
        continue;
      EXPECT_EQ(exit, kRefused) << body;
      EXPECT_EQ(talk.find('\x1b'), std::string::npos);
      EXPECT_EQ(std::ranges::count(talk, '\n'), 1) << talk;
      EXPECT_EQ(world.out(), "");
    }
  }
}

TEST(Client, a_redirect_is_told_and_not_followed) {
  FakeWorld world;
  world.answers("GET /api/stats", 302, "");
  EXPECT_EQ(world.run("stats"), kRefused);
  EXPECT_EQ(world.requests.size(), 1u);
  EXPECT_NE(world.talk().find("redirects to"), std::string::npos);
}

TEST(Client, a_line_of_ten_mebibytes_is_cut_in_the_complaint) {
  FakeWorld world;
  world.answers("GET /api/stats", 400,
                R"({"success":false,"error":")" + std::string(10 << 20, 'x') + R"(","code":"x"})");
  EXPECT_EQ(world.run("stats"), kRefused);
  EXPECT_LT(world.talk().size(), 1100u);
}

}  // namespace
}  // namespace modelkeep::cli
