#include "api/stats.h"

#include <array>
#include <vector>

#include "base/time_text.h"
#include "catalog/stats.h"
#include "sqlite/transaction.h"

namespace modelkeep::api {
namespace {

void write_activity(json::Writer& out, const std::vector<catalog::Activity>& activity) {
  out.key("recent_activity").begin_array();
  for (const catalog::Activity& entry : activity) {
    out.begin_object().member("timestamp", rfc3339(entry.at)).member("action", entry.action);
    if (!entry.model_id.empty()) out.member("model_id", entry.model_id);
    out.member("username", entry.username).member("ip_address", entry.ip_address).end_object();
  }
  out.end_array();
}

Result<http::Response> get_stats(Call& call) {
  sqlite::Connection& db = *TRY(database(call));
  usage::Pulse pulse = call.services.pulse;
  TRY(usage::settle(db, call.services.drain, pulse, call.services.clock, usage::Exactness::always));
  const auto moment = TRY(sqlite::ReadTransaction::begin(db));
  const catalog::Totals totals = TRY(catalog::totals(db));
  const auto activity = TRY(catalog::recent_activity(db));
  json::Writer out;
  out.begin_object().member("success", true).key("stats").begin_object();
  out.member("total_models", totals.total_models)
      .member("total_size_bytes", totals.total_size_bytes)
      .member("total_requests", totals.total_requests)
      .member("unique_users", totals.unique_users);
  write_activity(out, activity);
  out.member("bytes_served", totals.bytes_served)
      .member("bytes_saved", totals.bytes_saved())
      .member("stored_bytes", totals.stored_bytes);
  out.end_object().end_object();
  return http::json_response(out.take());
}

constexpr std::array kRoutes{
    Route{"GET", "/api/stats", auth::Scope::read, Body::ignored, get_stats, "get_stats", "stats",
          "Totals and the newest activity."},
};

}  // namespace

std::span<const Route> stats_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
