// whoami and auth-check. While nobody signs in, a token proves nothing and is not looked at.
#include "auth/caller.h"
#include "base/json.h"
#include "base/time_text.h"
#include "hub/identity.h"
#include "hub/visit.h"

namespace modelkeep::hub {

Result<http::Response> whoami(Visit&) {
  json::Writer out;
  out.begin_object().member("type", "user").member("id", number_of(auth::kAnonymous));
  out.member("name", auth::kAnonymous).member("fullname", auth::kAnonymous);
  out.member("isPro", false).key("orgs").begin_array().end_array();
  out.key("auth").begin_object().member("type", "access_token");
  out.key("accessToken").begin_object().member("displayName", "open").member("role", "read");
  out.member("createdAt", rfc3339_ms(Time{0})).end_object().end_object().end_object();
  return http::json_response(out.take());
}

Result<http::Response> auth_check(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  if (!TRY(find_model(visit, db))) TRY(find_stored(visit, db));
  return http::json_response("{}");
}

}  // namespace modelkeep::hub
