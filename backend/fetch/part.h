#pragma once
// One file on its way: staging/<download>/<n>.part. The receiving thread writes ranges of it in any
// order, the hashing thread reads up to the first byte that is missing, the syncing thread makes it
// durable; what they all look at is under one small lock.
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/byte_ranges.h"
#include "base/files.h"
#include "base/guarded.h"
#include "catalog/downloads.h"
#include "storage/live_part.h"

namespace modelkeep::fetch {

struct PartPaths {
  std::string bytes{};   ///< <n>.part
  std::string ranges{};  ///< <n>.ranges
  std::string synced{};  ///< <n>.synced
  std::string live{};    ///< What is there of it, for workers; empty: nobody is told.
};

class Part {
 public:
  /// Nothing is opened yet: a plan may hold more files than a process may open. `in_ranges`: it may
  /// be written in any order and keeps notes; else it grows at its end, and its length says how far
  /// it is.
  Part(Files& files, PartPaths paths, catalog::DownloadFile file, bool in_ranges);
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  const catalog::DownloadFile& file() const { return file_; }
  std::uint64_t size() const { return static_cast<std::uint64_t>(file_.size_bytes); }
  const std::string& disk_path() const { return paths_.bytes; }
  const Fd& descriptor() const { return fd_; }
  bool in_ranges() const { return in_ranges_; }

  /// Receiving thread. Creates the part, or opens an earlier one with what is there of it.
  Result<> open();
  bool is_open() const { return static_cast<bool>(fd_); }
  /// Receiving thread. `interrupted` when the part was begun anew since `generation`.
  Result<> write(int generation, std::uint64_t offset, std::span<const char> bytes);
  /// Receiving thread, when all bytes are there: replaces some. False when they were the same.
  Result<bool> correct(std::uint64_t offset, std::span<const char> bytes);
  /// Receiving thread: all bytes are there and no more will come.
  void complete();
  /// Receiving thread: from the first byte, because what is there cannot be continued or is wrong.
  Result<> restart();
  /// Receiving thread: for who goes on after a kill. Does nothing when nothing came since.
  Result<> note();
  /// Syncing thread: these of that generation are on the disk for sure.
  Result<> note_synced(int generation, const ByteRanges& ranges);
  /// Receiving thread, when nobody reads or syncs it any more.
  void close();

  /// Hashing thread: every byte is what the digest says, so whoever follows may have the last ones.
  void say_right();
  /// Receiving thread: ranges that clients wait for, the latest first.
  std::vector<ByteRange> wishes() const;
  /// Any thread, once it is open: clients may have read bytes that are others now.
  bool was_replaced() const { return live_ && live_->was_replaced(); }
  /// It is no longer on its way.
  void leave_live();

  struct Position {
    std::uint64_t frontier = 0;  ///< Up to here nothing is missing.
    std::uint64_t received = 0;
    /// Grows with each restart: whoever hashes must then forget what it has.
    int generation = 0;
    /// The transfers that brought the last bytes have ended well. Until then more bytes than
    /// promised may come and the part begin anew, so no verdict is given earlier.
    bool complete = false;
  };
  Position position();
  ByteRanges there();

  /// Hashing thread: so far it came.
  void set_hashed(std::uint64_t bytes) { hashed_ = bytes; }
  /// Hashing thread: from here on bytes may be others than when it last asked; size() when none.
  std::uint64_t take_changed_from() { return changed_from_.exchange(size()); }
  /// Any thread: bytes that could be hashed and are not.
  std::uint64_t unhashed();

  /// Any thread: the strong ETag of the content that is being received, with its quotes; empty when
  /// there is none.
  std::string etag();
  void set_etag(std::string etag);

 private:
  struct State {
    ByteRanges there{};
    int generation = 0;
    bool complete = false;
  };

  Result<ByteRanges> find_earlier();
  bool is_current(int generation);
  void note_change(std::uint64_t offset);
  void open_live(ByteRanges& there);
  Result<> reserve();

  Files& files_;
  PartPaths paths_;
  catalog::DownloadFile file_;
  bool in_ranges_;
  Fd fd_;
  Fd notes_;
  std::optional<storage::LivePart> live_;
  std::uint64_t noted_bytes_ = 0;
  std::string compared_;
  std::atomic<std::uint64_t> hashed_ = 0;
  std::atomic<std::uint64_t> changed_from_ = 0;
  Guarded<State> state_;
  Guarded<std::string> etag_;
};

}  // namespace modelkeep::fetch
