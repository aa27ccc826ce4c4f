#include "cli/client.h"

#include "base/text.h"
#include "cli/terminal_text.h"
#include "cli/user_name.h"

namespace modelkeep::cli {
namespace {

struct Problem {
  std::string error;
  std::string code;
};

void from_json(json::Reader& in, Problem& out) {
  in.required("error", out.error).optional("code", out.code);
}

struct Success {
  bool success = false;
};

void from_json(json::Reader& in, Success& out) {
  in.required("success", out.success);
}

/// Error::code is a view of a constant, so of the server's words only those that a command asks for
/// become codes.
std::string_view code_of(const Problem& problem) {
  return problem.code == codes::model_not_found ? codes::model_not_found : kServerRefused;
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 401:
      return ErrorKind::unauthenticated;
    case 403:
      return ErrorKind::forbidden;
    case 404:
      return ErrorKind::not_found;
    case 409:
      return ErrorKind::conflict;
    case 502:
    case 503:
    case 504:
    case 429:
      return ErrorKind::unavailable;
    default:
      return status < 500 ? ErrorKind::invalid : ErrorKind::internal;
  }
}

std::string next_step(int status, bool has_token) {
  if (status == 401 && !has_token) return "; set MODELKEEP_TOKEN or use --token-file FILE";
  if (status == 401) return "; check the token";
  return {};
}

std::string joined(std::string sentence, const std::string& rest) {
  while (!rest.empty() && sentence.ends_with('.')) sentence.pop_back();
  return sentence + rest;
}

/// "The server could not be reached." inside a longer sentence.
std::string as_clause(std::string sentence) {
  while (sentence.ends_with('.')) sentence.pop_back();
  if (!sentence.empty() && sentence[0] >= 'A' && sentence[0] <= 'Z') {
    sentence[0] = static_cast<char>(sentence[0] - 'A' + 'a');
  }
  return sentence;
}

}  // namespace

std::string with_query(std::string_view path, const Query& query) {
  std::string result{path};
  char mark = '?';
  for (const auto& [name, value] : query) {
    result += mark + name + '=' + percent_encode(value);
    mark = '&';
  }
  return result;
}

Result<Answer> Client::exchange(std::string_view method, std::string_view path, std::string body) {
  return judged(TRY(sent(method, path, std::move(body))));
}

Result<Answer> Client::get_from_door(std::string_view path_and_query) {
  HttpAnswer answer = TRY(sent("GET", path_and_query, ""));
  if (answer.status >= 400) return refused(answer);
  if (answer.status >= 300) return judged(std::move(answer));
  return Answer{answer.status, std::move(answer.body)};
}

Result<HttpAnswer> Client::sent(std::string_view method, std::string_view path, std::string body) {
  HttpRequest request{std::string{method},
                      settings_.server + std::string{path},
                      {},
                      settings_.token,
                      std::move(body)};
  request.headers.emplace_back("Accept", "application/json");
  if (method == "POST" || method == "PUT" || method == "PATCH")
    request.headers.emplace_back("Content-Type", "application/json");
  if (!user_name_.empty()) request.headers.emplace_back("X-Username", user_name_);
  Result<HttpAnswer> answer = world_.send(request);
  if (answer) return answer;
  if (answer.error().code == kServerUnreachable) {
    return fail(ErrorKind::unavailable, kServerUnreachable,
                "no answer from " + settings_.server + ": " + as_clause(answer.error().message) +
                    "; is it running there? -s URL names another");
  }
  return fail(answer.error().kind, kAnswerInvalid,
              settings_.server +
                  " does not answer like a Modelkeep server: " + as_clause(answer.error().message));
}

Result<Answer> Client::judged(HttpAnswer answer) {
  if (answer.status >= 300 && answer.status < 400) {
    return fail(ErrorKind::invalid, kAnswerInvalid,
                settings_.server + " redirects to " + shown(clipped(answer.location, 200)) +
                    "; if that is the server, use it with -s");
  }
  if (answer.status >= 400) return refused(answer);
  const Result<Success> success = json::parse<Success>(answer.body, kAnswerLimits);
  if (!success || !success->success) {
    const std::string type =
        answer.content_type.empty() ? "no type" : shown(clipped(answer.content_type, 60));
    return fail(ErrorKind::invalid, kAnswerInvalid,
                settings_.server + " answered, but not as a Modelkeep server does (" + type +
                    "); check the address given with -s or MODELKEEP_SERVER");
  }
  return Answer{answer.status, std::move(answer.body)};
}

tl::unexpected<Error> Client::refused(const HttpAnswer& answer) {
  const Result<Problem> problem = json::parse<Problem>(answer.body, kAnswerLimits);
  if (!problem) {
    return fail(kind_of(answer.status), kAnswerInvalid,
                settings_.server + " answered " + std::to_string(answer.status) +
                    " and no reason; check the address given with -s or MODELKEEP_SERVER");
  }
  world_.refusal = answer.body;
  return fail(kind_of(answer.status), code_of(*problem),
              joined(problem->error, next_step(answer.status, !settings_.token.empty())));
}

Result<Client> connect(const Parser& parser, World& world) {
  Settings settings = TRY(find_settings({parser.server(), parser.token_file()}, world.environment));
  return Client(std::move(settings), user_name(world.environment), world);
}

void print_json(const Answer& answer, World& world) {
  std::string text = answer.body;
  while (text.ends_with('\n')) text.pop_back();
  world.out.line(world.out.screen().terminal ? json_for_terminal(text) : text);
}

}  // namespace modelkeep::cli
