#pragma once
// Routes are data: a row says what is called how, by whom it may be called, and how its use is
// recorded. Handlers see a Call and return an answer or an Error.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/services.h"
#include "auth/caller.h"
#include "auth/gate.h"
#include "base/json.h"
#include "http/pattern.h"
#include "http/query.h"
#include "http/request.h"
#include "http/response.h"
#include "sqlite/connection.h"

namespace modelkeep::api {

class ThreadContext;

/// One request on its way through a handler, and what its usage event will say.
struct Call {
  const http::Request& request;
  const Services& services;
  ThreadContext& thread;
  http::Params params = {};
  http::Query query = {};
  std::string username{auth::kAnonymous};
  bool named_by_header = false;

  std::string_view action = "unknown";
  std::optional<std::int64_t> model_pk = {};
  usage::Counts counts = usage::Counts::nothing;  ///< Applied only when the answer is a success.
  bool changed_state = false;      ///< The event must survive a power cut, as the change does.
  bool counted_elsewhere = false;  ///< The long pool answers this request, and counts it.
  std::string allow = {};          ///< For 405.
  std::optional<bool> window_closed =
      {};  ///< No download runs at this hour; once it was looked up.
};

using Handler = Result<http::Response> (*)(Call&);

enum class Body : std::uint8_t {
  ignored,
  json,  ///< Where there is one, it must be declared as JSON.
};

struct Route {
  std::string_view method;
  std::string_view pattern;
  auth::Scope scope;
  Body body;
  Handler handler;
  std::string_view operation_id;
  std::string_view action;  ///< The old server's word where it had one, else the operation id.
  std::string_view summary;
};

/// The thread's connection; database_unavailable or database_damaged.
Result<sqlite::Connection*> database(Call& call);

/// The caller's name out of a body, where no header gave one. username_invalid.
Result<> name_caller(Call& call, const std::optional<std::string>& name_in_body);

/// The body as a T, through from_json. An empty body is json_invalid.
template <class T>
Result<T> body_as(const Call& call) {
  return json::parse<T>(call.request.body);
}

/// The same where a body may be left out.
template <class T>
Result<T> optional_body_as(const Call& call) {
  if (call.request.body.empty()) return T{};
  return json::parse<T>(call.request.body);
}

/// A body of which only the caller's name is read.
struct CallerBody {
  std::optional<std::string> username;
};
inline void from_json(json::Reader& in, CallerBody& out) {
  in.optional("username", out.username);
}

}  // namespace modelkeep::api
