#include "catalog/model_ids.h"

#include <algorithm>
#include <array>

#include "base/digest.h"
#include "base/text.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

// The last is no name on the mount, but a word of the API where an id stands.
constexpr std::array<std::string_view, 3> kReservedIds = {"models_db.json", "lost+found",
                                                          "download"};
constexpr std::size_t kSuffixHex = 8;

constexpr std::string_view kIdTaken = "SELECT count(*) FROM models WHERE lower(id) = lower(?1)";

Result<bool> is_taken(sqlite::Connection& db, std::string_view id) {
  const auto count = TRY(db.one<std::int64_t>(kIdTaken, id));
  return count.value_or(0) > 0;
}

}  // namespace

std::string plain_id(std::string_view name) {
  std::string id(name);
  std::replace(id.begin(), id.end(), '/', '_');
  return id;
}

std::string suffixed_id(std::string_view name) {
  return plain_id(name) + '~' + sha256_hex(name).substr(0, kSuffixHex);
}

bool is_reserved_id(std::string_view id) {
  return id.empty() || id.starts_with('.') ||
         std::any_of(kReservedIds.begin(), kReservedIds.end(), [id](std::string_view reserved) {
           return equals_ignoring_case(id, reserved);
         });
}

Result<std::string> free_id(sqlite::Connection& db, std::string_view name) {
  const std::string plain = plain_id(name);
  const bool plain_taken = TRY(is_taken(db, plain));
  if (!plain_taken && !is_reserved_id(plain)) return plain;
  std::string suffixed = suffixed_id(name);
  const bool suffixed_taken = TRY(is_taken(db, suffixed));
  if (suffixed_taken) {
    return fail(ErrorKind::conflict, codes::state_conflict, "No id is free for this name.");
  }
  return suffixed;
}

}  // namespace modelkeep::catalog
