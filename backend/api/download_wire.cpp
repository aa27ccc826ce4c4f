#include "api/download_wire.h"

#include <string>
#include <utility>

#include "base/time_text.h"
#include "catalog/limits.h"
#include "catalog/wait_reasons.h"

namespace modelkeep::api {
namespace {

void member_unless_empty(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.member(name, text);
}

void member_unless_zero(json::Writer& out, std::string_view name, std::int64_t number) {
  if (number > 0) out.member(name, number);
}

void write_progress(json::Writer& out, const catalog::Download& download) {
  out.member("bytes_done", download.bytes_done);
  member_unless_zero(out, "bytes_total", download.bytes_total);
  if (!catalog::is_running(download.status)) return;
  member_unless_zero(out, "bytes_per_second", download.bytes_per_second);
  out.member("eta_seconds", download.eta_seconds);
}

void write_files(json::Writer& out, const std::vector<catalog::DownloadFile>& files) {
  out.key("files").begin_array();
  for (const catalog::DownloadFile& file : files) {
    out.begin_object()
        .member("path", file.path)
        .member("size_bytes", file.size_bytes)
        .member("bytes_done", file.bytes_done)
        .member("status", catalog::text(file.status))
        .end_object();
  }
  out.end_array();
}

void write_askers(json::Writer& out, const std::vector<catalog::Asker>& askers) {
  out.key("requested_by").begin_array();
  for (const catalog::Asker& asker : askers) {
    out.begin_object()
        .member("username", asker.username)
        .member("ip_address", asker.ip_address)
        .member("requested_at", rfc3339(asker.requested_at))
        .end_object();
  }
  out.end_array();
}

}  // namespace

void to_json(json::Writer& out, const DownloadParts& parts) {
  const catalog::Download& download = parts.download;
  out.begin_object()
      .member("id", download.id)
      .member("model_id", download.model_id)
      .member("model_name", download.model_name)
      .member("revision", download.revision);
  member_unless_empty(out, "commit", download.commit);
  const bool waits = catalog::waits(download);
  out.member("status", waits ? "queued" : catalog::text(download.status))
      .member("priority", catalog::text(download.priority));
  member_unless_zero(out, "position", download.position);
  write_progress(out, download);
  if (parts.shows_files) write_files(out, parts.files);
  out.member("attempts", download.attempts);
  if (catalog::is_active(download.status))
    member_unless_zero(out, "retries", download.stalled_tries);
  member_unless_empty(out, "error", download.error);
  member_unless_empty(out, "error_code", download.error_code);
  member_unless_empty(out, "wait_reason", catalog::text(download.wait_reason));
  const bool waits_by_itself = waits && download.wait_reason != catalog::WaitReason::none &&
                               download.wait_reason != catalog::WaitReason::slot &&
                               download.wait_reason != catalog::WaitReason::order &&
                               download.wait_reason != catalog::WaitReason::window;
  if (waits_by_itself && download.not_before.ms > 0)
    out.member("next_try_at", rfc3339(download.not_before));
  if (catalog::is_active(download.status))
    out.member("when_full", download.waits_when_full ? "wait" : "refuse");
  write_askers(out, parts.askers);
  out.member("created_at", rfc3339(download.created_at));
  if (download.finished_at) out.member("finished_at", rfc3339(*download.finished_at));
  out.end_object();
}

Result<std::optional<bool>> parse_when_full(const std::optional<std::string>& text) {
  if (!text) return std::optional<bool>{};
  if (*text == "wait" || *text == "refuse") return std::optional(*text == "wait");
  return fail(ErrorKind::invalid, codes::field_invalid, "when_full is refuse or wait.");
}

namespace {

Result<> explain_wait(Call& call, sqlite::Connection& db, catalog::Download& download) {
  if (!catalog::waits(download)) return {};
  const Time now = call.services.clock.now();
  if (!call.window_closed) {
    const auto plan = call.services.settings.limits(TRY(catalog::settings(db)));
    call.window_closed = catalog::limits_at(plan, catalog::local_time(now)).downloads == 0;
  }
  download.wait_reason = catalog::wait_reason_of(download, now, *call.window_closed);
  return {};
}

}  // namespace

Result<DownloadParts> with_parts(Call& call, sqlite::Connection& db, catalog::Download download) {
  DownloadParts parts;
  TRY(explain_wait(call, db, download));
  parts.files = TRY(catalog::download_files(db, download.id));
  parts.askers = TRY(catalog::download_askers(db, download.id));
  parts.download = std::move(download);
  return parts;
}

Result<DownloadParts> with_listed_parts(Call& call, sqlite::Connection& db,
                                        catalog::Download download) {
  if (catalog::is_active(download.status)) return with_parts(call, db, std::move(download));
  DownloadParts parts;
  parts.askers = TRY(catalog::download_askers(db, download.id));
  parts.download = std::move(download);
  parts.shows_files = false;
  return parts;
}

}  // namespace modelkeep::api
