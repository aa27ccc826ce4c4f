#pragma once
// What goes out and what comes back, without a word about how it travels.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelkeep::net {

struct Header {
  std::string name{};
  std::string value{};
};

/// In the order of arrival; names compare without case.
class Headers {
 public:
  void add(std::string name, std::string value);
  /// The first value of that name, or nothing.
  std::optional<std::string_view> find(std::string_view name) const;
  const std::vector<Header>& all() const { return all_; }
  void clear() { all_.clear(); }

 private:
  std::vector<Header> all_{};
};

/// Settings, not constants, so that tests of stalls take seconds.
struct Patience {
  int connect_ms = 10'000;
  int first_byte_ms = 30'000;
  int low_speed_bytes_per_second = 1024;
  int low_speed_seconds = 30;
  int total_ms = 0;  // 0: as long as bytes come.
};

/// Where redirects led for one content: a further request for it may go there at once, without a
/// token.
struct Landing {
  std::string url{};      // It may be a signed one: never keep it longer than a transfer.
  bool on_trial = false;  // Of a host that no list names, and that only its address lets in.
};

struct Request {
  std::string method = "GET";
  std::string url{};
  // Never Authorization: a token given as a plain header would not be dropped when the host
  // changes.
  std::vector<Header> headers{};
  std::string bearer_token{};
  std::string body{};
  std::uint64_t answer_size_max = std::uint64_t{64} << 20;
  Patience patience{};
  bool follow_redirects = true;
  // Bulk transfers stay on HTTP/1.1: one HTTP/2 connection would share one TCP window.
  bool http_1_only = false;
  // Set: the first hop goes there; `url` is where the way began.
  std::optional<Landing> shortcut{};
  int receive_buffer_bytes = 512 * 1024;
  // Asked about once a second while waiting; false ends the request with `interrupted`.
  std::function<bool()> keep_going{};
};

struct ResponseHead {
  int status = 0;
  Headers headers{};
  // The last address asked. It may be a signed one: log it through `without_secrets` only.
  std::string url{};
  // The last answer of the host that was asked first: after a redirect to another host it holds the
  // commit, size and digest that the target does not know.
  Headers origin_headers{};
  bool left_origin = false;
  bool on_trial = false;  // As in Landing.
};

struct Response {
  ResponseHead head{};
  std::string body{};
};

}  // namespace modelkeep::net
