#pragma once
// May they? Every route declares a scope; the mode of the store says which one a caller holds.
// Knows no HTTP.
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace modelkeep::auth {

/// Each includes the ones before it. Nothing is needed for `open`.
enum class Scope : std::uint8_t { open, read, download, admin };

std::string_view text(Scope scope);
std::optional<Scope> parse_scope(std::string_view text);

/// How the store is configured; the same for all requests.
struct Gate {
  Scope granted = Scope::admin;  ///< What anyone holds in open mode.
  bool trusts_proxies = false;   ///< trusted_proxies is not empty.
};

/// scope_insufficient, or proxy_not_trusted: an open store that a proxy reaches was exposed by
/// accident.
Result<> admit(const Gate& gate, Scope needed, bool forwarded);

}  // namespace modelkeep::auth
