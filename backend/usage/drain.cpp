#include "usage/drain.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <unordered_map>

#include "base/file_lock.h"
#include "base/files.h"
#include "base/log.h"
#include "sqlite/transaction.h"
#include "usage/journal_reader.h"
#include "usage/served_log.h"

namespace modelkeep::usage {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;   // Some 10,000 records.
constexpr std::size_t kBatchEvents = 20'000;  // A transaction of well under a second.
constexpr std::chrono::milliseconds kSettleTimeout{5'000};
// A reader who only wishes for the newest figures is not kept by a writer who sits on the database.
constexpr std::chrono::milliseconds kOptionalPatience{300};

using Offsets = std::unordered_map<std::string, std::int64_t>;

Result<Offsets> imported_offsets(sqlite::Connection& db) {
  Offsets offsets;
  for (catalog::JournalOffset& journal : TRY(catalog::journal_offsets(db))) {
    offsets.emplace(std::move(journal.file), journal.imported_bytes);
  }
  return offsets;
}

/// One pass over all journals, in transactions of bounded size.
class Pass {
 public:
  Pass(sqlite::Connection& db, const DrainPaths& paths, catalog::EventNumbers& numbers, Time now,
       Patience patience)
      : db_(db), paths_(paths), numbers_(numbers), now_(now), patience_(patience) {}

  Result<Drained> run() {
    offsets_ = TRY(imported_offsets(db_));
    const RecordNames names = TRY(record_names(paths_.journals));
    for (const std::string& name : names.journals) TRY(import(name));
    for (const std::string& name : names.served_logs) TRY(import_served(name));
    TRY(commit());
    TRY(remove_finished());
    TRY(forget_missing(names));
    return drained_;
  }

 private:
  Result<> import(const std::string& name) {
    auto reader = JournalReader::open(path_of(name));
    if (!reader) {
      if (reader.error().kind == ErrorKind::not_found) return {};  // Another drainer was here.
      return tl::unexpected{std::move(reader).error()};
    }
    // Asked before the size is read: an owner that dies in between has written all it ever will.
    const bool is_orphan = reader->is_orphan();
    const std::int64_t size = TRY(reader->size());
    std::int64_t offset = offsets_[name];
    while (offset < size) {
      JournalPart part = TRY(reader->read(offset, kReadBytes));
      if (part.end == offset) break;  // A line that is not whole yet, or never will be.
      offset = part.end;
      drained_.damaged_lines += part.damaged_lines;
      take(std::move(part.events));
      reached_[name] = offset;
      if (events_.size() >= kBatchEvents) TRY(commit());
    }
    if (is_orphan) finished_.push_back(name);
    return {};
  }

  Result<> import_served(const std::string& name) {
    const auto found = posix_files().stat(path_of(name));
    if (!found) return {};  // Another drainer was here.
    const auto size = static_cast<std::int64_t>(found->size_bytes);
    std::int64_t offset = offsets_[name];
    while (offset < size) {
      ServedPart part = TRY(read_served(path_of(name), offset, kReadBytes));
      if (part.end == offset) break;
      offset = part.end;
      drained_.damaged_lines += part.damaged_lines;
      take(std::move(part.served));
      reached_[name] = offset;
      if (served_.size() >= kBatchEvents) TRY(commit());
    }
    // What is left behind the last whole line then was never finished.
    if (is_finished(paths_.journals, name, size)) finished_.push_back(name);
    return {};
  }

  void take(std::vector<Served> served) {
    for (Served& one : served) {
      one.ended_at = std::clamp(one.ended_at, Time{0}, now_);
      one.began_at = std::clamp(one.began_at, Time{0}, one.ended_at);
    }
    std::move(served.begin(), served.end(), std::back_inserter(served_));
  }

  void take(std::vector<Event> events) {
    for (Event& event : events) event.at = std::clamp(event.at, Time{0}, now_);
    std::move(events.begin(), events.end(), std::back_inserter(events_));
  }

  Result<> commit() {
    if (reached_.empty()) return {};
    auto written = write_batch();
    if (!written) {
      numbers_.forget();
      return written;
    }
    drained_.events += static_cast<std::int64_t>(events_.size());
    drained_.transfers += static_cast<std::int64_t>(served_.size());
    events_.clear();
    served_.clear();
    reached_.clear();
    return {};
  }

  Result<> write_batch() {
    auto writing = TRY(sqlite::WriteTransaction::begin(db_, patience_));
    TRY(catalog::add_events(db_, numbers_, events_, served_));
    for (const auto& [name, offset] : reached_) {
      TRY(catalog::set_journal_offset(db_, name, offset));
    }
    return writing.commit();
  }

  /// The file goes for good before its offset does: the other way round it could be imported again.
  Result<> remove_finished() {
    if (finished_.empty()) return {};
    for (const std::string& name : finished_) TRY(posix_files().remove_file(path_of(name)));
    TRY(posix_files().sync_folder(paths_.journals));
    return forget(finished_);
  }

  Result<> forget_missing(const RecordNames& names) {
    std::vector<std::string> missing;
    for (const auto& [name, offset] : offsets_) {
      const auto& all = is_served_log(name) ? names.served_logs : names.journals;
      const bool is_there = std::binary_search(all.begin(), all.end(), name);
      if (!is_there) missing.push_back(name);
    }
    return missing.empty() ? Result<>{} : forget(missing);
  }

  Result<> forget(const std::vector<std::string>& names) {
    auto writing = TRY(sqlite::WriteTransaction::begin(db_, patience_));
    for (const std::string& name : names) TRY(catalog::forget_journal(db_, name));
    return writing.commit();
  }

  std::string path_of(const std::string& name) const { return paths_.journals + '/' + name; }

  sqlite::Connection& db_;
  const DrainPaths& paths_;
  catalog::EventNumbers& numbers_;
  Time now_;
  Patience patience_;
  Offsets offsets_;
  Offsets reached_;  // Where the batch ends in each journal that it has events of.
  std::vector<Event> events_;
  std::vector<Served> served_;
  std::vector<std::string> finished_;
  Drained drained_;
};

/// How far each journal, and each file of nginx's record, reaches at this moment.
Result<std::vector<catalog::JournalOffset>> journal_ends(const DrainPaths& paths) {
  std::vector<catalog::JournalOffset> ends;
  RecordNames names = TRY(record_names(paths.journals));
  std::move(names.served_logs.begin(), names.served_logs.end(), std::back_inserter(names.journals));
  for (const std::string& name : names.journals) {
    const auto found = posix_files().stat(paths.journals + '/' + name);
    if (found) ends.push_back({name, static_cast<std::int64_t>(found->size_bytes)});
  }
  return ends;
}

Result<bool> are_imported(sqlite::Connection& db, const std::vector<catalog::JournalOffset>& ends) {
  Offsets offsets = TRY(imported_offsets(db));
  return std::all_of(ends.begin(), ends.end(), [&](const catalog::JournalOffset& journal) {
    return offsets[journal.file] >= journal.imported_bytes;
  });
}

}  // namespace

Result<Drained> drain_once(sqlite::Connection& db, const DrainPaths& paths,
                           catalog::EventNumbers& numbers, Clock& clock, Patience patience) {
  auto drained = Pass(db, paths, numbers, clock.now(), patience).run();
  if (drained && drained->damaged_lines > 0) {
    log::warn("journal.damaged_lines", {{"lines", drained->damaged_lines}});
  }
  return drained;
}

Result<> settle(sqlite::Connection& db, const DrainPaths& paths, Pulse& pulse, Clock& clock,
                Exactness exactness) {
  const bool is_optional = exactness == Exactness::while_quiet;
  if (is_optional && !pulse.may_settle(clock.mono_ms())) return {};
  const Patience patience = is_optional ? Patience(kOptionalPatience) : std::nullopt;
  auto settled = [&]() -> Result<> {
    const auto ends = TRY(journal_ends(paths));
    if (TRY(are_imported(db, ends))) return {};
    const auto alone = TRY(FileLock::take(paths.drain_lock, patience.value_or(kSettleTimeout)));
    // Whoever had the lock may have imported ours with theirs: many readers, one transaction.
    if (TRY(are_imported(db, ends))) return {};
    catalog::EventNumbers numbers;
    TRY(drain_once(db, paths, numbers, clock, patience));
    return {};
  }();
  if (settled || !is_optional) return settled;
  log::failure("usage.settle", settled.error());
  return {};
}

}  // namespace modelkeep::usage
