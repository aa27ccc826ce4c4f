#include "api/model_downloads.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/download_wire.h"
#include "api/long_pool.h"
#include "api/model_wire.h"
#include "api/patterns.h"
#include "api/space_check.h"
#include "catalog/ask.h"
#include "catalog/names.h"
#include "catalog/stats.h"

namespace modelkeep::api {
namespace {

constexpr std::int64_t kWaitMs = 25'000;
constexpr std::int64_t kLookEveryMs = 200;

struct DownloadRequest {
  std::string model_name;
  std::optional<std::string> username;
  std::optional<std::string> revision;
  std::vector<std::string> allow_patterns;
  std::vector<std::string> ignore_patterns;
  std::optional<std::string> priority;
  std::optional<std::string> when_full;
  bool wait = false;
};
void from_json(json::Reader& in, DownloadRequest& out) {
  in.required("model_name", out.model_name)
      .optional("username", out.username)
      .optional("revision", out.revision)
      .optional("allow_patterns", out.allow_patterns)
      .optional("ignore_patterns", out.ignore_patterns)
      .optional("priority", out.priority)
      .optional("when_full", out.when_full)
      .optional("wait", out.wait);
}

Result<catalog::Asking> asking_of(const Call& call, DownloadRequest request) {
  TRY(catalog::check_repo_name(request.model_name));
  catalog::Asking asking;
  asking.name = std::move(request.model_name);
  if (request.revision) {
    TRY(catalog::check_revision(*request.revision));
    asking.revision = std::move(*request.revision);
  }
  TRY(check_patterns("allow_patterns", request.allow_patterns));
  TRY(check_patterns("ignore_patterns", request.ignore_patterns));
  asking.allow_patterns = std::move(request.allow_patterns);
  asking.ignore_patterns = std::move(request.ignore_patterns);
  if (request.priority) {
    asking.priority = catalog::parse_priority(*request.priority);
    if (!asking.priority) {
      return fail(ErrorKind::invalid, codes::field_invalid, "priority is low, normal or high.");
    }
  }
  asking.waits_when_full = TRY(parse_when_full(request.when_full)).value_or(false);
  asking.username = call.username;
  asking.ip_address = call.request.remote_address;
  return asking;
}

// Looks until the download ends, for so long as a proxy in between holds a silent request.
Result<catalog::Download> wait_for_end(const Call& call, sqlite::Connection& db,
                                       catalog::Download download) {
  Clock& clock = call.services.clock;
  const std::int64_t deadline_ms = clock.mono_ms() + kWaitMs;
  while (catalog::is_active(download.status) && clock.mono_ms() < deadline_ms &&
         !call.services.stop.stop_requested()) {
    clock.sleep_ms(kLookEveryMs);
    download = TRY(catalog::find_download(db, download.id));
  }
  return download;
}

// The answer counts itself: the caller sees the figures as they are once it has arrived.
Result<> count_this_asking(const Call& call, sqlite::Connection& db, catalog::Model& model) {
  ++model.stats.download_count;
  ++model.stats.total_requests;
  if (!TRY(catalog::is_user_of(db, model.pk, call.username))) ++model.stats.unique_users;
  model.stats.last_used_at = call.services.clock.now();
  return {};
}

std::string_view message_of(const catalog::Asked& asked) {
  if (!asked.download) return "Model is already here";
  switch (asked.download->status) {
    case catalog::DownloadStatus::ready:
      return "Model downloaded successfully";
    case catalog::DownloadStatus::failed:
      return "Download failed";
    case catalog::DownloadStatus::cancelled:
      return "Download was cancelled";
    default:
      break;
  }
  return asked.outcome == catalog::AskOutcome::joined ? "Model is already being downloaded"
                                                      : "Download queued";
}

Result<http::Response> answer_of(Call& call, sqlite::Connection& db, catalog::Asked asked) {
  const bool got_ready = asked.download && asked.download->status == catalog::DownloadStatus::ready;
  TRY(count_this_asking(call, db, asked.model));
  json::Writer out;
  out.begin_object().member("success", true).member("message", message_of(asked));
  if (asked.download) out.member("download", TRY(with_parts(call, db, *asked.download)));
  out.member("model", ModelWire{asked.model, call.services.mount}).end_object();
  http::Response response = http::json_response(out.take());
  if (asked.download && !got_ready) {
    response.status = 202;
    response.headers.push_back(
        {"Location", "/api/downloads/" + std::to_string(asked.download->id)});
  }
  return response;
}

Result<http::Response> download_model(Call& call) {
  auto request = TRY(body_as<DownloadRequest>(call));
  TRY(name_caller(call, request.username));
  const bool waits = request.wait;
  catalog::Asking asking = TRY(asking_of(call, std::move(request)));
  sqlite::Connection& db = *TRY(database(call));
  if (!call.services.is_long_pool) {
    const bool queues = TRY(catalog::would_queue(db, asking));
    if (waits || queues) return hand_to_long_pool(call);
  }
  asking.may_queue_again = [&](const catalog::Download& failed) {
    return require_space(call, db, failed);
  };
  usage::Pulse pulse = call.services.pulse;
  TRY(usage::settle(db, call.services.drain, pulse, call.services.clock,
                    usage::Exactness::while_quiet));
  catalog::Asked asked = TRY(catalog::ask_for_model(db, asking, call.services.clock.now()));
  call.model_pk = asked.model.pk;
  call.counts = usage::Counts::download;
  call.changed_state = true;
  if (asked.outcome == catalog::AskOutcome::queued) {
    const bool heard = call.services.wake_fetchers();
    if (heard) TRY(await_fit(call, db, asked));
  }
  if (waits && asked.download) {
    asked.download = TRY(wait_for_end(call, db, std::move(*asked.download)));
    // A download that was cancelled or deleted meanwhile may have taken the model with it.
    if (auto model = catalog::find_model_by_pk(db, asked.model.pk)) asked.model = std::move(*model);
  }
  return answer_of(call, db, std::move(asked));
}

constexpr std::array kRoutes{
    Route{"POST", "/api/models/download", auth::Scope::download, Body::json, download_model,
          "download_model", "download", "Ask for a model."},
};

}  // namespace

std::span<const Route> model_download_routes() {
  return kRoutes;
}

}  // namespace modelkeep::api
