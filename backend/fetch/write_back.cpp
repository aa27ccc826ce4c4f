#include "fetch/write_back.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace modelkeep::fetch {
namespace {

constexpr std::chrono::milliseconds kRound{20};
// Smaller pieces would make many small writes of one large one.
constexpr std::uint64_t kPieceBytes = std::uint64_t{4} << 20;
// From so many small files on, syncing the whole file system costs less than one sync each.
constexpr std::size_t kTogether = 8;

}  // namespace

WriteBack::WriteBack(Files& files, Clock& clock, CheckpointPolicy policy,
                     std::function<void(FileEvent)> report)
    : files_(files), clock_(clock), policy_(policy), report_(std::move(report)) {}

void WriteBack::add(Part& part) {
  const std::scoped_lock lock(mutex_);
  added_.push_back(&part);
}

void WriteBack::make_safe(FileEvent right) {
  const std::scoped_lock lock(mutex_);
  whole_.push_back(std::move(right));
  changed_.notify_one();
}

void WriteBack::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    std::vector<FileEvent> whole;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, stop, kRound, [this] { return !whole_.empty(); });
      take_added();
      whole = std::exchange(whole_, {});
    }
    if (!whole.empty()) sync_whole(std::move(whole));
    std::erase_if(works_, [&](Work& work) { return !look_after(work); });
  }
}

void WriteBack::take_added() {
  for (Part* part : std::exchange(added_, {})) {
    const Part::Position position = part->position();
    std::erase_if(works_, [&](const Work& work) { return work.part == part; });
    std::erase(failed_, part);
    works_.push_back({.part = part,
                      .generation = position.generation,
                      .checkpoint_bytes = position.received,
                      .checkpoint_at_ms = clock_.mono_ms()});
  }
}

// False when the disk failed: whoever hears of it begins the part anew and adds it again.
bool WriteBack::look_after(Work& work) {
  if (work.part->size() < kPieceBytes) return true;
  const Part::Position position = work.part->position();
  if (position.generation != work.generation) {
    work.generation = position.generation;
    work.begun.clear();
    work.checkpoint_bytes = 0;
  }
  const ByteRanges there = work.part->there();
  begin_writing(work, there);
  return checkpoint_if_due(work, there);
}

void WriteBack::begin_writing(Work& work, const ByteRanges& there) {
  for (const ByteRange& range : there.all()) {
    for (std::uint64_t from = range.begin;;) {
      const auto fresh = work.begun.first_gap(from, range.end);
      if (!fresh) break;
      from = fresh->end;
      // Whole pieces; the last one of a file is the sync's.
      const std::uint64_t pieces = fresh->size() / kPieceBytes * kPieceBytes;
      if (pieces == 0) continue;
      files_.start_writing(work.part->descriptor(), fresh->begin, pieces);
      work.begun.add({fresh->begin, fresh->begin + pieces});
    }
  }
}

bool WriteBack::checkpoint_if_due(Work& work, const ByteRanges& there) {
  if (there.bytes() <= work.checkpoint_bytes) return true;
  const std::int64_t now_ms = clock_.mono_ms();
  const bool due = there.bytes() - work.checkpoint_bytes >= policy_.every_bytes ||
                   now_ms - work.checkpoint_at_ms >= policy_.every_ms;
  if (!due) return true;
  work.checkpoint_bytes = there.bytes();
  work.checkpoint_at_ms = now_ms;
  auto kept = files_.sync_data(work.part->descriptor());
  if (kept) kept = work.part->note_synced(work.generation, there);
  if (!kept) {
    failed_.push_back(work.part);
    report_({.kind = FileEvent::Kind::failed, .part = work.part, .error = std::move(kept).error()});
    return false;
  }
  report_({.kind = FileEvent::Kind::checkpoint, .part = work.part, .bytes = there.frontier()});
  return true;
}

Result<bool> WriteBack::sync_together(const std::vector<FileEvent>& files) {
  if (files.size() < kTogether) return false;
  return files_.sync_all(files.front().part->descriptor());
}

// A failed sync is final: the kernel may have dropped what it could not write, and a second one
// would lie. And a verdict may come from before the part was begun anew for that reason.
void WriteBack::sync_whole(std::vector<FileEvent> files) {
  std::erase_if(files, [this](const FileEvent& event) {
    return event.generation != event.part->position().generation ||
           std::find(failed_.begin(), failed_.end(), event.part) != failed_.end();
  });
  if (files.empty()) return;
  const auto together = sync_together(files);
  for (FileEvent& event : files) {
    Result<> synced;
    if (!together) {
      synced = tl::unexpected{together.error()};
    } else if (!*together) {
      synced = files_.sync(event.part->descriptor());
    }
    std::erase_if(works_, [&](const Work& work) { return work.part == event.part; });
    event.kind = synced ? FileEvent::Kind::safe : FileEvent::Kind::failed;
    if (!synced) event.error = std::move(synced).error();
    report_(std::move(event));
  }
}

}  // namespace modelkeep::fetch
