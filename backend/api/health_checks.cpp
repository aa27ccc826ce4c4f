#include "api/health_checks.h"

#include <sys/statvfs.h>

#include "api/space_check.h"
#include "base/files.h"
#include "base/time_text.h"
#include "catalog/settings.h"
#include "catalog/stats.h"
#include "storage/space.h"

namespace modelkeep::api {
namespace {

constexpr std::int64_t kFetcherSilentMs = 30'000;  // An idle fetcher says so every ten seconds.
// One failed try is no news; a try is due every five minutes at least, unless the hub wished for an
// hour of silence.
constexpr std::int64_t kUpstreamFailingMs = 60'000;
constexpr std::int64_t kUpstreamForgottenMs = 75 * 60'000;

bool is_read_only(const std::string& path) {
  struct statvfs facts {};
  return statvfs(path.c_str(), &facts) == 0 && (facts.f_flag & ST_RDONLY) != 0;
}

void check_disk(const Services& services, HealthReport& report) {
  HealthChecks& checks = report.checks;
  if (!posix_files().stat(services.store_marker)) {
    checks.disk = {"failed", "The mount is missing, or it is not the one this store was made on."};
    report.failure =
        Error{ErrorKind::unavailable, codes::storage_missing, checks.disk.message, services.mount};
    return;
  }
  const auto space = posix_files().space(services.mount);
  if (!space) {
    checks.disk = {"failed", "The mount cannot be read."};
    report.failure = Error{ErrorKind::unavailable, codes::storage_failed, checks.disk.message,
                           space.error().cause};
    return;
  }
  checks.free_bytes = space->free_bytes;
  checks.total_bytes = space->total_bytes;
  if (is_read_only(services.mount)) {
    checks.disk = {"warning", "The mount is read-only; models are served, nothing is fetched."};
  }
}

/// After the database was found to answer: it holds the reserve.
Result<> check_reserve(Call& call, sqlite::Connection& db, HealthChecks& checks) {
  if (!checks.free_bytes || checks.disk.status != "ok") return {};
  const DiskSpace space{.total_bytes = *checks.total_bytes, .free_bytes = *checks.free_bytes};
  const auto reserve = TRY(reserve_bytes(call, db));
  checks.reserve_bytes = reserve.value_or(storage::default_reserve_bytes(space));
  if (space.free_bytes < *checks.reserve_bytes)
    checks.disk = {"warning", "The disk is nearly full; downloads wait."};
  return {};
}

void check_upstream(const std::vector<catalog::Heartbeat>& beats, Time now, HealthChecks& checks) {
  std::optional<Time> failed_last;
  std::string code;
  for (const catalog::Heartbeat& beat : beats) {
    if (beat.name == "upstream") checks.upstream_seen_at = beat.seen_at;
    if (beat.name == "upstream_failing") checks.upstream_failing_since = beat.seen_at;
    if (beat.name == "upstream_failed") {
      failed_last = beat.seen_at;
      code = beat.detail;
    }
  }
  if (!checks.upstream_failing_since || !failed_last) return;
  if (now.ms - failed_last->ms > kUpstreamForgottenMs) {
    // Nobody has asked it for anything since; it may long be well.
    checks.upstream_failing_since.reset();
    return;
  }
  if (now.ms - checks.upstream_failing_since->ms < kUpstreamFailingMs) return;
  checks.upstream = {"warning", "The hub has not answered as it should since " +
                                    rfc3339(*checks.upstream_failing_since) + " (" + code +
                                    "); downloads wait and are tried again."};
}

void check_fetchers(const std::vector<catalog::Heartbeat>& beats, Time now, HealthChecks& checks) {
  for (const catalog::Heartbeat& beat : beats) {
    // A stamp in the future is one of now: the clock was set back.
    if (beat.name.starts_with("fetcher:") && now.ms - beat.seen_at.ms < kFetcherSilentMs)
      ++checks.fetchers_running;
  }
  if (checks.fetchers_running == 0)
    checks.fetchers = {"warning", "No fetcher runs; downloads wait."};
}

Result<> check_database(Call& call, HealthChecks& checks) {
  TRY(catalog::require_undamaged(call.services.state));
  sqlite::Connection& db = *TRY(database(call));
  TRY(catalog::totals(db));
  const auto beats = TRY(catalog::heartbeats(db));
  check_fetchers(beats, call.services.clock.now(), checks);
  check_upstream(beats, call.services.clock.now(), checks);
  return check_reserve(call, db, checks);
}

void write_check(json::Writer& out, const Check& check) {
  out.begin_object().member("status", check.status);
  if (!check.message.empty()) out.member("message", check.message);
}

}  // namespace

void to_json(json::Writer& out, const HealthChecks& checks) {
  out.begin_object().key("disk");
  write_check(out, checks.disk);
  out.member("free_bytes", checks.free_bytes)
      .member("total_bytes", checks.total_bytes)
      .member("reserve_bytes", checks.reserve_bytes)
      .end_object();
  out.key("database");
  write_check(out, checks.database);
  out.member("sqlite_version", catalog::sqlite_version()).end_object();
  out.key("fetchers");
  write_check(out, checks.fetchers);
  out.member("running", checks.fetchers_running).end_object();
  out.key("upstream");
  write_check(out, checks.upstream);
  if (!checks.upstream_endpoint.empty()) out.member("endpoint", checks.upstream_endpoint);
  if (checks.upstream_seen_at) out.member("last_seen_at", rfc3339(*checks.upstream_seen_at));
  if (checks.upstream_failing_since)
    out.member("failing_since", rfc3339(*checks.upstream_failing_since));
  out.end_object().end_object();
}

HealthReport check_health(Call& call) {
  HealthReport report;
  report.checks.upstream_endpoint = call.services.upstream_endpoint;
  check_disk(call.services, report);
  if (const auto checked = check_database(call, report.checks); !checked) {
    report.checks.database = {"failed", checked.error().message};
    report.checks.fetchers = {"warning", "Unknown while the database does not answer."};
    report.failure = checked.error();
    // Whatever it was: whoever asks can only try again.
    report.failure->kind = ErrorKind::unavailable;
  }
  const HealthChecks& checks = report.checks;
  report.degraded = checks.disk.status != "ok" || checks.fetchers.status != "ok" ||
                    checks.upstream.status != "ok";
  return report;
}

}  // namespace modelkeep::api
