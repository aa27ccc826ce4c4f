#include "api/space_check.h"

#include "base/files.h"
#include "catalog/reservations.h"
#include "storage/space.h"

namespace modelkeep::api {

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

}  // namespace modelkeep::api
