#include "hub/door.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "auth/caller.h"
#include "base/log.h"
#include "http/path.h"
#include "http/problem.h"
#include "hub/client_family.h"
#include "hub/push/push.h"
#include "hub/visit.h"
#include "usage/served_log.h"

namespace modelkeep::hub {
namespace {

constexpr std::string_view kPrefix = "hf";
constexpr std::string_view kAtRoot = "root";
constexpr std::string_view kHubJsonType = "application/json; charset=utf-8";
constexpr std::string_view kRetryAfterSeconds = "2";
constexpr std::string_view kExposed =
    "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,"
    "Content-Range,X-Linked-Size,X-Linked-ETag";

using Handler = Result<http::Response> (*)(Visit&);
struct Call {
  What what;
  std::string_view method;
  Handler handler;
  std::string_view action;
  auth::Scope scope = auth::Scope::read;
};
constexpr std::array kCalls{
    Call{What::resolve, "GET", resolve, "hub_resolve"},
    Call{What::raw, "GET", raw, "hub_raw"},
    Call{What::model_info, "GET", model_info, "hub_model_info"},
    Call{What::tree, "GET", tree, "hub_tree"},
    Call{What::paths_info, "POST", paths_info, "hub_paths_info"},
    Call{What::refs, "GET", refs, "hub_refs"},
    Call{What::commits, "GET", commits, "hub_commits"},
    Call{What::list_models, "GET", list_models, "hub_list"},
    Call{What::auth_check, "GET", auth_check, "hub_auth_check"},
    Call{What::whoami, "GET", whoami, "hub_whoami"},
    Call{What::manifest, "GET", manifest, "hub_manifest"},
    Call{What::create_repo, "POST", create_repo, "hub_create_repo", auth::Scope::admin},
    Call{What::delete_repo, "DELETE", delete_repo, "hub_delete_repo", auth::Scope::admin},
    Call{What::validate_yaml, "POST", validate_yaml, "hub_validate_yaml", auth::Scope::admin},
    Call{What::branch, "POST", create_branch, "hub_create_branch", auth::Scope::admin},
    Call{What::branch, "DELETE", delete_branch, "hub_delete_branch", auth::Scope::admin},
    Call{What::tag, "POST", create_tag, "hub_create_tag", auth::Scope::admin},
    Call{What::tag, "DELETE", delete_tag, "hub_delete_tag", auth::Scope::admin},
    Call{What::preupload, "POST", preupload, "hub_preupload", auth::Scope::admin},
    Call{What::lfs_batch, "POST", lfs_batch, "hub_lfs_batch", auth::Scope::admin},
    Call{What::lfs_object, "PUT", lfs_object, "hub_lfs_object", auth::Scope::admin},
    Call{What::lfs_part, "PUT", lfs_part, "hub_lfs_part", auth::Scope::admin},
    Call{What::lfs_complete, "POST", lfs_complete, "hub_lfs_complete", auth::Scope::admin},
    Call{What::lfs_verify, "POST", lfs_verify, "hub_lfs_verify", auth::Scope::admin},
    Call{What::commit, "POST", commit, "hub_commit", auth::Scope::admin},
    Call{What::xet_token, "GET", xet_token, "hub_xet_token", auth::Scope::read},
};

std::string allowed_at(What what) {
  std::string allowed;
  for (const Call& call : kCalls) {
    if (call.what != what) continue;
    allowed.append(allowed.empty() ? "" : ", ").append(call.method);
    if (call.method == "GET") allowed += ", HEAD";
  }
  return allowed;
}

Result<const Call*> find_call(const Visit& visit) {
  if (visit.address.what == What::foreign_repo) {
    return fail(ErrorKind::not_found, codes::model_not_found, "Repository not found");
  }
  const std::string_view method = visit.request.method == "HEAD" ? "GET" : visit.request.method;
  const auto* const call = std::find_if(kCalls.begin(), kCalls.end(), [&](const Call& one) {
    return one.what == visit.address.what && one.method == method;
  });
  if (call != kCalls.end()) return call;
  const std::string allowed = allowed_at(visit.address.what);
  if (allowed.empty()) {
    return fail(ErrorKind::not_found, codes::route_not_found, "There is nothing at this address.");
  }
  return fail(ErrorKind::invalid, codes::method_not_allowed, "This address takes " + allowed + ".");
}

// "route_not_found" as "RouteNotFound"; the three that clients know have names of their own.
std::string hub_code(std::string_view code) {
  if (code == codes::model_not_found) return "RepoNotFound";
  if (code == codes::file_not_found) return "EntryNotFound";
  if (code == codes::upstream_gated) return "GatedRepo";
  std::string text;
  bool begins_word = true;
  for (const char c : code) {
    if (c != '_') {
      text += begins_word ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    }
    begins_word = c == '_';
  }
  return text;
}

http::Response refusal(const Visit& visit, const Error& error) {
  json::Writer out;
  out.begin_object().member("error", error.message).end_object();
  http::Response response = http::json_response(out.take(), http::status_of(error));
  if (visit.request.method == "HEAD") {
    // There will be no body, and clients parse what calls itself JSON.
    response.content_type = "text/plain";
    response.body.clear();
  }
  response.headers.push_back({"X-Error-Code", hub_code(error.code)});
  response.headers.push_back({"X-Error-Message", error.message});
  if (error.code == codes::file_not_found && !visit.commit.empty())
    response.headers.push_back({"X-Repo-Commit", visit.commit});
  if (response.status == 405) {
    response.headers.push_back({"Allow", allowed_at(visit.address.what)});
  }
  if (response.status == 503 || response.status == 504)
    response.headers.push_back({"Retry-After", std::string{kRetryAfterSeconds}});
  if (response.status >= 500) {
    log::failure("request.failed", error,
                 {{"request_id", visit.request.request_id}, {"action", visit.action}});
  }
  return response;
}

bool is_allowed_origin(const Visit& visit) {
  const auto& allowed = visit.services.allowed_origins;
  return !visit.request.origin.empty() &&
         std::find(allowed.begin(), allowed.end(), visit.request.origin) != allowed.end();
}

http::Response preflight() {
  http::Response response;
  response.status = 204;
  response.content_type = {};
  response.headers = {{"Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"},
                      {"Access-Control-Allow-Headers", "Range, Authorization, Content-Type"},
                      {"Access-Control-Max-Age", "86400"}};
  return response;
}

/// What all answers have in common: the type as the Hub writes it, and how long they may be kept.
void finish(http::Response& response) {
  if (response.content_type == http::kJsonType) response.content_type = kHubJsonType;
  const bool is_said =
      std::any_of(response.headers.begin(), response.headers.end(),
                  [](const http::Header& header) { return header.name == "Cache-Control"; });
  if (!is_said) response.headers.push_back({"Cache-Control", "no-store"});
}

void let_pages_read(const Visit& visit, http::Response& response) {
  if (visit.services.allowed_origins.empty()) return;
  response.headers.push_back({"Vary", "Origin"});
  if (!is_allowed_origin(visit)) return;
  response.headers.push_back({"Access-Control-Allow-Origin", std::string{visit.request.origin}});
  response.headers.push_back({"Access-Control-Expose-Headers", std::string{kExposed}});
}

Result<http::Response> answer(Visit& visit) {
  const http::Request& request = visit.request;
  TRY(http::check_headers(request));
  TRY(http::check_host(request, visit.services.hosts));
  const http::Target target = http::split_target(request.target);
  const http::Path path = TRY(http::Path::parse(target.path));
  auto segments = path.segments();
  if (request.door != kAtRoot) {
    visit.prefix.append("/").append(kPrefix);
    segments = segments.subspan(1);
  }
  visit.address = parse_address(segments);
  if (request.method == "OPTIONS" && is_allowed_origin(visit)) {
    visit.action = "hub_preflight";
    return preflight();
  }
  const Call* const call = TRY(find_call(visit));
  visit.action = call->action;
  visit.query = TRY(http::Query::parse(target.query));
  if (!request.username.empty()) visit.username = TRY(auth::name_from_header(request.username));
  visit.pushes = call->scope == auth::Scope::admin;
  if (visit.pushes) TRY(require_push(visit));
  TRY(auth::admit(visit.services.gate, call->scope, request.forwarded));
  return call->handler(visit);
}

/// What this pool cannot say without waiting another one can.
Result<http::Response> answer_or_hand_over(Visit& visit) {
  auto answered = answer(visit);
  if (answered || answered.error().code != codes::upstream_not_asked) return answered;
  const bool sends_bytes = visit.address.what == What::resolve && visit.request.method == "GET";
  return hand_over(visit, pool_for(visit, sends_bytes));
}

bool is_read(const Visit& visit, const http::Response& response) {
  return visit.reads_file && visit.model_pk && response.status < 400;
}

/// nginx knows how many bytes leave; whose they are it copies from here into its record.
void mark_read(const Visit& visit, http::Response& response) {
  if (!is_read(visit, response) || response.status == 304) return;
  usage::Served read;
  read.model_pk = *visit.model_pk;
  read.commit = visit.commit;
  read.client = client_family(visit.request.user_agent);
  read.username = visit.username;
  read.from_upstream = visit.from_upstream;
  response.headers.push_back({usage::kReadHeader, usage::read_mark(read)});
}

usage::Event event_of(const Visit& visit, const http::Response& response) {
  usage::Event event;
  event.at = visit.services.clock.now();
  event.action = visit.action;
  event.model_pk = visit.model_pk;
  if (response.status < 400 && visit.model_pk) event.counts = usage::Counts::access;
  if (is_read(visit, response)) {
    event.counts = usage::Counts::read;
    event.commit = visit.commit;
    event.client = client_family(visit.request.user_agent);
  }
  event.status = response.status;
  event.username = visit.username;
  event.ip_address = visit.request.remote_address;
  return event;
}

}  // namespace

bool is_for_door(const http::Request& request) {
  if (request.door == kAtRoot) return true;
  const std::string_view path = http::split_target(request.target).path;
  return path == "/hf" || path.starts_with("/hf/");
}

http::Response Door::handle(const http::Request& request, const Database& database,
                            const GiveBack& give_back) const {
  Visit visit{request, services_, database, give_back};
  visit.username = auth::kAnonymous;
  auto answered = answer_or_hand_over(visit);
  http::Response response = answered ? std::move(*answered) : refusal(visit, answered.error());
  if (visit.handed_over) return response;
  finish(response);
  let_pages_read(visit, response);
  const auto recorded = services_.journal.append(
      event_of(visit, response),
      visit.changed_state ? usage::Durability::power : usage::Durability::process);
  // An answer that is not in the journal would never be counted, so it does not leave.
  if (!recorded) return refusal(visit, recorded.error());
  mark_read(visit, response);
  return response;
}

}  // namespace modelkeep::hub
