#pragma once
// Addresses, read by the same parser that will connect, so that the two cannot disagree about the
// host.
#include <string>
#include <string_view>

#include "base/result.h"

namespace modelkeep::net {

struct Url {
  std::string scheme{};  // lower case
  std::string host{};    // lower case, without brackets
  std::string port{};    // always set, the scheme's own if none was written
  std::string text{};    // the whole, normalised
  bool has_user = false;
};

Result<Url> parse_url(std::string_view text);
/// `reference` as a Location header gives it, seen from `base`.
Result<Url> resolve_url(std::string_view base, std::string_view reference);
bool same_origin(const Url& one, const Url& other);

/// For logs: no user part, no query and no fragment. A signed query is a credential.
std::string without_secrets(std::string_view url);

}  // namespace modelkeep::net
