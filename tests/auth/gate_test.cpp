#include "auth/gate.h"

#include <string>

#include <gtest/gtest.h>

namespace modelkeep::auth {
namespace {

std::string code_of(const Result<>& result) {
  return result ? "ok" : std::string{result.error().code};
}

TEST(Gate, holds_all_scopes_in_open_mode) {
  for (const Scope scope : {Scope::open, Scope::read, Scope::download, Scope::admin}) {
    EXPECT_EQ(code_of(admit({}, scope, false)), "ok") << text(scope);
  }
}

TEST(Gate, refuses_what_is_beyond_the_scope_that_was_opened) {
  const Gate gate{.granted = Scope::download, .trusts_proxies = false};
  EXPECT_EQ(code_of(admit(gate, Scope::download, false)), "ok");
  EXPECT_EQ(code_of(admit(gate, Scope::admin, false)), "scope_insufficient");
}

TEST(Gate, B67_a_forwarded_request_without_trusted_proxies_shows_an_exposed_store) {
  EXPECT_EQ(code_of(admit({}, Scope::read, true)), "proxy_not_trusted");
  EXPECT_EQ(code_of(admit({.granted = Scope::admin, .trusts_proxies = true}, Scope::read, true)),
            "ok");
}

TEST(Scope, is_spelled_as_in_the_api_document) {
  for (const Scope scope : {Scope::open, Scope::read, Scope::download, Scope::admin}) {
    EXPECT_EQ(parse_scope(text(scope)), scope);
  }
  EXPECT_EQ(parse_scope("root"), std::nullopt);
}

}  // namespace
}  // namespace modelkeep::auth
