#include "catalog/events.h"

#include <map>

#include "catalog/reads.h"
#include "sqlite/transaction.h"

namespace modelkeep::catalog {
namespace {

/// So few models are put in order at once, whoever imports.
constexpr std::size_t kRankedAtOnceMax = 64;
/// Past this the memory is emptied and learned anew; some 100 MiB would be the alternative.
constexpr std::size_t kRememberedMax = 1'000'000;
constexpr int kFirstRefusal = 400;
constexpr std::string_view kNameless = "anonymous";

constexpr std::string_view kFindAction = "SELECT pk FROM actions WHERE name = ?1";
constexpr std::string_view kAddAction = "INSERT INTO actions (name) VALUES (?1)";
constexpr std::string_view kFindUser = "SELECT pk FROM users WHERE name = ?1";
constexpr std::string_view kAddUser = "INSERT INTO users (name, first_seen_at) VALUES (?1, ?2)";
constexpr std::string_view kFindAddress = "SELECT pk FROM addresses WHERE address = ?1";
constexpr std::string_view kAddAddress = "INSERT INTO addresses (address) VALUES (?1)";

constexpr std::string_view kAddEvent = R"(
  INSERT INTO events (at, action, user, address, model, refusal) VALUES (?1, ?2, ?3, ?4, ?5, ?6))";

// A model that is gone counts nothing any more.
constexpr std::string_view kAddModelUser = R"(
  INSERT OR IGNORE INTO model_users (model_pk, user_pk)
  SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM model_counters WHERE model_pk = ?1))";
constexpr std::string_view kAddCounts = R"(
  UPDATE model_counters SET
    download_count = download_count + ?2, access_count = access_count + ?3,
    total_requests = total_requests + ?2 + ?3, unique_users = unique_users + ?4,
    last_used_at = max(last_used_at, ?5)
  WHERE model_pk = ?1)";
constexpr std::string_view kSaveRank = R"(
  UPDATE model_ranks SET (total_requests, last_used_at) =
    (SELECT total_requests, last_used_at FROM model_counters c WHERE c.model_pk = ?1)
  WHERE model_pk = ?1)";
constexpr std::string_view kSaveAllRanks = R"(
  UPDATE model_ranks SET (total_requests, last_used_at) =
    (SELECT total_requests, last_used_at FROM model_counters c
     WHERE c.model_pk = model_ranks.model_pk)
  WHERE (total_requests, last_used_at) IS NOT
    (SELECT total_requests, last_used_at FROM model_counters c
     WHERE c.model_pk = model_ranks.model_pk))";
constexpr std::string_view kAddTotals = R"(
  UPDATE totals SET total_requests = total_requests + ?1, unique_users = unique_users + ?2,
    bytes_served = bytes_served + ?3, bytes_streamed = bytes_streamed + ?4)";

constexpr std::string_view kOffsets = "SELECT file, imported_bytes FROM journals ORDER BY file";
constexpr std::string_view kSetOffset = R"(
  INSERT INTO journals (file, imported_bytes) VALUES (?1, ?2)
  ON CONFLICT (file) DO UPDATE SET imported_bytes = excluded.imported_bytes)";
constexpr std::string_view kForgetJournal = "DELETE FROM journals WHERE file = ?1";

using Names = std::unordered_map<std::string, std::int64_t>;

struct Numbered {
  std::int64_t number = 0;
  bool is_fresh = false;
};

/// The number of `name`, from memory, from the table, or a fresh one.
template <class... Extra>
Result<Numbered> number_of(sqlite::Connection& db, Names& names, std::string_view find,
                           std::string_view add, const std::string& name, const Extra&... extra) {
  const auto remembered = names.find(name);
  if (remembered != names.end()) return Numbered{remembered->second, false};
  if (names.size() >= kRememberedMax) names.clear();
  Numbered numbered;
  const auto found = TRY(db.one<std::int64_t>(find, name));
  if (found) {
    numbered.number = *found;
  } else {
    TRY(db.run(add, name, extra...));
    numbered = {db.last_insert_id(), true};
  }
  names.emplace(name, numbered.number);
  return numbered;
}

struct ModelSums {
  std::int64_t downloads = 0;
  std::int64_t accesses = 0;
  std::int64_t users = 0;
  Time last_used_at;
};

std::uint64_t pair_of(std::int64_t model_pk, std::int64_t user_pk) {
  return (static_cast<std::uint64_t>(model_pk) << 32) ^ static_cast<std::uint64_t>(user_pk);
}

}  // namespace

void read_row(const sqlite::Row& row, JournalOffset& offset) {
  row.read(offset.file, offset.imported_bytes);
}

void EventNumbers::forget() {
  actions_.clear();
  users_.clear();
  addresses_.clear();
  model_users_.clear();
}

/// One batch on its way in: rows as they come, sums at the end, in the order of their keys.
class EventImport {
 public:
  EventImport(sqlite::Connection& db, EventNumbers& numbers) : db_(db), numbers_(numbers) {}

  Result<> add(const Event& event) {
    const auto action =
        TRY(number_of(db_, numbers_.actions_, kFindAction, kAddAction, event.action));
    const auto user =
        TRY(number_of(db_, numbers_.users_, kFindUser, kAddUser, event.username, event.at));
    const auto address =
        TRY(number_of(db_, numbers_.addresses_, kFindAddress, kAddAddress, event.ip_address));
    fresh_users_ += user.is_fresh ? 1 : 0;
    std::optional<int> refusal;
    if (event.status >= kFirstRefusal) refusal = event.status;
    TRY(db_.run(kAddEvent, event.at, action.number, user.number, address.number, event.model_pk,
                refusal));
    ++events_;
    if (!event.model_pk || event.counts == Counts::nothing) return {};
    if (event.counts == Counts::read) {
      reads_.add(reader(*event.model_pk, event.commit, user.number, event.username, address.number),
                 {event.at, event.at, address.number, event.client, 1, 0});
    }
    return add_to_model(event, user.number);
  }

  Result<> add(const Served& served) {
    bytes_served_ += served.bytes;
    if (served.from_upstream) bytes_streamed_ += served.bytes;
    if (served.model_pk == 0) return {};
    const auto user =
        TRY(number_of(db_, numbers_.users_, kFindUser, kAddUser, served.username, served.began_at));
    const auto address =
        TRY(number_of(db_, numbers_.addresses_, kFindAddress, kAddAddress, served.ip_address));
    fresh_users_ += user.is_fresh ? 1 : 0;
    reads_.add(reader(served.model_pk, served.commit, user.number, served.username, address.number),
               {served.began_at, served.ended_at, address.number, served.client, 0, served.bytes});
    return {};
  }

  Result<> finish() {
    for (const auto& [model_pk, begun] : TRY(reads_.write(db_))) {
      models_[model_pk].downloads += begun;
    }
    for (const auto& [model_pk, sums] : models_) {
      TRY(db_.run(kAddCounts, model_pk, sums.downloads, sums.accesses, sums.users,
                  sums.last_used_at));
    }
    TRY(rank());
    return db_.run(kAddTotals, events_, fresh_users_, bytes_served_, bytes_streamed_);
  }

 private:
  static Reader reader(std::int64_t model_pk, const std::string& commit, std::int64_t user_pk,
                       const std::string& username, std::int64_t address_pk) {
    return {model_pk, commit, user_pk, username == kNameless ? address_pk : 0};
  }

  Result<> rank() {
    const bool is_later =
        numbers_.ranks_ == EventNumbers::Ranks::later && models_.size() > kRankedAtOnceMax;
    for (const auto& [model_pk, sums] : models_) {
      if (is_later) {
        numbers_.unranked_.insert(model_pk);
      } else {
        TRY(db_.run(kSaveRank, model_pk));
      }
    }
    return {};
  }

  Result<> add_to_model(const Event& event, std::int64_t user_pk) {
    ModelSums& sums = models_[*event.model_pk];
    if (event.counts == Counts::download) ++sums.downloads;
    if (event.counts == Counts::access) ++sums.accesses;
    sums.last_used_at = std::max(sums.last_used_at, event.at);
    const std::uint64_t pair = pair_of(*event.model_pk, user_pk);
    if (numbers_.model_users_.contains(pair)) return {};
    TRY(db_.run(kAddModelUser, *event.model_pk, user_pk));
    sums.users += db_.changes();
    if (numbers_.model_users_.size() >= kRememberedMax) numbers_.model_users_.clear();
    numbers_.model_users_.insert(pair);
    return {};
  }

  sqlite::Connection& db_;
  EventNumbers& numbers_;
  std::map<std::int64_t, ModelSums> models_;  // Sorted: neighbours share a page.
  Reads reads_;
  std::int64_t events_ = 0;
  std::int64_t fresh_users_ = 0;
  std::int64_t bytes_served_ = 0;
  std::int64_t bytes_streamed_ = 0;
};

Result<> add_events(sqlite::Connection& db, EventNumbers& numbers, const std::vector<Event>& events,
                    const std::vector<Served>& served) {
  EventImport import(db, numbers);
  for (const Event& event : events) TRY(import.add(event));
  for (const Served& one : served) TRY(import.add(one));
  return import.finish();
}

Result<> save_ranks(sqlite::Connection& db, EventNumbers& numbers) {
  if (numbers.unranked_.empty()) return {};
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  for (const std::int64_t model_pk : numbers.unranked_) TRY(db.run(kSaveRank, model_pk));
  TRY(writing.commit());
  numbers.unranked_.clear();
  return {};
}

Result<> save_all_ranks(sqlite::Connection& db) {
  auto writing = TRY(sqlite::WriteTransaction::begin(db));
  TRY(db.run(kSaveAllRanks));
  return writing.commit();
}

Result<std::vector<JournalOffset>> journal_offsets(sqlite::Connection& db) {
  return db.all<JournalOffset>(kOffsets);
}

Result<> set_journal_offset(sqlite::Connection& db, std::string_view file,
                            std::int64_t imported_bytes) {
  return db.run(kSetOffset, file, imported_bytes);
}

Result<> forget_journal(sqlite::Connection& db, std::string_view file) {
  return db.run(kForgetJournal, file);
}

}  // namespace modelkeep::catalog
