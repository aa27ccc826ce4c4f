#include "hub/push/push.h"

#include "auth/caller.h"
#include "base/json.h"
#include "catalog/downloads.h"
#include "catalog/names.h"
#include "http/browser_rules.h"

namespace modelkeep::hub {
namespace {

// A fetcher that dies in the middle is replaced, and its work found, well within this.
constexpr std::int64_t kPublishMsMax = 60'000;
constexpr std::int64_t kLookEveryMs = 20;

tl::unexpected<Error> not_done_yet() {
  return fail(ErrorKind::unavailable, codes::fetcher_unavailable,
              "The commit is being published. Send it again in a moment.");
}

/// What became of the row, as an answer.
Result<> outcome_of(sqlite::Connection& db, const catalog::Download& download, Time now) {
  using enum catalog::DownloadStatus;
  if (download.status == ready) return {};
  if (download.status == failed) {
    // A commit that did not come to be is no download that anyone would retry.
    static_cast<void>(catalog::cancel_download(db, download.id, now));
    return fail(ErrorKind::invalid, codes::file_not_uploaded, download.error);
  }
  if (download.status == cancelled) {
    return fail(ErrorKind::conflict, codes::cancelled, "The commit was cancelled.");
  }
  if (download.wait_reason == catalog::WaitReason::disk_full) {
    static_cast<void>(catalog::cancel_download(db, download.id, now));
    return fail(ErrorKind::no_space, codes::disk_full, "The store's disk is full.");
  }
  return not_done_yet();
}

}  // namespace

Result<> require_push(const Visit& visit) {
  if (!visit.services.push.is_on) {
    return fail(ErrorKind::forbidden, codes::push_disabled,
                "This store does not take pushes: its setting push is off.");
  }
  return http::check_origin(visit.request);
}

Result<std::string> publish_pushed(Visit& visit, sqlite::Connection& db,
                                   const std::string& model_name, const std::string& branch,
                                   const catalog::PushedRevision& pushed) {
  Clock& clock = visit.services.clock;
  const catalog::LocalAsking asking{.name = model_name,
                                    .revision = branch,
                                    .username = visit.username,
                                    .ip_address = std::string(visit.request.remote_address)};
  catalog::Download download = TRY(catalog::begin_push(db, asking, pushed, clock.now()));
  visit.services.push.wake_fetchers();
  const std::int64_t deadline_ms = clock.mono_ms() + kPublishMsMax;
  while (catalog::is_active(download.status) && clock.mono_ms() < deadline_ms &&
         download.wait_reason != catalog::WaitReason::disk_full) {
    clock.sleep_ms(kLookEveryMs);
    download = TRY(catalog::find_download(db, download.id));
  }
  TRY(outcome_of(db, download, clock.now()));
  visit.model_pk = download.model_pk;
  return pushed.commit;
}

void from_json(json::Reader& in, RepoBody& out) {
  in.required("name", out.name).optional("organization", out.organization);
  in.optional("type", out.type);
}

Result<std::string> repo_name_of(const Visit& visit, const RepoBody& body) {
  if (body.type != "model") {
    return fail(ErrorKind::not_found, codes::model_not_found, "Only models are kept here.");
  }
  std::string name = body.name;
  if (name.find('/') == std::string::npos) {
    // The Hub takes the caller's own namespace; names that could be none are nobody's.
    std::string own = body.organization.empty() ? visit.username : body.organization;
    if (body.organization.empty() && !catalog::check_repo_name(own)) own = auth::kAnonymous;
    name = own + '/' + name;
  }
  TRY(catalog::check_repo_name(name));
  return name;
}

}  // namespace modelkeep::hub
