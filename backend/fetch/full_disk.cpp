#include "fetch/full_disk.h"

#include "base/error_codes.h"
#include "catalog/backup.h"

namespace modelkeep::fetch {

bool make_room_for_rows(const Surroundings& around, const Error& error) {
  return error.code == codes::disk_full && catalog::drop_ballast(around.config->state);
}

}  // namespace modelkeep::fetch
