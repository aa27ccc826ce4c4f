#pragma once
// Everything that reached the hub: what a test asserts about its client. Any thread.
#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "tests/hub/message.h"
#include "tests/hub/target.h"

namespace modelkeep::standin {

struct LoggedRequest {
  std::uint64_t number = 0;
  Port port = Port::hub;
  Call call = Call::unknown;
  std::string method;
  std::string target;
  std::string repo;
  std::string path;
  std::string range;   ///< As asked, empty when none.
  std::string caller;  ///< A person's name, "anonymous" or "unknown token".
  bool had_authorization = false;
  std::string accept_encoding;
  std::string if_range;
  std::string user_agent;
  std::string fault;  ///< The kind that struck, empty when none.
  int status = 0;     ///< 0 while it is being answered.
  std::uint64_t body_bytes = 0;
};

struct PortTotals {
  std::uint64_t connections = 0;
  std::uint64_t open = 0;
  std::uint64_t open_peak = 0;
};

struct CallTotals {
  std::uint64_t requests = 0;
  std::uint64_t body_bytes = 0;
};

struct LogSnapshot {
  std::vector<LoggedRequest> requests;  ///< The latest 20,000, oldest first.
  std::map<std::string, CallTotals> calls;
  std::array<PortTotals, 4> ports;  ///< By Port.
  std::uint64_t token_leaks =
      0;  ///< Requests with a credential that reached another port than the hub's.

  /// How many requests of this call reached the hub; `path` empty means any.
  std::uint64_t count(Call call, std::string_view path = {}) const;
};
/// The answer of `GET /_standin/log`.
std::string to_json_text(const LogSnapshot& log);

class RequestLog {
 public:
  void connection_opened(Port port);
  void connection_closed(Port port);
  /// Gives the request's number.
  std::uint64_t begin(LoggedRequest request);
  void finish(std::uint64_t number, int status, std::uint64_t body_bytes, std::string fault);
  LogSnapshot snapshot();
  /// Forgets all but the connections that are open.
  void reset();

 private:
  struct State {
    std::uint64_t next = 1;
    std::deque<LoggedRequest> requests;
    std::map<std::string, CallTotals> calls;
    std::array<PortTotals, 4> ports;
    std::uint64_t token_leaks = 0;
  };
  Guarded<State> state_;
};

}  // namespace modelkeep::standin
