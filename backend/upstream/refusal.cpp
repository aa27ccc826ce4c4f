#include "upstream/refusal.h"

#include <array>
#include <utility>

#include "base/error_codes.h"
#include "base/text.h"
#include "net/header_values.h"
#include "net/url.h"

namespace modelkeep::upstream {
namespace {

constexpr std::size_t kCauseBytesMax = 300;

std::string cause_of(const net::ResponseHead& head) {
  std::string cause =
      "status " + std::to_string(head.status) + " from " + net::without_secrets(head.url);
  if (const auto message = head.headers.find("X-Error-Message")) {
    cause.append(": ").append(clipped(*message, kCauseBytesMax));
  }
  return cause;
}

Error gated(bool token_sent, std::string cause) {
  std::string message = token_sent ? "The model is gated and the account behind the token has no "
                                     "access: ask for it on the Hub's page "
                                     "of the model, then retry."
                                   : "The model is gated: set HF_TOKEN to a token of an account "
                                     "that has access to it, then retry.";
  return {ErrorKind::forbidden, codes::upstream_gated, std::move(message), std::move(cause)};
}

Error unauthenticated(bool token_sent, std::string_view hub_message, std::string cause) {
  if (token_sent && hub_message.starts_with("Invalid credentials")) {
    return {ErrorKind::unauthenticated, codes::upstream_token_invalid,
            "The Hub does not accept the token: set HF_TOKEN to a valid one, then retry.",
            std::move(cause)};
  }
  std::string message =
      token_sent ? "The Hub has no model of this name that the token may see."
                 : "The Hub has no public model of this name: it does not exist, or it is private "
                   "and needs a token in HF_TOKEN.";
  return {ErrorKind::unauthenticated, codes::upstream_auth_required, std::move(message),
          std::move(cause)};
}

Error forbidden(std::string_view hub_message, std::string cause) {
  if (hub_message == "Access to this resource is disabled.") {
    return {ErrorKind::forbidden, codes::upstream_disabled, "The Hub has disabled this model.",
            std::move(cause)};
  }
  return {ErrorKind::forbidden, codes::upstream_auth_required,
          "The Hub refuses access to this model with this token.", std::move(cause)};
}

}  // namespace

Error error_of_answer(const net::ResponseHead& head, bool token_sent) {
  const std::string_view code = head.headers.find("X-Error-Code").value_or("");
  const std::string_view message = head.headers.find("X-Error-Message").value_or("");
  std::string cause = cause_of(head);
  if (code == "RevisionNotFound") {
    return {ErrorKind::not_found, codes::revision_not_found, "The model has no such revision.",
            std::move(cause)};
  }
  if (code == "GatedRepo") return gated(token_sent, std::move(cause));
  switch (head.status) {
    case 401:
      return unauthenticated(token_sent, message, std::move(cause));
    case 403:
      return forbidden(message, std::move(cause));
    case 404:
    case 410:
      return {ErrorKind::not_found, codes::upstream_not_found,
              code == "EntryNotFound" ? "The Hub no longer has a file of this revision."
                                      : "The Hub has no model of this name.",
              std::move(cause)};
    case 429:
      return {ErrorKind::unavailable, codes::upstream_rate_limited, "The Hub asks us to slow down.",
              std::move(cause)};
    case 408:
      return {ErrorKind::unavailable, codes::upstream_unavailable, "The Hub timed out.",
              std::move(cause)};
    default:
      break;
  }
  if (head.status >= 500) {
    return {ErrorKind::unavailable, codes::upstream_unavailable, "The Hub has trouble of its own.",
            std::move(cause)};
  }
  return {ErrorKind::invalid, codes::upstream_invalid, "The Hub's answer was not expected.",
          std::move(cause)};
}

std::optional<std::int64_t> wished_wait_s(const net::ResponseHead& head, Time now) {
  if (const auto value = head.headers.find("Retry-After")) {
    if (const auto seconds = net::parse_retry_after(*value, now.ms / 1000)) return seconds;
  }
  if (head.status != 429) return std::nullopt;
  if (const auto value = head.headers.find("RateLimit")) {
    const auto limit = net::parse_rate_limit(*value);
    // One second more: the window's end is rounded down.
    if (limit && limit->remaining == 0) return limit->reset_seconds + 1;
  }
  return std::nullopt;
}

Error as_upstream_error(Error error) {
  struct Row {
    std::string_view of_net;
    std::string_view of_upstream;
    std::string_view message;
  };
  constexpr std::array<Row, 9> kRows = {{
      {codes::dns_failed, codes::upstream_dns_failed, "The Hub's name could not be resolved."},
      {codes::tls_failed, codes::upstream_tls_failed, "The Hub's certificate was not accepted."},
      {codes::connection_failed, codes::upstream_unavailable, "The Hub could not be reached."},
      {codes::connection_lost, codes::upstream_unavailable, "The connection to the Hub broke."},
      {codes::timed_out, codes::upstream_unavailable, "The Hub was silent or too slow."},
      {codes::answer_too_large, codes::upstream_invalid, "The Hub's answer is too long."},
      {codes::redirect_refused, codes::upstream_redirect_refused, ""},
      {codes::encoding_refused, codes::upstream_encoding_refused,
       "The Hub sent a compressed answer, unasked."},
      {codes::url_invalid, codes::upstream_invalid, "The Hub's address cannot be used."},
  }};
  for (const Row& row : kRows) {
    if (error.code != row.of_net) continue;
    error.code = row.of_upstream;
    if (!row.message.empty()) error.message = row.message;
    return error;
  }
  return error;
}

}  // namespace modelkeep::upstream
