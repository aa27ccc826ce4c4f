#include "net/curl_exchange.h"

#include <chrono>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <unistd.h>

#include "base/error_codes.h"
#include "net/curl_errors.h"
#include "net/url.h"

namespace modelkeep::net {
namespace {

constexpr std::size_t kHeadBytesMax = 128 * 1024;
constexpr std::size_t kHeadLinesMax = 500;
constexpr std::uint64_t kRedirectBodyMax = 1 << 20;

std::int64_t mono_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string_view trim_line(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' '))
    line.remove_suffix(1);
  return line;
}

Error make_error(ErrorKind kind, std::string_view code, std::string message,
                 std::string cause = {}) {
  return {kind, code, std::move(message), std::move(cause)};
}

}  // namespace

Exchange::Exchange(EgressState& state, Request request, Sink& sink)
    : state_(state), request_(std::move(request)), sink_(sink) {
  hop_ = {.url = request_.url, .keep_token = !request_.bearer_token.empty()};
  if (!request_.shortcut) return;
  hop_ = {.url = request_.shortcut->url, .only_endpoint_class = request_.shortcut->on_trial};
  head_.left_origin = true;
}

Result<CURL*> Exchange::open_hop() {
  handle_.reset(curl_easy_init());
  if (!handle_) return fail(ErrorKind::internal, codes::internal_error, "Out of memory.");
  Headers origin_headers = std::move(head_.origin_headers);
  const bool left = head_.left_origin;
  head_ = {};
  head_.url = hop_.url;
  head_.origin_headers = std::move(origin_headers);
  head_.left_origin = left;
  head_.on_trial = hop_.only_endpoint_class;
  head_bytes_ = head_lines_ = 0;
  body_bytes_ = 0;
  head_done_ = address_refused_ = false;
  hop_started_ms_ = mono_ms();
  TRY(set_options());
  TRY(set_body_and_headers());
  return handle_.get();
}

Result<> Exchange::set_options() {
  CURL* easy = handle_.get();
  const Url url = TRY(parse_url(hop_.url));
  const bool https_only = state_.egress.endpoint.starts_with("https:");
  const Patience& patience = request_.patience;
  bool good = true;
  const auto set = [&](CURLoption option, auto value) {
    good = good && curl_easy_setopt(easy, option, value) == CURLE_OK;
  };
  set(CURLOPT_URL, url.text.c_str());
  set(CURLOPT_PROTOCOLS_STR, https_only ? "https" : "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_UNRESTRICTED_AUTH, 0L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_PROXY, state_.egress.proxy.c_str());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, state_.user_agent.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(patience.connect_ms));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.total_ms));
  set(CURLOPT_LOW_SPEED_LIMIT, static_cast<long>(patience.low_speed_bytes_per_second));
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(patience.low_speed_seconds));
  set(CURLOPT_BUFFERSIZE, static_cast<long>(request_.receive_buffer_bytes));
  set(CURLOPT_HTTP_VERSION, request_.http_1_only ? static_cast<long>(CURL_HTTP_VERSION_1_1)
                                                 : static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (!state_.egress.ca_file.empty()) set(CURLOPT_CAINFO, state_.egress.ca_file.c_str());
  set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Exchange::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Exchange::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &Exchange::on_open_socket);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PRIVATE, this);
  if (!good) return fail(ErrorKind::internal, codes::internal_error, "The request cannot be made.");
  return {};
}

Result<> Exchange::set_body_and_headers() {
  CURL* easy = handle_.get();
  CurlList list;
  bool good = true;
  const auto append = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    good = good && longer != nullptr;
    if (longer != nullptr) {
      static_cast<void>(list.release());
      list.reset(longer);
    }
  };
  // Anything else would let a file arrive in other bytes than those that its digest is over.
  append("Accept-Encoding: identity");
  append("Expect:");
  const bool to_origin = !head_.left_origin;
  for (const Header& header : request_.headers) {
    // Only what a range needs may follow to another host; the rest was meant for the one that was
    // asked.
    if (to_origin || header.name == "Range" || header.name == "If-Range") {
      append(header.name + ": " + header.value);
    }
  }
  if (hop_.keep_token) append("Authorization: Bearer " + request_.bearer_token);
  if (request_.method == "HEAD") {
    good = good && curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
  } else if (request_.method != "GET") {
    good =
        good && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str()) == CURLE_OK;
  }
  if (!request_.body.empty() || request_.method == "POST") {
    good = good &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                            static_cast<curl_off_t>(request_.body.size())) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request_.body.c_str()) == CURLE_OK;
  }
  good = good && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list.get()) == CURLE_OK;
  header_list_ = std::move(list);
  if (!good) return fail(ErrorKind::internal, codes::internal_error, "The request cannot be made.");
  return {};
}

std::size_t Exchange::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  const std::size_t bytes = size * count;
  return static_cast<Exchange*>(self)->take_header_line({data, bytes}) ? bytes : bytes + 1;
}

std::size_t Exchange::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  const std::size_t bytes = size * count;
  return static_cast<Exchange*>(self)->take_body({data, bytes}) ? bytes : bytes + 1;
}

bool Exchange::take_header_line(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > kHeadBytesMax || ++head_lines_ > kHeadLinesMax) {
    return stop_with(make_error(ErrorKind::unavailable, codes::answer_too_large,
                                "The answer's headers are too long."));
  }
  line = trim_line(line);
  if (line.starts_with("HTTP/")) {
    head_.headers.clear();
    return true;
  }
  if (line.empty()) return head_is_complete();
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  head_.headers.add(std::string(line.substr(0, colon)), std::string(value));
  return true;
}

bool Exchange::will_follow() const {
  return request_.follow_redirects && is_redirect(head_.status) && head_.headers.find("Location");
}

bool Exchange::head_is_complete() {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  head_.status = static_cast<int>(status);
  // Trailers of a chunked body arrive here too.
  if (status < 200 || head_done_) return true;
  head_done_ = true;
  if (!head_.left_origin) head_.origin_headers = head_.headers;
  if (will_follow()) return true;
  const auto encoding = head_.headers.find("Content-Encoding");
  if (encoding && *encoding != "identity" && !encoding->empty()) {
    return stop_with(make_error(ErrorKind::corrupt, codes::encoding_refused,
                                "The answer came compressed, unasked."));
  }
  sink_began_ = true;
  if (auto begun = sink_.begin(head_); !begun) return stop_with(std::move(begun).error());
  return true;
}

bool Exchange::take_body(std::span<const char> bytes) {
  body_bytes_ += bytes.size();
  if (will_follow()) {
    if (body_bytes_ <= kRedirectBodyMax) return true;
    return stop_with(
        make_error(ErrorKind::unavailable, codes::answer_too_large, "The answer is too long."));
  }
  if (body_bytes_ > request_.answer_size_max) {
    return stop_with(
        make_error(ErrorKind::unavailable, codes::answer_too_large, "The answer is too long."));
  }
  if (auto written = sink_.write(bytes); !written) return stop_with(std::move(written).error());
  return true;
}

bool Exchange::stop_with(Error error) {
  if (!stopped_by_) stopped_by_ = std::move(error);
  return false;
}

int Exchange::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& exchange = *static_cast<Exchange*>(self);
  if (exchange.request_.keep_going && !exchange.request_.keep_going()) {
    exchange.stop_with(
        make_error(ErrorKind::unavailable, codes::interrupted, "The request was given up."));
    return 1;
  }
  const bool silent = exchange.head_bytes_ == 0;
  const std::int64_t patience_ms = std::int64_t{exchange.request_.patience.connect_ms} +
                                   exchange.request_.patience.first_byte_ms;
  if (silent && mono_ms() - exchange.hop_started_ms_ > patience_ms) {
    exchange.stop_with(
        make_error(ErrorKind::unavailable, codes::timed_out, "The server did not answer in time."));
    return 1;
  }
  return 0;
}

curl_socket_t Exchange::on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(self);
  EgressState& state = exchange.state_;
  const bool checked =
      purpose == CURLSOCKTYPE_IPCXN && !state.egress.endpoint.empty() && state.egress.proxy.empty();
  if (checked) {
    const auto found = address_of(&address->addr);
    const auto endpoint = parse_url(state.egress.endpoint);
    const auto here = parse_url(exchange.hop_.url);
    const bool to_endpoint = endpoint && here && same_origin(*endpoint, *here);
    const ConnectRule rule{.to_endpoint = to_endpoint,
                           .only_endpoint_class = exchange.hop_.only_endpoint_class,
                           .endpoint_class = state.endpoint_class};
    if (!found || !may_connect(*found, rule, state.egress.allow_cidrs)) {
      exchange.address_refused_ = true;
      return CURL_SOCKET_BAD;
    }
    if (to_endpoint) state.endpoint_class = classify(*found);
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

std::optional<Result<ResponseHead>> Exchange::close_hop(CURLcode code) {
  if (code != CURLE_OK || stopped_by_) return failure(code);
  if (!head_done_) return failure(CURLE_GOT_NOTHING);
  if (!will_follow()) return head_;
  const RedirectRules rules{
      .endpoint = state_.egress.endpoint.empty() ? request_.url : state_.egress.endpoint,
      .allow_hosts = state_.egress.allow_hosts,
      .endpoint_class = state_.endpoint_class,
      .same_host_only = state_.egress.endpoint.empty()};
  const std::string location(*head_.headers.find("Location"));
  auto hop = next_hop(rules, request_.url, hop_.url, location, hops_done_, hop_.keep_token);
  if (!hop) return tl::unexpected{std::move(hop).error()};
  const auto first = parse_url(request_.url);
  const auto target = parse_url(hop->url);
  if (!first || !target || !same_origin(*first, *target)) head_.left_origin = true;
  // A redirected POST would have to be decided case by case; nothing of ours needs one.
  if (request_.method != "GET" && request_.method != "HEAD") return head_;
  hop_ = std::move(*hop);
  ++hops_done_;
  return std::nullopt;
}

Result<ResponseHead> Exchange::failure(CURLcode code) const {
  if (stopped_by_) return tl::unexpected{*stopped_by_};
  if (address_refused_) {
    return fail(ErrorKind::forbidden, codes::redirect_refused,
                "The upstream leads to an address that is not allowed.", without_secrets(hop_.url));
  }
  Error error = error_of(code, without_secrets(hop_.url));
  const bool unreachable =
      error.code == codes::dns_failed || error.code == codes::connection_failed;
  if (hop_.only_endpoint_class && unreachable) {
    // A host that no list names was let in on trial; that it is not even there ends the trial.
    return fail(ErrorKind::forbidden, codes::redirect_refused,
                "The upstream leads to a host that is not allowed.", std::move(error.cause));
  }
  return tl::unexpected{std::move(error)};
}

}  // namespace modelkeep::net
