#include "fetch/slots.h"

#include <utility>

#include "base/error_codes.h"

namespace modelkeep::fetch {

Result<std::optional<Slot>> take_slot(const storage::Layout& layout, int slots) {
  for (int slot = 0; slot < slots; ++slot) {
    auto lock = FileLock::try_take(layout.slot_lock(slot));
    if (lock) return std::optional(Slot{.lock = std::move(*lock), .number = slot});
    if (lock.error().code != codes::lock_held) return tl::unexpected{std::move(lock).error()};
  }
  return std::optional<Slot>{};
}

}  // namespace modelkeep::fetch
