#include "tests/hub/message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace modelkeep::standin {
namespace {

std::string_view reason_of(int status) {
  constexpr std::array<std::pair<int, std::string_view>, 22> kReasons{{
      {200, "OK"},
      {206, "Partial Content"},
      {302, "Found"},
      {304, "Not Modified"},
      {307, "Temporary Redirect"},
      {308, "Permanent Redirect"},
      {400, "Bad Request"},
      {401, "Unauthorized"},
      {403, "Forbidden"},
      {404, "Not Found"},
      {405, "Method Not Allowed"},
      {408, "Request Timeout"},
      {410, "Gone"},
      {413, "Payload Too Large"},
      {416, "Range Not Satisfiable"},
      {429, "Too Many Requests"},
      {431, "Request Header Fields Too Large"},
      {500, "Internal Server Error"},
      {501, "Not Implemented"},
      {502, "Bad Gateway"},
      {503, "Service Unavailable"},
      {504, "Gateway Timeout"},
  }};
  for (const auto& [code, reason] : kReasons) {
    if (code == status) return reason;
  }
  return "Unknown";
}

std::string form_decoded(std::string_view text) {
  std::string spaced{text};
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced).value_or(spaced);
}

}  // namespace

std::string_view Request::header(const std::string& lower_name) const {
  const auto found = headers.find(lower_name);
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::string_view Request::raw_path() const {
  return std::string_view{target}.substr(0, target.find('?'));
}

std::string_view Request::raw_query() const {
  const auto mark = target.find('?');
  return mark == std::string::npos ? std::string_view{} : std::string_view{target}.substr(mark + 1);
}

std::vector<std::string> Request::query(std::string_view name) const {
  std::vector<std::string> values;
  for (auto& [key, value] : parse_form(raw_query())) {
    if (key == name) values.push_back(std::move(value));
  }
  return values;
}

std::string Request::query_or(std::string_view name, std::string fallback) const {
  const std::vector<std::string> values = query(name);
  return values.empty() ? std::move(fallback) : values.front();
}

bool Request::wants_to_keep_alive() const {
  return !equals_ignoring_case(header("connection"), "close");
}

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> members;
  for (const std::string_view part : split(text, '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1);
    members.emplace_back(form_decoded(part.substr(0, equals)), form_decoded(value));
  }
  return members;
}

std::optional<Request> parse_head(std::string_view head) {
  Request request;
  bool first = true;
  for (std::string_view line : split(head, '\n')) {
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (first) {
      const std::vector<std::string_view> words = split(line, ' ');
      if (words.size() != 3 || words[2].substr(0, 7) != "HTTP/1.") return std::nullopt;
      if (words[1].empty() || words[1].front() != '/') return std::nullopt;
      request.method = words[0];
      request.target = words[1];
      first = false;
      continue;
    }
    if (line.empty()) continue;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    request.headers[lower_ascii(line.substr(0, colon))] = trim(line.substr(colon + 1));
  }
  return first ? std::nullopt : std::optional{std::move(request)};
}

Answer& Answer::set(std::string_view name, std::string value) {
  unset(name);
  headers.emplace_back(name, std::move(value));
  return *this;
}

Answer& Answer::unset(std::string_view name) {
  std::erase_if(headers, [&](const auto& h) { return equals_ignoring_case(h.first, name); });
  return *this;
}

const std::string* Answer::find(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return &value;
  }
  return nullptr;
}

std::string head_text(const Answer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
  text += reason_of(answer.status);
  text += "\r\n";
  for (const auto& [name, value] : answer.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

Answer json_answer(std::string body, int status) {
  Answer answer;
  answer.status = status;
  answer.set("Content-Type", "application/json; charset=utf-8");
  answer.body = std::move(body);
  return answer;
}

Answer text_answer(int status, std::string text) {
  Answer answer;
  answer.status = status;
  answer.set("Content-Type", "text/plain; charset=utf-8");
  answer.body = std::move(text);
  return answer;
}

Answer redirect_answer(int status, std::string location) {
  const char* word = status == 302 ? "Found" : "Temporary Redirect";
  Answer answer = text_answer(status, std::string{word} + ". Redirecting to " + location);
  answer.set("Location", std::move(location));
  return answer;
}

}  // namespace modelkeep::standin
