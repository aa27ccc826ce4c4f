#include "catalog/reads.h"

#include <algorithm>

#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

constexpr std::string_view kFind = R"(
  SELECT pk FROM hub_reads
  WHERE user_pk = ?1 AND caller = ?2 AND model_pk = ?3 AND last_at > ?5 AND commit_hash = ?4
        AND began_at < ?6
  ORDER BY last_at DESC LIMIT 1)";
constexpr std::string_view kGoOn = R"(
  UPDATE hub_reads SET
    began_at = min(began_at, ?2), last_at = max(last_at, ?3), requests = requests + ?4,
    bytes_served = bytes_served + ?5
  WHERE pk = ?1)";
constexpr std::string_view kBegin = R"(
  INSERT INTO hub_reads (model_pk, commit_hash, user_pk, caller, address_pk, client, began_at,
                         last_at, requests, bytes_served)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10))";

bool goes_on(const Touch& touch, const Touch& next) {
  return next.from.ms < touch.to.ms + kReadSilenceMs;
}

/// One for all that lie close together.
std::vector<Touch> folded(std::vector<Touch> touches) {
  std::stable_sort(touches.begin(), touches.end(),
                   [](const Touch& a, const Touch& b) { return a.from < b.from; });
  std::vector<Touch> folds;
  for (Touch& touch : touches) {
    if (folds.empty() || !goes_on(folds.back(), touch)) {
      folds.push_back(std::move(touch));
      continue;
    }
    Touch& fold = folds.back();
    fold.to = std::max(fold.to, touch.to);
    fold.requests += touch.requests;
    fold.bytes += touch.bytes;
  }
  return folds;
}

/// True when it begins a download.
Result<bool> write_fold(sqlite::Connection& db, const Reader& reader, const Touch& fold) {
  const auto found = TRY(db.one<std::int64_t>(kFind, reader.user_pk, reader.caller, reader.model_pk,
                                              reader.commit, Time{fold.from.ms - kReadSilenceMs},
                                              Time{fold.to.ms + kReadSilenceMs}));
  if (found) {
    TRY(db.run(kGoOn, *found, fold.from, fold.to, fold.requests, fold.bytes));
    return false;
  }
  TRY(db.run(kBegin, reader.model_pk, reader.commit, reader.user_pk, reader.caller, fold.address_pk,
             fold.client, fold.from, fold.to, fold.requests, fold.bytes));
  return true;
}

}  // namespace

Result<std::map<std::int64_t, std::int64_t>> Reads::write(sqlite::Connection& db) {
  std::map<std::int64_t, std::int64_t> begun;
  for (auto& [reader, touches] : touches_) {
    for (const Touch& fold : folded(std::move(touches))) {
      if (TRY(write_fold(db, reader, fold))) ++begun[reader.model_pk];
    }
  }
  touches_.clear();
  return begun;
}

}  // namespace modelkeep::catalog
