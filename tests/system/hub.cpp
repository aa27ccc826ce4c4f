#include "tests/system/hub.h"

#include <gtest/gtest.h>

#include "base/check.h"

namespace modelkeep::system_test {
namespace {

Program started(const std::vector<std::string>& options) {
  ProgramOptions program;
  program.command = {MODELKEEP_BIN_DIR "/standin_hub", "--catalog", "test", "--exit-with-parent"};
  program.command.insert(program.command.end(), options.begin(), options.end());
  program.reads_stdout = true;
  auto hub = Program::start(program);
  CHECK(hub.has_value());
  return std::move(*hub);
}

/// The calls that carry bytes of files.
bool carries_content(const Answer& log, const std::string& request) {
  const std::string call = log.text(request + ".call");
  return call == "cdn" || call == "resolve" || call == "resolve-cache" || call == "raw";
}

}  // namespace

Hub::Hub(const std::vector<std::string>& options) : program_(started(options)) {
  url_ = program_.read_line(20'000);
  CHECK(url_.starts_with("http://"));
}

void Hub::add_fault(const std::string& json_text) {
  const Answer answer = Client(url_).post("/_standin/faults", json_text);
  EXPECT_EQ(answer.status, 200) << answer.brief();
}

void Hub::clear_faults() {
  EXPECT_EQ(Client(url_).remove("/_standin/faults").status, 200);
}

void Hub::add_repo_of(const std::string& json_text) {
  const Answer answer = Client(url_).post("/_standin/repos", json_text);
  EXPECT_EQ(answer.status, 200) << answer.brief();
}

void Hub::add_repo(const std::string& id, std::uint64_t size_bytes, int seed) {
  add_repo_of(R"({"id":")" + id +
              R"(","files":[{"path":"config.json","text":"{}"},)"
              R"({"path":"model.bin","lfs":true,"size":)" +
              std::to_string(size_bytes) + R"(,"seed":)" + std::to_string(seed) + "}]}");
}

Answer Hub::log() {
  return Client(url_).get("/_standin/log");
}

std::int64_t Hub::requests() {
  return static_cast<std::int64_t>(log().size("requests"));
}

std::int64_t Hub::content_requests(const std::string& repo) {
  const Answer answer = log();
  std::int64_t found = 0;
  for (std::size_t i = 0; i < answer.size("requests"); ++i) {
    const std::string request = "requests." + std::to_string(i);
    if (!carries_content(answer, request)) continue;
    if (repo.empty() || answer.text(request + ".repo") == repo) ++found;
  }
  return found;
}

std::int64_t Hub::content_bytes(const std::string& repo) {
  const Answer answer = log();
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < answer.size("requests"); ++i) {
    const std::string request = "requests." + std::to_string(i);
    if (!carries_content(answer, request) || answer.number(request + ".status") >= 300) continue;
    if (repo.empty() || answer.text(request + ".repo") == repo) {
      bytes += answer.number(request + ".body_bytes");
    }
  }
  return bytes;
}

void Hub::forget_log() {
  EXPECT_EQ(Client(url_).post("/_standin/reset").status, 200);
}

}  // namespace modelkeep::system_test
