#pragma once
// Redirects are followed by our own rules, never by curl's: the token must not leave the host it
// was meant for.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/addresses.h"

namespace modelkeep::net {

constexpr int kRedirectsMax = 5;

struct RedirectRules {
  std::string endpoint{};                  // the URL that the administrator configured
  std::vector<std::string> allow_hosts{};  // "cdn.example" or "*.example"
  std::optional<AddressClass> endpoint_class{};
  bool same_host_only = false;  // For a client of our own server, which has no business elsewhere.
};

struct Hop {
  std::string url{};
  bool keep_token = false;
  bool only_endpoint_class = false;
};

/// `origin` is the address of the first request, `token_here` whether the answering hop had been
/// given the token.
Result<Hop> next_hop(const RedirectRules& rules, std::string_view origin, std::string_view current,
                     std::string_view location, int hops_done, bool token_here);

/// "*.hf.co" matches cdn.hf.co and not hf.co; anything else matches itself. Both sides are lower
/// case.
bool host_matches(std::string_view pattern, std::string_view host);

bool is_redirect(int status);

}  // namespace modelkeep::net
