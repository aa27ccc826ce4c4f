#pragma once
// The API as a process has it, on a real database in a fresh folder, called without nginx.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/dispatch.h"
#include "base/json.h"
#include "catalog/queue.h"
#include "storage/layout.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::api {

/// A request; what a test leaves out is what curl would send.
struct Sent {
  std::string method = "GET";
  std::string target;
  std::string body{};
  std::string content_type = "application/json";
  std::string host = "127.0.0.1:5000";
  std::string origin{};
  std::string sec_fetch_site{};
  std::string username{};
  std::string if_match{};
  std::string address = "192.168.1.100";
  std::string repeated_header{};
  bool forwarded = false;
  bool body_too_large = false;
};

struct Answer {
  int status = 0;
  std::string type;
  std::string text;
  std::map<std::string, std::string, std::less<>> headers;
  std::optional<json::Document> document;  ///< Where the text is JSON.

  json::Value operator[](std::string_view key) const { return document->root()[key]; }
  /// The code of a problem, or "ok".
  std::string code() const;
};

class ApiFixture {
 public:
  ApiFixture();

  Answer send(const Sent& sent);
  Answer get(const std::string& target);
  Answer post(const std::string& target, const std::string& body);
  Answer put(const std::string& target, const std::string& body);
  Answer del(const std::string& target);
  /// POST /api/models/download for `name`.
  Answer ask(const std::string& name, const std::string& username = "john");

  /// What a fetcher would do: claims the next download and makes it ready with these files.
  void fetch_next(const std::vector<std::string>& paths = {"config.json", "model.safetensors"});
  /// The same, but it fails.
  void fail_next(const Error& error = {ErrorKind::not_found,
                                       codes::upstream_not_found,
                                       "The hub has no such repo.",
                                       {}});
  /// What a fetcher does that hears the wake; without it, none hears.
  std::function<bool()> on_wake{};
  /// Asks for a model and makes it ready.
  void add_model(const std::string& name);

  sqlite::Connection& db() { return *db_; }
  ManualClock& clock() { return clock_; }
  Services& services() { return services_; }
  const storage::Layout& layout() const { return layout_; }
  int wakes() const { return wakes_; }
  int removals_asked() const { return removals_asked_; }
  /// Builds the Api anew, after a test has changed the services.
  void restart();

 private:
  catalog::Download claim();
  Services make_services();

  TempFolder folder_;
  ManualClock clock_;
  storage::Layout layout_;
  catalog::StatePaths state_;
  std::optional<usage::Pulse> pulse_;
  std::optional<usage::Journal> journal_;
  std::optional<sqlite::Connection> db_;
  int wakes_ = 0;
  int removals_asked_ = 0;
  Services services_;
  std::unique_ptr<Api> api_;
  ThreadContext thread_;
};

}  // namespace modelkeep::api
