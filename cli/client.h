#pragma once
// Speaks the REST API: adds who we are, reads JSON, turns refusals into errors with the server's
// own sentence.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "cli/command.h"
#include "cli/parser.h"
#include "cli/settings.h"

namespace modelkeep::cli {

/// What an answer of ours may be: the list of a large store is long, its strings are not.
inline constexpr json::Limits kAnswerLimits{64u << 20, 64, 8'000'000, 16u << 20, true};

struct Answer {
  int status = 0;
  std::string body;  ///< JSON, as it came.
};

using Query = std::vector<std::pair<std::string, std::string>>;

/// "/api/models?search=bert", values percent-encoded.
std::string with_query(std::string_view path, const Query& query);

class Client {
 public:
  Client(Settings settings, std::string user_name, World& world)
      : settings_(std::move(settings)), user_name_(std::move(user_name)), world_(world) {}

  Result<Answer> get(std::string_view path_and_query) {
    return exchange("GET", path_and_query, "");
  }
  /// The hub door answers in the Hub's words, without `success`.
  Result<Answer> get_from_door(std::string_view path_and_query);
  Result<Answer> post(std::string_view path, std::string body) {
    return exchange("POST", path, std::move(body));
  }
  Result<Answer> put(std::string_view path, std::string body) {
    return exchange("PUT", path, std::move(body));
  }
  Result<Answer> patch(std::string_view path, std::string body) {
    return exchange("PATCH", path, std::move(body));
  }
  Result<Answer> remove(std::string_view path_and_query) {
    return exchange("DELETE", path_and_query, "");
  }

  const std::string& server() const { return settings_.server; }
  const std::string& token() const { return settings_.token; }
  const std::string& user_name() const { return user_name_; }

 private:
  Result<Answer> exchange(std::string_view method, std::string_view path, std::string body);
  Result<HttpAnswer> sent(std::string_view method, std::string_view path, std::string body);
  Result<Answer> judged(HttpAnswer answer);
  tl::unexpected<Error> refused(const HttpAnswer& answer);

  Settings settings_;
  std::string user_name_;
  World& world_;
};

/// A client for what the command line says.
Result<Client> connect(const Parser& parser, World& world);

/// Reads an answer; says which server sent what cannot be understood.
template <class T>
Result<T> read(const Client& client, const Answer& answer) {
  Result<T> value = json::parse<T>(answer.body, kAnswerLimits);
  if (value) return value;
  return fail(ErrorKind::internal, kAnswerInvalid,
              client.server() + " sent something else than expected (" + value.error().message +
                  "); is it a Modelkeep server of this version?");
}

/// The answer for --json: as the server sent it. On a terminal, characters that steer it become \u
/// escapes.
void print_json(const Answer& answer, World& world);

}  // namespace modelkeep::cli
