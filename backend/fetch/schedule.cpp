#include "fetch/schedule.h"

#include <algorithm>

#include "fetch/limits.h"

namespace modelkeep::fetch {
namespace {

constexpr int kSmallShare = 4;
constexpr std::uint64_t kPiecesToCompare = 4;  // Of the least length.
// Files that arrived and wait for their digest and sync are open too.
constexpr std::size_t kOpenMax = 192;

}  // namespace

Schedule::Schedule(RangePolicy policy, const std::vector<Part*>& parts, int tries_before)
    : policy_(policy) {
  for (Part* part : parts) add(*part, tries_before);
}

// The largest first; of two alike, the one that came first.
void Schedule::put(std::deque<std::size_t>& list, std::size_t file) const {
  const auto place =
      std::upper_bound(list.begin(), list.end(), file, [this](std::size_t one, std::size_t other) {
        return files_[one].part->size() > files_[other].part->size();
      });
  list.insert(place, file);
}

void Schedule::add(Part& part, int tries_before) {
  files_.push_back({.part = &part, .whole = !part.in_ranges(), .tries = tries_before});
  fresh_bytes_ += part.size();
  put(fresh_[0], files_.size() - 1);
}

void Schedule::hurry(std::size_t file) {
  FileWork& work = files_[file];
  if (work.urgent) return;
  if (!work.begun) {
    std::erase(fresh_[0], file);
    put(fresh_[1], file);
  }
  work.urgent = true;
}

std::uint64_t Schedule::unasked_of(const FileWork& work) const {
  return work.part->size() - work.taken.bytes();
}

bool Schedule::can_use_connection(const FileWork& work, std::int64_t now_ms) const {
  if (work.received || work.not_before_ms > now_ms) return false;
  if (work.comparison && work.comparison->awaits_verdict) return false;
  if (work.comparison && work.lanes >= 2 + work.comparison->pieces) return false;
  // The first answer tells whether ranges are given, and where to go for the others.
  if (work.lanes > 0 && (work.whole || !work.known)) return false;
  return unasked_of(work) > 0 ||
         (work.part->size() == work.taken.bytes() && work.lanes == 0 && !work.comparison);
}

std::optional<std::size_t> Schedule::next_file(std::int64_t now_ms) {
  const auto urgent = next_file(true, now_ms);
  return urgent ? urgent : next_file(false, now_ms);
}

std::optional<std::size_t> Schedule::next_file(bool urgent, std::int64_t now_ms) {
  const std::deque<std::size_t>& fresh = fresh_[urgent ? 1 : 0];
  const bool may_begin = !fresh.empty() && active_.size() < kOpenMax;
  const auto fits = [&](std::size_t file) {
    return files_[file].urgent == urgent && can_use_connection(files_[file], now_ms);
  };
  if (small_lanes_ * kSmallShare < lanes_) {
    // Fresh ones at the end are the smallest there are; among the begun ones, the smallest too.
    if (may_begin) return fresh.back();
    const auto small = std::find_if(active_.rbegin(), active_.rend(), fits);
    return small == active_.rend() ? std::nullopt : std::optional(*small);
  }
  const auto large = std::find_if(active_.begin(), active_.end(), fits);
  if (large != active_.end()) return *large;
  return may_begin ? std::optional(fresh.front()) : std::nullopt;
}

// Short pieces, and only a few connections at first: what others compare meanwhile is for nothing
// once the wrong one is found.
std::optional<ByteRange> Schedule::next_to_compare(FileWork& work, std::uint64_t length) const {
  length = std::min(length, policy_.min_bytes * kPiecesToCompare);
  work.comparison->from_end = !work.comparison->from_end;
  return work.comparison->from_end ? last_range(work.taken, work.part->size(), length)
                                   : next_range(work.taken, work.part->size(), length);
}

std::optional<ByteRange> Schedule::take_range(std::size_t file, const Pace& pace) {
  FileWork& work = files_[file];
  const std::uint64_t length =
      work.whole ? work.part->size() : range_bytes(policy_, unasked_bytes(), pace);
  std::optional<ByteRange> range;
  if (work.comparison && !work.whole) {
    range = next_to_compare(work, length);
  } else {
    if (!work.whole)
      range = wished_range(work.taken, work.part->wishes(), work.part->size(), length);
    if (!range) range = next_range(work.taken, work.part->size(), length);
  }
  if (!range) return std::nullopt;
  work.taken.add(*range);
  ++work.lanes;
  ++lanes_;
  if (!work.part->in_ranges()) ++small_lanes_;
  return range;
}

std::optional<std::size_t> Schedule::find(const Part& part) const {
  const auto found = std::find_if(files_.begin(), files_.end(),
                                  [&](const FileWork& work) { return work.part == &part; });
  if (found == files_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - files_.begin());
}

void Schedule::begin(std::size_t file) {
  FileWork& work = files_[file];
  work.taken = work.part->there();
  if (work.begun) return;
  work.begun = true;
  fresh_bytes_ -= work.part->size();
  std::erase(fresh_like(work), file);
  put(active_, file);
}

void Schedule::lane_ended(std::size_t file, ByteRange rest) {
  FileWork& work = files_[file];
  --work.lanes;
  --lanes_;
  if (!work.part->in_ranges()) --small_lanes_;
  work.taken.remove(rest);
}

void Schedule::restart(std::size_t file, ByteRange coming) {
  FileWork& work = files_[file];
  work.taken.clear();
  work.taken.add(coming);
}

void Schedule::finish(std::size_t file) {
  FileWork& work = files_[file];
  work.received = true;
  work.comparison.reset();
}

void Schedule::close(std::size_t file) {
  std::erase(active_, file);
}

void Schedule::compare(std::size_t file) {
  FileWork& work = files_[file];
  work.received = false;
  work.taken.clear();
  work.comparison = FileWork::Comparison{};
}

std::uint64_t Schedule::unasked_bytes() const {
  std::uint64_t bytes = fresh_bytes_;
  for (const std::size_t file : active_) {
    if (!files_[file].received) bytes += unasked_of(files_[file]);
  }
  return bytes;
}

int Schedule::useful_connections() const {
  std::uint64_t useful = fresh_[0].size() + fresh_[1].size();
  for (const std::size_t file : active_) {
    const FileWork& work = files_[file];
    useful += static_cast<std::uint64_t>(work.lanes);
    if (work.received) continue;
    const std::uint64_t pieces = (unasked_of(work) + policy_.min_bytes - 1) / policy_.min_bytes;
    useful += work.whole ? std::min<std::uint64_t>(pieces, 1) : pieces;
  }
  // A large file that is not begun is worth more than one.
  if (fresh_bytes_ > 0) useful = std::max(useful, fresh_bytes_ / policy_.split_bytes);
  return static_cast<int>(std::min<std::uint64_t>(useful, kConnectionsMax));
}

}  // namespace modelkeep::fetch
