#include "fetch/hash_lane.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

namespace modelkeep::fetch {
namespace {

// Copied from the page cache and then hashed: small enough to stay in a core's own cache between.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
// One part's turn, so that a long one does not keep the others' verdicts back.
constexpr std::uint64_t kTurnBytes = std::uint64_t{16} << 20;
constexpr std::chrono::milliseconds kIdleWait{500};
constexpr std::uint64_t kMarkEveryBytes = std::uint64_t{64} << 20;

}  // namespace

HashLane::HashLane(Files& files, std::function<void(FileEvent)> report)
    : files_(files), report_(std::move(report)), block_(kBlockBytes) {}

void HashLane::add(Part& part) {
  const std::scoped_lock lock(mutex_);
  added_.push_back(&part);
  poked_ = true;
  changed_.notify_one();
}

void HashLane::poke() {
  const std::scoped_lock lock(mutex_);
  if (poked_) return;
  poked_ = true;
  changed_.notify_one();
}

void HashLane::run(std::stop_token stop) {
  std::vector<Work> works;
  bool moved = false;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex_);
      if (!moved) changed_.wait_for(lock, stop, kIdleWait, [this] { return poked_; });
      poked_ = false;
      for (Part* part : added_) {
        std::erase_if(works, [part](const Work& work) { return work.part == part; });
        works.push_back({.part = part});
      }
      added_.clear();
    }
    moved = false;
    std::erase_if(works, [&](Work& work) {
      if (stop.stop_requested()) return false;
      const Step result = step(work);
      moved = moved || result == Step::moved;
      return result == Step::done;
    });
  }
}

void HashLane::begin(Work& work, int generation) {
  const std::uint64_t changed_from = work.part->take_changed_from();
  std::vector<Mark>& marks = marks_[work.part];
  std::erase_if(marks, [&](const Mark& one) {
    return one.generation != generation || one.at > changed_from;
  });
  work.generation = generation;
  if (marks.empty()) {
    work.hashed = 0;
    work.sha256 = Digest::sha256();
    work.git.reset();
    if (!work.part->file().is_lfs) work.git = Digest::git_blob(work.part->size());
  } else {
    const Mark& last = marks.back();
    work.hashed = last.at;
    work.sha256 = last.sha256.copy();
    work.git.reset();
    if (last.git) work.git = last.git->copy();
  }
  work.part->set_hashed(work.hashed);
}

void HashLane::mark(const Work& work) {
  std::vector<Mark>& marks = marks_[work.part];
  const std::uint64_t before = marks.empty() ? 0 : marks.back().at;
  if (work.hashed < before + kMarkEveryBytes) return;
  Mark here{.at = work.hashed, .generation = work.generation, .sha256 = work.sha256->copy()};
  if (work.git) here.git = work.git->copy();
  marks.push_back(std::move(here));
}

HashLane::Step HashLane::step(Work& work) {
  const Part::Position position = work.part->position();
  if (position.generation != work.generation || !work.sha256) begin(work, position.generation);
  auto more = hash_some(work, position.frontier);
  if (!more) {
    report_({.kind = FileEvent::Kind::failed, .part = work.part, .error = std::move(more).error()});
    return Step::done;
  }
  if (position.complete && work.hashed == work.part->size()) {
    finish(work);
    return Step::done;
  }
  return *more ? Step::moved : Step::idle;
}

Result<bool> HashLane::hash_some(Work& work, std::uint64_t frontier) {
  const std::uint64_t end = std::min(frontier, work.hashed + kTurnBytes);
  while (work.hashed < end) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(kBlockBytes, end - work.hashed));
    const std::span<std::byte> block = std::span(block_).first(wanted);
    const std::size_t got = TRY(files_.read_at(work.part->descriptor(), block, work.hashed));
    // Short only when the part was restarted under our hands; the next turn sees the generation.
    if (got == 0) return false;
    work.sha256->update(block.first(got));
    if (work.git) work.git->update(block.first(got));
    work.hashed += got;
    work.part->set_hashed(work.hashed);
  }
  mark(work);
  return work.hashed < frontier;
}

void HashLane::finish(Work& work) {
  const catalog::DownloadFile& file = work.part->file();
  FileEvent event{.part = work.part,
                  .generation = work.generation,
                  .bytes = work.hashed,
                  .sha256 = work.sha256->finish_hex()};
  const bool right =
      work.git ? work.git->finish_hex() == file.git_oid : event.sha256 == file.sha256;
  event.kind = right ? FileEvent::Kind::right : FileEvent::Kind::corrupt;
  if (right) {
    marks_.erase(work.part);
    work.part->say_right();
  }
  report_(std::move(event));
}

}  // namespace modelkeep::fetch
