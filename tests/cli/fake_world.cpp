#include "tests/cli/fake_world.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/dispatch.h"

namespace modelkeep::cli {
namespace {

// Times are shown in the caller's zone; tests live at Greenwich.
const bool at_greenwich = [] {
  ::setenv("TZ", "UTC", 1);
  return true;
}();

std::string taken_from(const Fd& file) {
  std::string text;
  std::array<char, 4096> block{};
  ::lseek(file.get(), 0, SEEK_SET);
  for (ssize_t count = 0; (count = ::read(file.get(), block.data(), block.size())) > 0;) {
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  static_cast<void>(::ftruncate(file.get(), 0) + at_greenwich);
  ::lseek(file.get(), 0, SEEK_SET);
  return text;
}

constexpr int kSilent = -1;

/// "http://localhost:5000/api/stats" -> "/api/stats"
std::string path_of(const std::string& url) {
  return url.substr(url.find('/', url.find("://") + 3));
}

}  // namespace

FakeWorld::FakeWorld()
    : out_(memfd_create("out", MFD_CLOEXEC)), talk_(memfd_create("talk", MFD_CLOEXEC)) {}

void FakeWorld::answers(const std::string& call, int status, const std::string& body) {
  answers_[call].push_back({status, "application/json", "", body});
}

void FakeWorld::goes_silent(const std::string& call) {
  answers_[call].push_back({kSilent, "", "", ""});
}

Result<HttpAnswer> FakeWorld::answer(const HttpRequest& request) {
  requests.push_back(request);
  auto& queue = answers_[request.method + " " + path_of(request.url)];
  if (queue.empty()) {
    return HttpAnswer{
        404, "application/problem+json", "",
        R"({"success":false,"error":"There is no such thing.","code":"model_not_found"})"};
  }
  const HttpAnswer next = queue.front();
  if (queue.size() > 1) queue.erase(queue.begin());
  if (next.status == kSilent) {
    return fail(ErrorKind::unavailable, kServerUnreachable, "The server could not be reached.");
  }
  return next;
}

int FakeWorld::run(const std::string& line) {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' ')) words.emplace_back(word);
  return run(words);
}

int FakeWorld::run(const std::vector<std::string>& words) {
  Output out(out_.get(), screen);
  Output talk(talk_.get(), screen);
  const Environment environment = [this](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  World world{.out = out,
              .talk = talk,
              .send = [this](const HttpRequest& request) { return answer(request); },
              .open_transport = open_transport,
              .clock = clock,
              .environment = environment,
              .ask =
                  [this](std::string_view text) {
                    question = text;
                    return typed;
                  },
              .refusal = {}};
  return run_command_line(words, world);
}

std::string FakeWorld::out() {
  return taken_from(out_);
}
std::string FakeWorld::talk() {
  return taken_from(talk_);
}

std::vector<std::string> FakeWorld::calls() const {
  std::vector<std::string> result;
  for (const HttpRequest& request : requests)
    result.push_back(request.method + " " + path_of(request.url));
  return result;
}

std::string model_json(const std::string& name, const std::string& more) {
  std::string id = name;
  std::ranges::replace(id, '/', '_');
  // A member of `more` hides the same one below: the parser refuses a key that comes twice.
  std::string text = R"({"id":")" + id + R"(","name":")" + name + R"(",)" + more;
  const auto add = [&](const std::string& key, const std::string& value) {
    if (more.find("\"" + key + "\"") == std::string::npos) text += "\"" + key + "\":" + value + ",";
  };
  add("size_bytes", "312400000");
  add("status", "\"ready\"");
  add("integrity", "\"verified\"");
  add("complete", "true");
  add("revision", "\"main\"");
  add("path", "\"/mnt/models/" + id + "\"");
  add("downloaded_at", "\"2026-01-22T10:30:00Z\"");
  add("tags", "[]");
  return text +
         R"("stats":{"download_count":5,"access_count":12,"total_requests":17,"unique_users":3,)"
         R"("first_downloaded_by":"john","first_downloaded_from":"192.168.1.100"}})";
}

}  // namespace modelkeep::cli
