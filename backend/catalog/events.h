#pragma once
// The rows of use: who, from where, when, what; counters in the same transaction. Written by the
// drainer of the journals and by adoption, nobody else.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace modelkeep::sqlite {
class Connection;
class Row;
}  // namespace modelkeep::sqlite

namespace modelkeep::catalog {

/// What an event adds to the counters of its model. `read` is a file read through the hub door:
/// part of a download, which counts once.
enum class Counts : std::uint8_t { nothing, access, download, read };

struct Event {
  Time at;
  std::string action;  ///< "list", "get", "download", ... or an operationId.
  std::optional<std::int64_t> model_pk;
  Counts counts = Counts::nothing;
  int status = 200;  ///< HTTP.
  std::string username;
  std::string ip_address;
  // Of a read alone:
  std::string commit = {};  ///< As the door names the revision.
  std::string client = {};  ///< A family of programs.
};

/// What nginx sent of a file, known when it is over.
struct Served {
  Time began_at;
  Time ended_at;
  std::int64_t bytes = 0;
  std::int64_t model_pk = 0;  ///< 0: not through the hub door, so part of no download.
  std::string commit = {};
  std::string client = {};
  std::string username = {};
  std::string ip_address = {};
  bool from_upstream = false;  ///< Upstream sent it for this very reader.
};

/// What the importer remembers between batches: numbers of names, pairs it has seen. All of it only
/// ever grows in the database, so it stays true whoever imported in between. One thread.
class EventNumbers {
 public:
  enum class Ranks {
    at_once,  ///< The list's order is right when the transaction commits.
    later,  ///< Large batches leave it to save_ranks(), which their importer calls within seconds.
  };
  explicit EventNumbers(Ranks ranks = Ranks::at_once) : ranks_(ranks) {}
  bool has_unranked() const { return !unranked_.empty(); }

  /// Forget what a transaction that was rolled back has put in.
  void forget();

 private:
  friend class EventImport;
  friend Result<> save_ranks(sqlite::Connection& db, EventNumbers& numbers);
  Ranks ranks_;
  std::set<std::int64_t> unranked_;
  std::unordered_map<std::string, std::int64_t> actions_;
  std::unordered_map<std::string, std::int64_t> users_;
  std::unordered_map<std::string, std::int64_t> addresses_;
  std::unordered_set<std::uint64_t> model_users_;
};

/// Rows, counters, users and totals of one batch. Inside a write transaction; on an error roll back
/// and forget().
Result<> add_events(sqlite::Connection& db, EventNumbers& numbers, const std::vector<Event>& events,
                    const std::vector<Served>& served = {});

/// Brings the order of the list up to the counters, for the models that were left for later. Its
/// own transaction.
Result<> save_ranks(sqlite::Connection& db, EventNumbers& numbers);
/// The same for whatever an importer that died left behind: a look at every model.
Result<> save_all_ranks(sqlite::Connection& db);

struct JournalOffset {
  std::string file;
  std::int64_t imported_bytes = 0;
};
void read_row(const sqlite::Row& row, JournalOffset& offset);
Result<std::vector<JournalOffset>> journal_offsets(sqlite::Connection& db);
/// In the transaction that brings the events up to there.
Result<> set_journal_offset(sqlite::Connection& db, std::string_view file,
                            std::int64_t imported_bytes);
Result<> forget_journal(sqlite::Connection& db, std::string_view file);

}  // namespace modelkeep::catalog
