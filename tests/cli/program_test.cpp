// The real binary against a server that says whatever the test wants, however wrong.
#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/cli/program_run.h"
#include "tests/support/raw_server.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::cli {
namespace {

std::string http(const std::string& body, const std::string& status = "200 OK",
                 const std::string& more = "Content-Type: application/json\r\n") {
  return "HTTP/1.1 " + status + "\r\n" + more + "Content-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

constexpr const char* kStats =
    R"({"success":true,"stats":{"total_models":5,"total_size_bytes":7,"total_requests":3,"unique_users":4}})";

Ended run(std::vector<std::string> args, std::map<std::string, std::string> environment = {}) {
  return run_program(
      {.args = std::move(args), .environment = std::move(environment), .program = {}});
}

bool is_one_line(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n') == 1;
}

TEST(Program, asks_the_server_it_is_told_and_says_who_asks) {
  RawServer server([](const std::string&) { return http(kStats); });
  const Ended ended =
      run({"-s", server.url(), "stats"}, {{"USER", "ana"}, {"MODELKEEP_TOKEN", "hf_mkabc"}});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_NE(ended.out.find("models      5\n"), std::string::npos);
  EXPECT_EQ(ended.err, "");
  const std::string request = server.requests().at(0);
  EXPECT_TRUE(request.starts_with("GET /api/stats HTTP/1.1\r\n"));
  EXPECT_NE(request.find("X-Username: ana\r\n"), std::string::npos);
  EXPECT_NE(request.find("Authorization: Bearer hf_mkabc\r\n"), std::string::npos);
}

TEST(Program, B79_an_unreachable_server_is_status_3_in_one_line) {
  std::string url;
  {
    const RawServer gone([](const std::string&) { return std::string(); });
    url = gone.url();
  }
  for (const char* command : {"list", "stats", "health", "queue"}) {
    const Ended ended = run({command, "-server", url});
    EXPECT_EQ(ended.status, 3);
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(is_one_line(ended.err)) << ended.err;
    EXPECT_NE(ended.err.find(url), std::string::npos);
  }
}

TEST(Program, a_server_that_hangs_up_is_status_3) {
  RawServer server([](const std::string&) { return std::string(); });
  EXPECT_EQ(run({"-s", server.url(), "stats"}).status, 3);
}

TEST(Program, B79_html_instead_of_json_is_status_1_and_is_not_shown) {
  RawServer server([](const std::string&) {
    return http("<html><h1>Welcome to nginx</h1>\x1b[2J</html>", "200 OK",
                "Content-Type: text/html\r\n");
  });
  const Ended ended = run({"-s", server.url(), "list"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(is_one_line(ended.err)) << ended.err;
  EXPECT_NE(ended.err.find("text/html"), std::string::npos);
  EXPECT_EQ((ended.out + ended.err).find('\x1b'), std::string::npos);
}

TEST(Program, B79_ten_mebibytes_without_a_line_break_are_status_1_and_a_short_complaint) {
  const std::string flood(10 << 20, 'A');
  for (const std::string& answer :
       {flood, "HTTP/1.1 200 " + flood, "HTTP/1.1 200 OK\r\nX-Flood: " + flood, http(flood),
        http(R"({"success":false,"error":")" + flood + "\"}", "400 Bad")}) {
    RawServer server([&](const std::string&) { return answer; });
    const Ended ended = run({"-s", server.url(), "list"});
    EXPECT_NE(ended.status, 0) << answer.substr(0, 40);
    EXPECT_TRUE(is_one_line(ended.err));
    EXPECT_LT(ended.err.size(), 1200u);
    EXPECT_EQ(ended.out, "");
  }
}

TEST(Program, B79_escapes_in_names_stay_escapes_you_can_see) {
  RawServer server([](const std::string&) {
    return http(
        R"({"success":true,"total":1,"models":[{"id":"x","name":"evil\u001b]0;title\u0007\u001b[2J"}]})");
  });
  const Ended ended = run({"-s", server.url(), "list"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_EQ(ended.out.find('\x1b'), std::string::npos);
  EXPECT_NE(ended.out.find("evil\\x1b]0;title\\x07\\x1b[2J"), std::string::npos);
}

TEST(Program, B79_a_bad_server_address_is_status_2) {
  for (const char* url :
       {"", "gpu1:5000", "ftp://gpu1", "http://", "http://user:pw@gpu1", "http://gpu1/?a"}) {
    const Ended ended = run({"list", "--server", url});
    EXPECT_EQ(ended.status, 2) << url;
    EXPECT_TRUE(is_one_line(ended.err)) << ended.err;
  }
}

TEST(Program, B79_a_closed_stdout_is_a_failure_without_a_word) {
  RawServer server([](const std::string&) { return http(kStats); });
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"-s", server.url(), "stats"},
        {"--help"},
        {"version"},
        {"completions", "bash"}}) {
    const Ended ended =
        run_program({.args = args, .environment = {}, .closed_stdout = true, .program = {}});
    EXPECT_EQ(ended.status, 1) << args.back();
    EXPECT_EQ(ended.err, "");
  }
}

TEST(Program, a_redirect_to_another_host_is_not_followed) {
  RawServer other([](const std::string&) { return http(kStats); }, 2);
  RawServer server([&](const std::string&) {
    return http("", "302 Found", "Location: " + other.url() + "/api/stats\r\n");
  });
  const Ended ended = run({"-s", server.url(), "stats"}, {{"MODELKEEP_TOKEN", "hf_mkabc"}});
  EXPECT_EQ(ended.status, 1);
  EXPECT_TRUE(other.requests().empty());
  EXPECT_NE(ended.err.find(other.url()), std::string::npos);
}

TEST(Program, refuses_to_delete_without_a_terminal_or_yes) {
  RawServer server([](const std::string& request) {
    return request.starts_with("DELETE")
               ? http(R"({"success":true,"message":"Model deleted successfully"})")
               : http(R"({"success":true,"model":{"id":"gpt2","name":"gpt2","size_bytes":5}})");
  });
  EXPECT_EQ(run({"-s", server.url(), "delete", "-i", "gpt2"}).status, 1);
  EXPECT_EQ(server.requests().size(), 1u);
  const Ended ended = run({"delete", "-id", "gpt2", "--yes", "-server", server.url()});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(server.requests().back().starts_with("DELETE /api/models/gpt2 "));
}

TEST(Program, interrupted_while_it_waits_it_says_that_the_download_goes_on) {
  RawServer server([](const std::string&) {
    return http(
        R"({"success":true,"download":{"id":12,"model_name":"gpt2","status":"downloading"},)"
        R"("model":{"id":"gpt2","name":"gpt2"}})");
  });
  const Ended ended = run_program({.args = {"-s", server.url(), "download", "gpt2"},
                                   .environment = {},
                                   .program = {},
                                   .interrupt_after_ms = 900});
  EXPECT_EQ(ended.status, 130);
  EXPECT_NE(ended.err.find("download 12 of gpt2 goes on at the server"), std::string::npos)
      << ended.err;
  const std::vector<std::string> requests = server.requests();
  EXPECT_TRUE(std::none_of(requests.begin(), requests.end(), [](const std::string& r) {
    return r.find("cancel") != std::string::npos;
  }));
}

TEST(Program, completions_are_scripts_that_their_shells_accept) {
  const TempFolder folder;
  for (const auto& [shell, check] :
       {std::pair{"bash", "-n"}, {"zsh", "-n"}, {"fish", "--no-execute"}}) {
    const std::string path = folder.path() + "/" + shell;
    std::ofstream(path) << run({"completions", shell}).out;
    const std::string program = std::string("/usr/bin/") + shell;
    if (::access(program.c_str(), X_OK) != 0) continue;
    const Ended ended = run_program({.args = {check, path}, .environment = {}, .program = program});
    EXPECT_EQ(ended.status, 0) << shell << ": " << ended.err;
  }
}

TEST(Program, bash_completes_commands_options_and_fixed_words) {
  const TempFolder folder;
  const std::string path = folder.path() + "/script";
  const std::pair<const char*, const char*> rows[] = {
      {"modelkeep que", "queue"},
      {"modelkeep -s http://h:1 heal", "health"},
      {"modelkeep list --sort req", "requests"},
      {"modelkeep download --det", "--detach"},
      {"modelkeep help comp", "completions"},
      {"modelkeep completions f", "fish"},
  };
  const std::string script = run({"completions", "bash"}).out;
  for (const auto& [line, expected] : rows) {
    std::ofstream(path) << script << "COMP_WORDS=(" << line
                        << "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _modelkeep; "
                        << "echo \"${COMPREPLY[@]}\"\n";
    const Ended ended = run_program({.args = {path}, .environment = {}, .program = "/bin/bash"});
    EXPECT_EQ(ended.out, std::string(expected) + "\n") << line << ended.err;
  }
}

}  // namespace
}  // namespace modelkeep::cli
