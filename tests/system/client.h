#pragma once
// Asks the service over HTTP, as the command line does: by net/. One thread a client.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "net/transport.h"

namespace modelkeep::system_test {

/// What came back. Members are reached by a dotted path: "model.stats.total_requests",
/// "download.files.0.path". A member that is not there reads as empty, 0 or false.
class Answer {
 public:
  int status = 0;  ///< 0: there was no whole answer, `failure` says why.
  std::string body;
  std::string failure;  ///< Begins with a code of net/.
  net::Headers headers;

  std::string header(std::string_view name) const;
  std::string text(std::string_view path) const;
  std::int64_t number(std::string_view path) const;
  bool flag(std::string_view path) const;
  bool has(std::string_view path) const;
  std::size_t size(std::string_view path) const;  ///< Of a list.
  std::string code() const { return text("code"); }
  bool is_json() const { return json().has_value(); }
  /// For messages: the status and the beginning of the body.
  std::string brief() const;

 private:
  const std::optional<json::Document>& json() const;
  json::Value at(std::string_view path) const;
  mutable std::optional<json::Document> document_;
  mutable bool parsed_ = false;
};

class Client {
 public:
  explicit Client(std::string base_url);

  Answer get(const std::string& target, const std::vector<net::Header>& headers = {});
  Answer post(const std::string& target, std::string body = {},
              const std::vector<net::Header>& headers = {});
  Answer put(const std::string& target, std::string body,
             const std::vector<net::Header>& headers = {});
  Answer patch(const std::string& target, std::string body);
  Answer remove(const std::string& target);
  Answer send(const std::string& method, const std::string& target, std::string body,
              const std::vector<net::Header>& headers);

  void set_timeout_ms(int timeout_ms) { timeout_ms_ = timeout_ms; }

 private:
  std::string base_url_;
  std::unique_ptr<net::Transport> transport_;
  int timeout_ms_ = 30'000;
};

/// {"model_name":"..."}, with further members as they stand in `more`: "\"username\":\"ada\"".
std::string asking(std::string_view model_name, std::string_view more = {});

}  // namespace modelkeep::system_test
