#include "fetch/part.h"

#include <algorithm>
#include <utility>

#include <unistd.h>

#include "base/error_codes.h"
#include "base/log.h"
#include "base/range_notes.h"

namespace modelkeep::fetch {
namespace {

constexpr mode_t kPartPermissions = 0600;
// Below it the reservation costs more than it saves; a full disk shows at the first write as well.
constexpr std::uint64_t kReservedFrom = std::uint64_t{1} << 20;

std::vector<storage::Stretch> stretches_of(const ByteRanges& ranges) {
  std::vector<storage::Stretch> stretches;
  stretches.reserve(ranges.all().size());
  for (const ByteRange& one : ranges.all()) stretches.push_back({one.begin, one.end});
  return stretches;
}

}  // namespace

Part::Part(Files& files, PartPaths paths, catalog::DownloadFile file, bool in_ranges)
    : files_(files),
      paths_(std::move(paths)),
      file_(std::move(file)),
      in_ranges_(in_ranges),
      etag_(file_.etag) {}

Result<ByteRanges> Part::find_earlier() {
  const FileStat found = TRY(files_.stat(paths_.bytes));
  ByteRanges there;
  if (in_ranges_) {
    there = read_notes(files_, paths_.ranges, std::min(size(), found.size_bytes));
  } else {
    there.add({0, std::min(found.size_bytes, size())});
    if (found.size_bytes > size()) TRY(files_.truncate(fd_, size()));
  }
  return there;
}

Result<> Part::open() {
  fd_ = TRY(files_.open(paths_.bytes, OpenMode::write, kPartPermissions));
  ByteRanges there = TRY(find_earlier());
  if (in_ranges_) notes_ = TRY(files_.open(paths_.ranges, OpenMode::write, kPartPermissions));
  TRY(reserve());
  open_live(there);
  noted_bytes_ = there.bytes();
  state_.with([&](State& state) { state = {there, state.generation + 1, false}; });
  return {};
}

// Without it a client waits for the whole file, and nothing else is different.
void Part::open_live(ByteRanges& there) {
  if (paths_.live.empty()) return;
  auto live = storage::LivePart::create(paths_.live);
  if (!live) return log::failure("download.not_shown", live.error());
  live_ = std::move(*live);
  // The notes are a moment behind what a fetcher that was killed had written.
  for (const storage::Stretch& one : live_->told()) {
    if (in_ranges_ && one.end <= size()) there.add({one.begin, one.end});
  }
  live_->begin(stretches_of(there));
}

Result<> Part::reserve() {
  return size() >= kReservedFrom ? files_.allocate(fd_, size()) : Result<>();
}

bool Part::is_current(int generation) {
  return state_.with([&](const State& state) { return state.generation == generation; });
}

Result<> Part::write(int generation, std::uint64_t offset, std::span<const char> bytes) {
  if (!is_current(generation)) {
    return fail(ErrorKind::unavailable, codes::interrupted, "The file was begun anew.");
  }
  TRY(files_.write_at(fd_, std::as_bytes(bytes), offset));
  // Only after the write: the hashing thread reads up to here.
  state_.with([&](State& state) {
    state.there.add({offset, offset + bytes.size()});
    if (live_) live_->show(stretches_of(state.there));
  });
  return {};
}

Result<bool> Part::correct(std::uint64_t offset, std::span<const char> bytes) {
  compared_.resize(bytes.size());
  const std::size_t got =
      TRY(files_.read_at(fd_, std::as_writable_bytes(std::span(compared_)), offset));
  if (got == bytes.size() && std::equal(bytes.begin(), bytes.end(), compared_.begin()))
    return false;
  if (live_) live_->replace();
  TRY(files_.write_at(fd_, std::as_bytes(bytes), offset));
  note_change(offset);
  return true;
}

void Part::note_change(std::uint64_t offset) {
  std::uint64_t known = changed_from_;
  while (offset < known && !changed_from_.compare_exchange_weak(known, offset)) {
  }
}

void Part::complete() {
  state_.with([](State& state) { state.complete = true; });
}

Result<> Part::restart() {
  if (live_) {
    live_->replace();
    live_->show({});
  }
  state_.with([](State& state) { state = {{}, state.generation + 1, false}; });
  note_change(0);
  set_etag({});
  noted_bytes_ = 0;
  if (notes_) TRY(write_notes(files_, notes_, {}));
  // Where this fails, the digest tells after a power cut.
  static_cast<void>(files_.remove_file(paths_.synced));
  TRY(files_.truncate(fd_, 0));
  return reserve();
}

Result<> Part::note() {
  if (!notes_) return {};
  const ByteRanges now = there();
  if (now.bytes() == noted_bytes_) return {};
  TRY(write_notes(files_, notes_, now));
  noted_bytes_ = now.bytes();
  return {};
}

Result<> Part::note_synced(int generation, const ByteRanges& ranges) {
  if (!in_ranges_ || !is_current(generation)) return {};
  TRY(keep_notes(files_, paths_.synced, ranges));
  // Begun anew under our hands: what was synced is gone.
  return is_current(generation) ? Result<>() : keep_notes(files_, paths_.synced, {});
}

void Part::close() {
  fd_.reset();
  notes_.reset();
}

void Part::say_right() {
  if (live_) live_->say_right();
}

std::vector<ByteRange> Part::wishes() const {
  std::vector<ByteRange> wishes;
  if (!live_) return wishes;
  for (const storage::Stretch& one : live_->wishes()) wishes.push_back({one.begin, one.end});
  return wishes;
}

void Part::leave_live() {
  if (live_) ::unlink(paths_.live.c_str());
}

Part::Position Part::position() {
  return state_.with([](const State& state) {
    return Position{state.there.frontier(), state.there.bytes(), state.generation, state.complete};
  });
}

std::uint64_t Part::unhashed() {
  const std::uint64_t frontier = position().frontier;
  const std::uint64_t hashed = hashed_;
  return frontier > hashed ? frontier - hashed : 0;
}

ByteRanges Part::there() {
  return state_.with([](const State& state) { return state.there; });
}

std::string Part::etag() {
  return etag_.with([](const std::string& etag) { return etag; });
}

void Part::set_etag(std::string etag) {
  etag_.with([&](std::string& kept) { kept = std::move(etag); });
}

}  // namespace modelkeep::fetch
