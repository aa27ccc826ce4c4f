#include "net/redirects.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error_codes.h"
#include "net/url.h"

namespace modelkeep::net {
namespace {

constexpr std::array<std::string_view, 2> kHubHosts = {"*.huggingface.co", "*.hf.co"};

auto refuse(std::string why) {
  return fail(ErrorKind::forbidden, codes::redirect_refused, std::move(why));
}

bool is_listed(const RedirectRules& rules, const Url& endpoint, std::string_view host) {
  if (host == endpoint.host) return true;
  const auto matches = [&](std::string_view pattern) { return host_matches(pattern, host); };
  return std::any_of(kHubHosts.begin(), kHubHosts.end(), matches) ||
         std::any_of(rules.allow_hosts.begin(), rules.allow_hosts.end(), matches);
}

bool is_private(std::optional<AddressClass> endpoint_class) {
  return endpoint_class && *endpoint_class != AddressClass::public_internet;
}

}  // namespace

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool host_matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return pattern == host;
  const std::string_view suffix = pattern.substr(1);
  return host.size() > suffix.size() && host.ends_with(suffix);
}

Result<Hop> next_hop(const RedirectRules& rules, std::string_view origin, std::string_view current,
                     std::string_view location, int hops_done, bool token_here) {
  if (hops_done >= kRedirectsMax) return refuse("The upstream redirects too often.");
  const Url endpoint = TRY(parse_url(rules.endpoint));
  const Url first = TRY(parse_url(origin));
  const Url here = TRY(parse_url(current));
  const auto resolved = resolve_url(current, location);
  if (!resolved) return refuse("The upstream redirects to something that is no address.");
  const Url& target = *resolved;
  const bool http = target.scheme == "http";
  if (!http && target.scheme != "https")
    return refuse("The upstream redirects to another protocol.");
  if (http && (here.scheme == "https" || endpoint.scheme == "https")) {
    return refuse("The upstream redirects to an unencrypted address.");
  }
  if (target.has_user)
    return refuse("The upstream redirects to an address with a user name in it.");
  Hop hop{.url = target.text, .keep_token = token_here && same_origin(first, target)};
  if (rules.same_host_only) {
    return target.host == first.host ? Result<Hop>(hop) : refuse("The server redirects elsewhere.");
  }
  if (is_listed(rules, endpoint, target.host)) return hop;
  if (!is_private(rules.endpoint_class)) {
    return refuse("The upstream redirects to a host that is not allowed: " + target.host);
  }
  hop.only_endpoint_class = true;
  return hop;
}

}  // namespace modelkeep::net
