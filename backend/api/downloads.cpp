#include "api/downloads.h"

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "api/download_wire.h"
#include "api/paging.h"
#include "api/space_check.h"
#include "base/text.h"

namespace modelkeep::api {
namespace {

constexpr std::uint64_t kNumberMax = std::numeric_limits<std::int64_t>::max();

// Beside the statuses there are two words for many of them.
Result<> parse_status(std::string_view text, catalog::DownloadQuery& wanted) {
  if (text == "active") {
    wanted.group = catalog::DownloadGroup::active;
    return {};
  }
  if (text == "finished") {
    wanted.group = catalog::DownloadGroup::finished;
    return {};
  }
  wanted.status = catalog::parse_download_status(text);
  if (wanted.status) return {};
  return fail(ErrorKind::invalid, codes::query_invalid,
              "status is active, finished, or one of those that downloads have.");
}

Result<catalog::DownloadQuery> parse_query(const http::Query& query) {
  catalog::DownloadQuery wanted;
  if (const auto since = TRY(query.number("since", 0, kNumberMax, codes::query_invalid))) {
    wanted.since = static_cast<std::int64_t>(*since);
  }
  if (const auto status = TRY(query.get("status"))) TRY(parse_status(*status, wanted));
  if (const auto model_id = TRY(query.get("model_id"))) wanted.model_id = std::string{*model_id};
  if (const auto cursor = TRY(page_cursor(query))) {
    const auto id = parse_decimal(*cursor);
    if (!id || *id == 0 || *id > kNumberMax) return bad_cursor();
    wanted.before_id = static_cast<std::int64_t>(*id);
  }
  wanted.limit = TRY(page_limit(query)).value_or(kPageDefault);
  return wanted;
}

Result<http::Response> list_downloads(Call& call) {
  const catalog::DownloadQuery wanted = TRY(parse_query(call.query));
  sqlite::Connection& db = *TRY(database(call));
  catalog::DownloadPage page = TRY(catalog::list_downloads(db, wanted));
  json::Writer out;
  out.begin_object().member("success", true).key("downloads").begin_array();
  for (catalog::Download& download : page.downloads) {
    out.value(TRY(with_listed_parts(call, db, std::move(download))));
  }
  out.end_array().member("total", page.total);
  if (page.next_before_id) out.member("next_cursor", std::to_string(*page.next_before_id));
  out.member("seq", page.seq).end_object();
  return http::json_response(out.take());
}

Result<std::int64_t> download_id(const Call& call) {
  const auto id = parse_decimal(call.params.first);
  if (!id || *id == 0 || *id > kNumberMax) {
    return fail(ErrorKind::invalid, codes::download_id_invalid,
                "A download's id is a whole number.");
  }
  return static_cast<std::int64_t>(*id);
}

Result<http::Response> download_answer(Call& call, sqlite::Connection& db,
                                       catalog::Download download) {
  call.model_pk = download.model_pk;
  json::Writer out;
  out.begin_object()
      .member("success", true)
      .member("download", TRY(with_parts(call, db, std::move(download))))
      .end_object();
  return http::json_response(out.take());
}

Result<http::Response> get_download(Call& call) {
  const std::int64_t id = TRY(download_id(call));
  sqlite::Connection& db = *TRY(database(call));
  return download_answer(call, db, TRY(catalog::find_download(db, id)));
}

// What the four verbs share: who asks, and which download.
Result<std::int64_t> begin_change(Call& call) {
  const std::int64_t id = TRY(download_id(call));
  const auto body = TRY(optional_body_as<CallerBody>(call));
  TRY(name_caller(call, body.username));
  return id;
}

Result<http::Response> pause_download(Call& call) {
  const std::int64_t id = TRY(begin_change(call));
  sqlite::Connection& db = *TRY(database(call));
  auto download = TRY(catalog::pause_download(db, id));
  call.changed_state = true;
  return download_answer(call, db, std::move(download));
}

Result<http::Response> resume_download(Call& call) {
  const std::int64_t id = TRY(begin_change(call));
  sqlite::Connection& db = *TRY(database(call));
  auto download = TRY(catalog::resume_download(db, id));
  call.changed_state = true;
  call.services.wake_fetchers();
  return download_answer(call, db, std::move(download));
}

Result<http::Response> cancel_download(Call& call) {
  const std::int64_t id = TRY(begin_change(call));
  sqlite::Connection& db = *TRY(database(call));
  auto download = TRY(catalog::cancel_download(db, id, call.services.clock.now()));
  call.changed_state = true;
  call.services.remove_pending();
  return download_answer(call, db, std::move(download));
}

struct RetryBody {
  std::optional<std::string> when_full;
  std::optional<std::string> username;
};
void from_json(json::Reader& in, RetryBody& out) {
  in.optional("when_full", out.when_full).optional("username", out.username);
}

Result<http::Response> retry_download(Call& call) {
  const std::int64_t id = TRY(download_id(call));
  const auto body = TRY(optional_body_as<RetryBody>(call));
  TRY(name_caller(call, body.username));
  const auto waits = TRY(parse_when_full(body.when_full));
  sqlite::Connection& db = *TRY(database(call));
  auto download = TRY(catalog::retry_download(db, id, waits, [&](const catalog::Download& failed) {
    return require_space(call, db, failed);
  }));
  call.changed_state = true;
  call.services.wake_fetchers();
  return download_answer(call, db, std::move(download));
}

struct DownloadUpdate {
  std::optional<std::string> priority;
  std::optional<std::int64_t> position;
  std::optional<std::string> username;
};
void from_json(json::Reader& in, DownloadUpdate& out) {
  in.optional("priority", out.priority)
      .optional("position", out.position)
      .optional("username", out.username)
      .nothing_else();
}

Result<http::Response> update_download(Call& call) {
  const std::int64_t id = TRY(download_id(call));
  const auto update = TRY(body_as<DownloadUpdate>(call));
  TRY(name_caller(call, update.username));
  std::optional<catalog::Priority> priority;
  if (update.priority) {
    priority = catalog::parse_priority(*update.priority);
    if (!priority) {
      return fail(ErrorKind::invalid, codes::field_invalid, "priority is low, normal or high.");
    }
  }
  if (update.position && *update.position < 1) {
    return fail(ErrorKind::invalid, codes::field_invalid, "position counts from 1.");
  }
  sqlite::Connection& db = *TRY(database(call));
  auto download = TRY(catalog::order_download(db, id, priority, update.position));
  call.changed_state = true;
  return download_answer(call, db, std::move(download));
}

using auth::Scope;
constexpr std::array kRoutes{
    Route{"GET", "/api/downloads", Scope::read, Body::ignored, list_downloads, "list_downloads",
          "list_downloads", "Downloads, newest first; with since, in order of change."},
    Route{"GET", "/api/downloads/{id}", Scope::read, Body::ignored, get_download, "get_download",
          "get_download", "One download with its files."},
    Route{"PATCH", "/api/downloads/{id}", Scope::admin, Body::json, update_download,
          "update_download", "update_download", "Change priority or place in the queue."},
    Route{"POST", "/api/downloads/{id}/pause", Scope::download, Body::json, pause_download,
          "pause_download", "pause_download",
          "Stop it until it is resumed; what has arrived stays."},
    Route{"POST", "/api/downloads/{id}/resume", Scope::download, Body::json, resume_download,
          "resume_download", "resume_download", "Queue a paused download again."},
    Route{"POST", "/api/downloads/{id}/cancel", Scope::download, Body::json, cancel_download,
          "cancel_download", "cancel_download",
          "Give it up; a model that never was ready goes with it."},
    Route{"POST", "/api/downloads/{id}/retry", Scope::download, Body::json, retry_download,
          "retry_download", "retry_download", "Queue a failed download again."},
};

}  // namespace

std::span<const Route> download_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
