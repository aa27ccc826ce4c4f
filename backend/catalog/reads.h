#pragma once
// Reads through the hub door: what folds into one download, and how many bytes left. For
// catalog/events.cpp, which writes them in the transaction that brings the events.
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace modelkeep::sqlite {
class Connection;
}  // namespace modelkeep::sqlite

namespace modelkeep::catalog {

/// A caller's silence for so long ends a download.
constexpr std::int64_t kReadSilenceMs = 10 * 60 * 1000;

/// Who reads which revision.
struct Reader {
  std::int64_t model_pk = 0;
  std::string commit;
  std::int64_t user_pk = 0;
  std::int64_t caller = 0;  ///< 0, or the address that tells nameless callers apart.
  auto operator<=>(const Reader&) const = default;
};

/// A request (at one moment), or what nginx sent for one (from its first byte to its last).
struct Touch {
  Time from;
  Time to;
  std::int64_t address_pk = 0;
  std::string client;
  std::int64_t requests = 0;
  std::int64_t bytes = 0;
};

/// The reads of one batch. The order in which they come does not matter: whichever is first on
/// record, the request or its bytes, begins the download.
class Reads {
 public:
  void add(Reader reader, Touch touch) { touches_[std::move(reader)].push_back(std::move(touch)); }
  /// Writes them. How many downloads of which model begin with them.
  Result<std::map<std::int64_t, std::int64_t>> write(sqlite::Connection& db);

 private:
  std::map<Reader, std::vector<Touch>> touches_;
};

}  // namespace modelkeep::catalog
