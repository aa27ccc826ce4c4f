#include "tests/system/client.h"

#include <utility>

#include "base/check.h"
#include "base/text.h"
#include "net/curl_transport.h"

namespace modelkeep::system_test {

std::string Answer::header(std::string_view name) const {
  return std::string(headers.find(name).value_or(""));
}

const std::optional<json::Document>& Answer::json() const {
  if (!parsed_) {
    parsed_ = true;
    if (auto document = json::Document::parse(body, json::kUpstreamLimits)) {
      document_.emplace(std::move(*document));
    }
  }
  return document_;
}

json::Value Answer::at(std::string_view path) const {
  if (!json()) return {};
  json::Value value = json()->root();
  for (const std::string_view step : split(path, '.')) {
    const auto index = parse_decimal(step);
    if (!value.is_array()) {
      value = value[step];
    } else {
      value =
          index && *index < value.size() ? value[static_cast<std::size_t>(*index)] : json::Value();
    }
  }
  return value;
}

std::string Answer::text(std::string_view path) const {
  return std::string(at(path).as_string().value_or(""));
}

std::int64_t Answer::number(std::string_view path) const {
  return at(path).as_int().value_or(0);
}

bool Answer::flag(std::string_view path) const {
  return at(path).as_bool().value_or(false);
}

bool Answer::has(std::string_view path) const {
  return !at(path).is_null();
}

std::size_t Answer::size(std::string_view path) const {
  return at(path).size();
}

std::string Answer::brief() const {
  return std::to_string(status) + " " + failure + " " + std::string(clipped(body, 400));
}

Client::Client(std::string base_url) : base_url_(std::move(base_url)) {
  auto transport = net::make_curl_transport({}, "modelkeep-system-test");
  CHECK(transport.has_value());
  transport_ = std::move(*transport);
}

Answer Client::send(const std::string& method, const std::string& target, std::string body,
                    const std::vector<net::Header>& headers) {
  net::Request request;
  request.method = method;
  request.url = base_url_ + target;
  request.headers = headers;
  if (!body.empty()) request.headers.push_back({"Content-Type", "application/json"});
  request.body = std::move(body);
  request.patience.total_ms = timeout_ms_;
  request.follow_redirects = false;
  Answer answer;
  auto response = net::send(*transport_, request);
  if (!response) {
    answer.failure = std::string(response.error().code) + ": " + response.error().cause;
    return answer;
  }
  answer.status = response->head.status;
  answer.headers = std::move(response->head.headers);
  answer.body = std::move(response->body);
  return answer;
}

Answer Client::get(const std::string& target, const std::vector<net::Header>& headers) {
  return send("GET", target, {}, headers);
}

Answer Client::post(const std::string& target, std::string body,
                    const std::vector<net::Header>& headers) {
  return send("POST", target, std::move(body), headers);
}

Answer Client::put(const std::string& target, std::string body,
                   const std::vector<net::Header>& headers) {
  return send("PUT", target, std::move(body), headers);
}

Answer Client::patch(const std::string& target, std::string body) {
  return send("PATCH", target, std::move(body), {});
}

Answer Client::remove(const std::string& target) {
  return send("DELETE", target, {}, {});
}

std::string asking(std::string_view model_name, std::string_view more) {
  json::Writer name;
  name.value(model_name);
  std::string body = "{\"model_name\":" + name.take();
  if (!more.empty()) body.append(",").append(more);
  return body + "}";
}

}  // namespace modelkeep::system_test
