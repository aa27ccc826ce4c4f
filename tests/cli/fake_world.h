#pragma once
// A world for commands in tests: no network, no clock, no terminal but those the test says there
// are.
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/fd.h"
#include "cli/command.h"

namespace modelkeep::cli {

/// Time that passes only when somebody sleeps.
class SleepClock : public Clock {
 public:
  Time now() override { return {mono_ms_}; }
  std::int64_t mono_ms() override { return mono_ms_; }
  void sleep_ms(std::int64_t duration_ms) override { mono_ms_ += duration_ms; }

 private:
  std::int64_t mono_ms_ = 1'000'000;
};

class FakeWorld {
 public:
  FakeWorld();
  FakeWorld(const FakeWorld&) = delete;
  FakeWorld& operator=(const FakeWorld&) = delete;

  /// The answers to "GET /api/stats" in their order; the last one is given again for ever.
  void answers(const std::string& call, int status, const std::string& body);
  /// The next answer to this call is that nobody answers.
  void goes_silent(const std::string& call);

  /// Runs a command line, words separated by spaces; the exit status.
  int run(const std::string& line);
  int run(const std::vector<std::string>& words);

  std::string out();   ///< What went to stdout since the last call of out().
  std::string talk();  ///< Likewise stderr.
  std::vector<HttpRequest> requests;
  std::vector<std::string> calls() const;  ///< "GET /api/stats"

  std::map<std::string, std::string> variables = {{"USER", "ana"}};
  std::optional<std::string> typed;  ///< What the person answers; nobody is there without it.
  std::string question;
  Screen screen;  ///< Of both outputs.
  SleepClock clock;
  std::function<Result<std::unique_ptr<net::Transport>>()> open_transport{};

  /// For a test that runs a part of a command by itself.
  Result<HttpAnswer> answer(const HttpRequest& request);
  int out_fd() const { return out_.get(); }
  int talk_fd() const { return talk_.get(); }

 private:
  std::map<std::string, std::vector<HttpAnswer>> answers_;
  Fd out_;
  Fd talk_;
};

/// A model as the API shows it, with `more` members in front of the others:
/// R"("status":"failed",)".
std::string model_json(const std::string& name, const std::string& more = "");

}  // namespace modelkeep::cli
