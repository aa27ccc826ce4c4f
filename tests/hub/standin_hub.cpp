#include "tests/hub/standin_hub.h"

#include <charconv>
#include <utility>

#include "base/clock.h"
#include "tests/hub/access.h"
#include "tests/hub/api_answers.h"
#include "tests/hub/control.h"
#include "tests/hub/fault_effects.h"
#include "tests/hub/file_answers.h"

namespace modelkeep::standin {
namespace {

constexpr std::size_t kHeadBytesMax = 64 * 1024;
constexpr std::size_t kBodyBytesMax = 4 * 1024 * 1024;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::size_t number_or(std::string_view text, std::size_t fallback) {
  std::size_t value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// The next request of a connection; `buffer` keeps what belongs to the one after.
std::optional<Request> read_request(Peer& peer, std::string& buffer) {
  std::size_t end = buffer.find(kHeadEnd);
  while (end == std::string::npos) {
    if (buffer.size() > kHeadBytesMax || !peer.read_some(buffer)) return std::nullopt;
    end = buffer.find(kHeadEnd);
  }
  std::optional<Request> request = parse_head(std::string_view{buffer}.substr(0, end));
  buffer.erase(0, end + kHeadEnd.size());
  if (!request) return std::nullopt;
  const std::size_t body_bytes = number_or(request->header("content-length"), 0);
  if (body_bytes > kBodyBytesMax) return std::nullopt;
  if (body_bytes > buffer.size() && request->header("expect") == "100-continue") {
    peer.write_all("HTTP/1.1 100 Continue\r\n\r\n");
  }
  while (buffer.size() < body_bytes) {
    if (!peer.read_some(buffer)) return std::nullopt;
  }
  request->body = buffer.substr(0, body_bytes);
  buffer.erase(0, body_bytes);
  return request;
}

std::string url_of(const std::string& address, std::uint16_t port) {
  return "http://" + address + ':' + std::to_string(port);
}

LoggedRequest logged(const Request& request, const Target& target) {
  const Caller caller = caller_of(request);
  LoggedRequest entry;
  entry.port = request.port;
  entry.call = target.call;
  entry.method = request.method;
  entry.target = request.target;
  entry.repo = target.repo;
  entry.path = target.path;
  entry.range = request.header("range");
  entry.caller = caller.has_unknown_token ? "unknown token" : caller.name();
  entry.had_authorization = !request.header("authorization").empty();
  entry.accept_encoding = request.header("accept-encoding");
  entry.if_range = request.header("if-range");
  entry.user_agent = request.header("user-agent");
  return entry;
}

Target target_of(const Site& site, const Request& request) {
  if (request.port == Port::sink) return {Call::sink, {}, {}, {}};
  if (request.port == Port::hub) {
    return parse_target(request.raw_path(),
                        [&](std::string_view id) { return site.repos.find(id) != nullptr; });
  }
  const CdnFile found = find_cdn_file(site, request.raw_path());
  if (found.file == nullptr) return {Call::cdn, {}, {}, {}};
  return {Call::cdn, found.repo->id, {}, found.file->path};
}

}  // namespace

StandinHub::StandinHub(OnlyStart, const HubOptions& options, TlsTrap tls_trap)
    : options_(options),
      quota_(options.quota),
      shared_rate_(options.rate_total),
      tls_trap_(std::move(tls_trap)) {
  site_.tree_page = options.tree_page;
  site_.url_lifetime_s = options.url_lifetime_s;
}

Result<std::unique_ptr<StandinHub>> StandinHub::start(const HubOptions& options, const Fill& fill) {
  auto hub = std::make_unique<StandinHub>(OnlyStart{}, options, TRY(TlsTrap::make()));
  hub->server_ = TRY(Server::listen(options.address, {options.port, options.cdn_port, 0, 0}));
  hub->site_.hub_url = url_of(options.address, hub->server_->port(Port::hub));
  hub->site_.cdn_url = url_of(options.address, hub->server_->port(Port::cdn));
  hub->site_.sink_url = url_of(options.address, hub->server_->port(Port::sink));
  hub->site_.tls_url = "https" + url_of(options.address, hub->server_->port(Port::tls)).substr(4);
  if (fill) TRY(fill(hub->site_.repos));
  hub->server_->run([self = hub.get()](Port port, Peer& peer) { self->serve(port, peer); });
  return hub;
}

StandinHub::~StandinHub() = default;

Result<> StandinHub::add_faults(std::string_view json_text) {
  for (Fault& fault : TRY(parse_faults(json_text))) faults_.add(std::move(fault));
  return {};
}

void StandinHub::reset() {
  faults_.clear();
  site_.repos.restore();
  log_.reset();
}

void StandinHub::serve(Port port, Peer& peer) {
  log_.connection_opened(port);
  if (port == Port::tls) serve_tls(peer);
  std::string buffer;
  Rate rate(options_.rate_per_connection);
  while (port != Port::tls) {
    std::optional<Request> request = read_request(peer, buffer);
    if (!request) break;
    request->port = port;
    if (!exchange(port, peer, *request, rate)) break;
  }
  log_.connection_closed(port);
}

// Whoever gets as far as a request has accepted the certificate: that alone is worth an entry.
void StandinHub::serve_tls(Peer& peer) {
  const std::optional<std::string> head = tls_trap_.catch_request(peer);
  if (!head) return;
  Request request = parse_head(*head).value_or(Request{});
  request.port = Port::tls;
  log_.begin(logged(request, {Call::sink, {}, {}, {}}));
}

// At once and unrecorded: steering is no part of what a test measures.
bool StandinHub::steer(Peer& peer, const Request& request, const Target& target) {
  Answer steered = answer_control(site_, faults_, log_, request, target.path);
  steered.set("Content-Length", std::to_string(steered.size_bytes()));
  Rate own;
  SharedRate shared(0);
  Pacing unlimited{own, shared};
  const Sent sent = send_answer(peer, steered, {}, request.method == "HEAD", unlimited);
  return sent.may_go_on && request.wants_to_keep_alive();
}

bool StandinHub::exchange(Port port, Peer& peer, const Request& request, Rate& rate) {
  const Target target = target_of(site_, request);
  if (target.call == Call::control) return steer(peer, request, target);
  const std::uint64_t number = log_.begin(logged(request, target));
  const std::string subject = target.repo + '/' + target.path;
  if (const auto event = faults_.take_event({target.call, request.method, subject, nullptr})) {
    strike_repo(*event, site_, target.repo);
  }
  Answer reply = answer(request, target);
  if (port == Port::hub) quota_.apply(target.call, system_clock().mono_ms(), reply);
  reply.set("X-Request-Id", "Root=1-standin-" + std::to_string(number));
  reply.set("Content-Length", std::to_string(reply.size_bytes()));
  Wire wire;
  wire.delay_ms = options_.delay_ms;
  std::string struck;
  const auto fault = faults_.take({target.call, request.method, subject, &reply});
  if (fault && request.raw_query().find("standin_hops") == std::string_view::npos) {
    reply.unset("Content-Length");
    strike(*fault, site_, request, reply, wire);
    struck = name_of(fault->kind);
  }
  const bool keep_alive =
      request.wants_to_keep_alive() && wire.ending == Wire::Ending::keep && wire.answers;
  if (!keep_alive) reply.set("Connection", "close");
  Pacing pacing{rate, shared_rate_};
  const Sent sent = send_answer(peer, reply, wire, request.method == "HEAD", pacing);
  log_.finish(number, wire.answers ? reply.status : 0, sent.body_bytes, struck);
  return sent.may_go_on && keep_alive;
}

Answer StandinHub::answer(const Request& request, const Target& target) {
  if (target.call == Call::sink) return refuse(404, {}, "Nothing of the hub's leads here");
  const bool post = request.method == "POST" && target.call == Call::paths_info;
  if (request.method != "GET" && request.method != "HEAD" && !post) {
    return refuse(405, {}, "Method not allowed");
  }
  if (target.call == Call::cdn) return answer_cdn(site_, request);
  const std::string hops = request.query_or("standin_hops", "0");
  if (const std::size_t left = number_or(hops, 0); left > 0) {
    return redirect_answer(
        307, std::string{request.raw_path()} + "?standin_hops=" + std::to_string(left - 1));
  }
  return answer_hub(request, target);
}

Answer StandinHub::answer_hub(const Request& request, const Target& target) {
  switch (target.call) {
    case Call::resolve:
      return answer_resolve(site_, request, target);
    case Call::resolve_cache:
      return answer_resolve_cache(site_, request, target);
    case Call::raw:
      return answer_raw(site_, request, target);
    case Call::unknown:
      return refuse(404, {}, "Sorry, we can't find the page you are looking for.");
    default:
      return answer_api(site_, request, target);
  }
}

}  // namespace modelkeep::standin
