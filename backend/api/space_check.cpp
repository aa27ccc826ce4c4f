#include "api/space_check.h"

#include "base/files.h"
#include "catalog/reservations.h"
#include "storage/space.h"

namespace modelkeep::api {
namespace {

constexpr std::int64_t kPlanWaitMs = 3'000;
constexpr std::int64_t kLookEveryMs = 25;

/// Its size is known, or will not be for a while.
bool is_settled(const catalog::Download& download, Time now) {
  const bool begins = download.status == catalog::DownloadStatus::queued ||
                      download.status == catalog::DownloadStatus::resolving;
  return !begins || download.space_reserved || download.not_before.ms > now.ms;
}

}  // namespace

Result<std::optional<std::uint64_t>> reserve_bytes(Call& call, sqlite::Connection& db) {
  return call.services.settings.reserve_bytes(TRY(catalog::settings(db)));
}

Result<> require_space(Call& call, sqlite::Connection& db, const catalog::Download& download) {
  if (download.waits_when_full) return {};
  const storage::Layout layout(call.services.mount);
  const auto staged = [&](std::int64_t id) {
    return storage::staged_bytes(posix_files(), layout, id);
  };
  const auto need = TRY(catalog::space_need(db, download.id, staged));
  if (need.needed == 0) return {};
  const DiskSpace space = TRY(posix_files().space(call.services.mount));
  const auto reserve = TRY(reserve_bytes(call, db));
  return storage::check_space(need.needed, need.outstanding, space, reserve);
}

Result<> await_fit(Call& call, sqlite::Connection& db, const catalog::Asked& asked) {
  if (!asked.download || asked.download->waits_when_full) return {};
  catalog::Download download = *asked.download;
  Clock& clock = call.services.clock;
  const std::int64_t deadline_ms = clock.mono_ms() + kPlanWaitMs;
  while (!is_settled(download, clock.now()) && clock.mono_ms() < deadline_ms &&
         !call.services.stop.stop_requested()) {
    clock.sleep_ms(kLookEveryMs);
    download = TRY(catalog::find_download(db, download.id));
  }
  if (download.status != catalog::DownloadStatus::failed ||
      download.error_code != codes::storage_insufficient) {
    return {};
  }
  if (asked.is_new) TRY(catalog::withdraw_download(db, download.id, clock.now()));
  return fail(ErrorKind::no_space, codes::storage_insufficient, download.error);
}

}  // namespace modelkeep::api
