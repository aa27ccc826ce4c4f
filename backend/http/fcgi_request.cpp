#include "http/fcgi_request.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace modelkeep::http {
namespace {

// Record types and sizes of the FastCGI specification, section 3.3.
constexpr char kVersion = 1;
constexpr char kEndRequest = 3;
constexpr char kStdout = 6;
constexpr std::size_t kHeaderBytes = 8;
// Below 64 KiB, and a multiple of 8, so it needs no padding.
constexpr std::size_t kContentBytesMax = kBodyRecordBytesMax;

struct Field {
  std::string_view name;  ///< After "HTTP_".
  std::string_view Request::*member;
  std::string_view shown;  ///< Set where the header may stand once only.
};
constexpr std::array kHeaderFields{
    Field{"HOST", &Request::host, "Host"},
    Field{"ORIGIN", &Request::origin, "Origin"},
    Field{"SEC_FETCH_SITE", &Request::sec_fetch_site, "Sec-Fetch-Site"},
    Field{"AUTHORIZATION", &Request::authorization, "Authorization"},
    Field{"X_USERNAME", &Request::username, "X-Username"},
    Field{"IF_MATCH", &Request::if_match, "If-Match"},
    Field{"RANGE", &Request::range, "Range"},
    Field{"IF_RANGE", &Request::if_range, {}},
    Field{"IF_NONE_MATCH", &Request::if_none_match, {}},
    Field{"USER_AGENT", &Request::user_agent, {}},
    Field{"X_FORWARDED_PROTO", &Request::forwarded_scheme, {}},
    Field{"CONTENT_TYPE", &Request::content_type, "Content-Type"},
};
// Read by nobody here, yet two of them are refused as well.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kOnceOnly{{
    {"COOKIE", "Cookie"},
    {"X_CSRF_TOKEN", "X-CSRF-Token"},
}};
constexpr std::array kServerFields{
    Field{"REQUEST_METHOD", &Request::method, {}},
    Field{"REQUEST_URI", &Request::target, {}},
    Field{"REMOTE_ADDR", &Request::remote_address, {}},
    Field{"REQUEST_ID", &Request::request_id, {}},
    Field{"REQUEST_SCHEME", &Request::scheme, {}},
    Field{"HUB_DOOR", &Request::door, {}},
    Field{"PASSES_BODY", &Request::passes_body, {}},
    Field{"CONTENT_LENGTH", &Request::content_length, {}},
    Field{"CONTENT_TYPE", &Request::content_type, {}},
};

void take_header(std::string_view name, std::string_view value, std::uint32_t& seen,
                 Request& request) {
  std::uint32_t bit = 1;
  for (const Field& field : kHeaderFields) {
    if (name == field.name) {
      if ((seen & bit) != 0 && !field.shown.empty()) request.repeated_header = field.shown;
      seen |= bit;
      request.*field.member = value;
      return;
    }
    bit <<= 1;
  }
  for (const auto& [once, shown] : kOnceOnly) {
    if (name == once) {
      if ((seen & bit) != 0) request.repeated_header = shown;
      seen |= bit;
      return;
    }
    bit <<= 1;
  }
  if ((name == "X_FORWARDED_FOR" || name == "FORWARDED") && !value.empty())
    request.forwarded = true;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 421:
      return "Misdirected Request";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 507:
      return "Insufficient Storage";
    default:
      return "Unknown";
  }
}

// A header value cannot end its line: what a client put into a name or path must not become a
// header.
void append_header(std::string_view name, std::string_view value, std::string& head) {
  head.append(name).append(": ");
  std::copy_if(value.begin(), value.end(), std::back_inserter(head),
               [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
  head.append("\r\n");
}

bool hands_over(const Response& response) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [](const Header& header) { return header.name == "X-Accel-Redirect"; });
}

void append_record_header(char type, int id, std::size_t content_bytes, std::size_t padding_bytes,
                          std::string& out) {
  const std::array<char, kHeaderBytes> header{kVersion,
                                              type,
                                              static_cast<char>(id >> 8),
                                              static_cast<char>(id),
                                              static_cast<char>(content_bytes >> 8),
                                              static_cast<char>(content_bytes),
                                              static_cast<char>(padding_bytes),
                                              0};
  out.append(header.data(), header.size());
}

void append_stdout_record(int id, std::string_view first, std::string_view second,
                          std::string& out) {
  const std::size_t content_bytes = first.size() + second.size();
  const std::size_t padding_bytes = (8 - content_bytes % 8) % 8;
  append_record_header(kStdout, id, content_bytes, padding_bytes, out);
  out.append(first).append(second).append(padding_bytes, '\0');
}

}  // namespace

Request request_from_parameters(const char* const* parameters) {
  Request request;
  std::uint32_t seen = 0;
  for (; *parameters != nullptr; ++parameters) {
    const std::string_view entry{*parameters};
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = entry.substr(0, equals);
    const std::string_view value = entry.substr(equals + 1);
    if (name.starts_with("HTTP_")) {
      take_header(name.substr(5), value, seen, request);
      continue;
    }
    for (const Field& field : kServerFields) {
      if (name == field.name) request.*field.member = value;
    }
  }
  return request;
}

namespace {

std::string head_of(const Response& response, std::string_view request_id) {
  std::string head;
  head.reserve(256);
  head.append("Status: ").append(std::to_string(response.status)).append(" ");
  head.append(reason_phrase(response.status)).append("\r\n");
  if (!response.content_type.empty()) append_header("Content-Type", response.content_type, head);
  append_header("X-Request-Id", request_id, head);
  // Without a length nginx would send chunks. What nginx sends in our place has a length of its
  // own.
  if (!response.content_type.empty() && !hands_over(response)) {
    const std::int64_t length =
        response.content_length.value_or(static_cast<std::int64_t>(response.body.size()));
    head.append("Content-Length: ").append(std::to_string(length)).append("\r\n");
  }
  for (const Header& header : response.headers) append_header(header.name, header.value, head);
  head.append("\r\n");
  return head;
}

}  // namespace

void append_records(const Response& response, std::string_view request_id, int id,
                    std::string& out) {
  const std::string head = head_of(response, request_id);
  std::string_view body = response.body;
  out.reserve(out.size() + head.size() + body.size() + 64);
  const std::size_t beside_head = std::min(body.size(), kContentBytesMax - head.size());
  append_stdout_record(id, head, body.substr(0, beside_head), out);
  body.remove_prefix(beside_head);
  while (!body.empty()) {
    const std::size_t chunk = std::min(body.size(), kContentBytesMax);
    append_stdout_record(id, body.substr(0, chunk), {}, out);
    body.remove_prefix(chunk);
  }
  append_end(id, out);
}

void append_head(const Response& response, std::string_view request_id, int id, std::string& out) {
  append_stdout_record(id, head_of(response, request_id), {}, out);
}

void append_body_record_header(int id, std::size_t bytes, std::string& out) {
  append_record_header(kStdout, id, bytes, 0, out);
}

void append_end(int id, std::string& out) {
  append_record_header(kStdout, id, 0, 0, out);
  append_record_header(kEndRequest, id, kHeaderBytes, 0, out);
  out.append(kHeaderBytes, '\0');  // Application status 0, FCGI_REQUEST_COMPLETE.
}

}  // namespace modelkeep::http
