#include "tests/hub/request_log.h"

#include <algorithm>

#include "base/json.h"

namespace modelkeep::standin {
namespace {

constexpr std::size_t kRequestsKept = 20'000;
constexpr std::array<std::string_view, 4> kPortNames{"hub", "cdn", "sink", "tls"};

std::string_view name_of(Port port) {
  return kPortNames.at(static_cast<std::size_t>(port));
}

void to_json(json::Writer& out, const LoggedRequest& request) {
  out.begin_object().member("number", request.number).member("port", name_of(request.port));
  out.member("call", name_of(request.call)).member("method", request.method);
  out.member("target", request.target).member("repo", request.repo).member("path", request.path);
  out.member("range", request.range).member("caller", request.caller);
  out.member("had_authorization", request.had_authorization);
  out.member("accept_encoding", request.accept_encoding).member("if_range", request.if_range);
  out.member("user_agent", request.user_agent).member("fault", request.fault);
  out.member("status", request.status).member("body_bytes", request.body_bytes).end_object();
}

}  // namespace

std::uint64_t LogSnapshot::count(Call call, std::string_view path) const {
  return static_cast<std::uint64_t>(
      std::count_if(requests.begin(), requests.end(), [&](const LoggedRequest& request) {
        return request.call == call && (path.empty() || request.path == path);
      }));
}

std::string to_json_text(const LogSnapshot& log) {
  json::Writer out;
  out.begin_object().member("token_leaks", log.token_leaks).key("ports").begin_object();
  for (std::size_t i = 0; i < log.ports.size(); ++i) {
    out.key(kPortNames.at(i)).begin_object().member("connections", log.ports.at(i).connections);
    out.member("open", log.ports.at(i).open).member("open_peak", log.ports.at(i).open_peak);
    out.end_object();
  }
  out.end_object().key("calls").begin_object();
  for (const auto& [name, totals] : log.calls) {
    out.key(name).begin_object().member("requests", totals.requests);
    out.member("body_bytes", totals.body_bytes).end_object();
  }
  out.end_object().key("requests").begin_array();
  for (const LoggedRequest& request : log.requests) to_json(out, request);
  return out.end_array().end_object().take();
}

void RequestLog::connection_opened(Port port) {
  state_.with([&](State& state) {
    PortTotals& totals = state.ports.at(static_cast<std::size_t>(port));
    ++totals.connections;
    totals.open_peak = std::max(totals.open_peak, ++totals.open);
  });
}

void RequestLog::connection_closed(Port port) {
  state_.with([&](State& state) { --state.ports.at(static_cast<std::size_t>(port)).open; });
}

std::uint64_t RequestLog::begin(LoggedRequest request) {
  return state_.with([&](State& state) {
    request.number = state.next++;
    if (request.port != Port::hub && request.had_authorization) ++state.token_leaks;
    ++state.calls[std::string{name_of(request.call)}].requests;
    const std::uint64_t number = request.number;
    state.requests.push_back(std::move(request));
    if (state.requests.size() > kRequestsKept) state.requests.pop_front();
    return number;
  });
}

void RequestLog::finish(std::uint64_t number, int status, std::uint64_t body_bytes,
                        std::string fault) {
  state_.with([&](State& state) {
    if (state.requests.empty() || number < state.requests.front().number) return;
    const std::uint64_t index = number - state.requests.front().number;
    if (index >= state.requests.size()) return;
    LoggedRequest& request = state.requests[index];
    request.status = status;
    request.body_bytes = body_bytes;
    request.fault = std::move(fault);
    state.calls[std::string{name_of(request.call)}].body_bytes += body_bytes;
  });
}

LogSnapshot RequestLog::snapshot() {
  return state_.with([](State& state) {
    return LogSnapshot{{state.requests.begin(), state.requests.end()},
                       state.calls,
                       state.ports,
                       state.token_leaks};
  });
}

void RequestLog::reset() {
  state_.with([](State& state) {
    state.requests.clear();
    state.calls.clear();
    state.token_leaks = 0;
    for (PortTotals& totals : state.ports) totals = {totals.open, totals.open, totals.open};
  });
}

}  // namespace modelkeep::standin
