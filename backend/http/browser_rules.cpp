#include "http/browser_rules.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>
#include <unistd.h>

#include "base/text.h"

namespace modelkeep::http {
namespace {

constexpr std::size_t kHostBytesMax = 255;

bool port_valid(std::string_view port) {
  const auto number = parse_decimal(port);
  return number && *number >= 1 && *number <= 65535;
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, 16> address;
  return inet_pton(family, std::string{text}.c_str(), address.data()) == 1;
}

// "name:port" or "[v6]:port" without its port; empty when it is neither.
std::string_view host_without_port(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t close = host.find(']');
    if (close == std::string_view::npos) return {};
    const std::string_view rest = host.substr(close + 1);
    if (!rest.empty() && (rest.front() != ':' || !port_valid(rest.substr(1)))) return {};
    return host.substr(0, close + 1);
  }
  const std::size_t colon = host.find(':');
  if (colon == std::string_view::npos) return host;
  return port_valid(host.substr(colon + 1)) ? host.substr(0, colon) : std::string_view{};
}

bool is_allowed_host(std::string_view host, const HostNames& names) {
  if (host.size() > kHostBytesMax) return false;
  std::string_view name = host_without_port(host);
  if (name.empty()) return false;
  if (name.starts_with('[')) return is_address(AF_INET6, name.substr(1, name.size() - 2));
  if (name.front() >= '0' && name.front() <= '9' && is_address(AF_INET, name)) return true;
  if (name.ends_with('.')) name.remove_suffix(1);
  if (equals_ignoring_case(name, "localhost")) return true;
  return std::any_of(names.names.begin(), names.names.end(),
                     [&](const std::string& known) { return equals_ignoring_case(name, known); });
}

bool is_same_origin(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return equals_ignoring_case(origin.substr(scheme.size()), host);
  }
  return false;
}

}  // namespace

HostNames machine_names() {
  std::array<char, 256> buffer{};
  HostNames names;
  if (gethostname(buffer.data(), buffer.size() - 1) != 0) return names;
  const std::string full = lower_ascii(buffer.data());
  if (full.empty()) return names;
  names.names.push_back(full);
  if (const std::size_t dot = full.find('.'); dot != std::string::npos && dot > 0) {
    names.names.push_back(full.substr(0, dot));
  }
  return names;
}

Result<> check_host(const Request& request, const HostNames& names) {
  if (is_allowed_host(request.host, names)) return {};
  return fail(ErrorKind::invalid, codes::host_unknown,
              "This server does not answer to that name; use its address, or add the name to "
              "server.names.");
}

Result<> check_headers(const Request& request) {
  if (request.repeated_header.empty()) return {};
  return fail(ErrorKind::invalid, codes::header_duplicate,
              "The header " + std::string{request.repeated_header} + " stands twice.");
}

bool changes_state(std::string_view method) {
  return method != "GET" && method != "HEAD";
}

Result<> check_origin(const Request& request) {
  const bool own = request.origin.empty() ? request.sec_fetch_site.empty() ||
                                                request.sec_fetch_site == "same-origin" ||
                                                request.sec_fetch_site == "none"
                                          : is_same_origin(request.origin, request.host);
  if (own) return {};
  return fail(ErrorKind::forbidden, codes::origin_forbidden,
              "A page of another site cannot change anything here.");
}

Result<> check_content_type(const Request& request) {
  if (request.body.empty() && !request.body_too_large) return {};
  const std::string_view type =
      trim(request.content_type.substr(0, request.content_type.find(';')));
  if (equals_ignoring_case(type, "application/json")) return {};
  return fail(ErrorKind::invalid, codes::media_type_unsupported,
              "The body must be application/json.");
}

}  // namespace modelkeep::http
