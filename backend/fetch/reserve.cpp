#include "fetch/reserve.h"

#include <utility>

#include "base/error_codes.h"
#include "catalog/reservations.h"
#include "sqlite/transaction.h"
#include "storage/space.h"

namespace modelkeep::fetch {

Result<> reserve_space(const Surroundings& around, sqlite::Connection& db,
                       const catalog::Download& download) {
  const storage::Layout& layout = around.config->layout;
  const auto staged = [&](std::int64_t id) {
    return storage::staged_bytes(*around.files, layout, id);
  };
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  const auto need = TRY(catalog::space_need(db, download.id, staged));
  if (need.needed > 0) {
    const DiskSpace space = TRY(around.files->space(layout.staging_root()));
    auto fits =
        storage::check_space(need.needed, need.outstanding, space, around.config->reserve_now());
    if (!fits && (download.waits_when_full || download.space_reserved))
      fits.error().code = codes::disk_full;
    TRY(std::move(fits));
  }
  TRY(catalog::promise_space(db, {download.id, download.epoch}));
  return writing.commit();
}

}  // namespace modelkeep::fetch
