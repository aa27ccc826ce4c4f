#include "auth/gate.h"

#include <array>
#include <string>

namespace modelkeep::auth {
namespace {

constexpr std::array<std::string_view, 4> kScopeNames{"public", "read", "download", "admin"};

}  // namespace

std::string_view text(Scope scope) {
  return kScopeNames[static_cast<std::size_t>(scope)];
}

std::optional<Scope> parse_scope(std::string_view text) {
  for (std::size_t i = 0; i < kScopeNames.size(); ++i) {
    if (kScopeNames[i] == text) return static_cast<Scope>(i);
  }
  return std::nullopt;
}

Result<> admit(const Gate& gate, Scope needed, bool forwarded) {
  if (forwarded && !gate.trusts_proxies) {
    return fail(ErrorKind::forbidden, codes::proxy_not_trusted,
                "A proxy forwarded this request, and trusted_proxies names none.");
  }
  if (needed <= gate.granted) return {};
  return fail(ErrorKind::forbidden, codes::scope_insufficient,
              "This needs the scope " + std::string{text(needed)} + ".");
}

}  // namespace modelkeep::auth
