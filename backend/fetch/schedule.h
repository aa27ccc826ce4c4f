#pragma once
// Which bytes to ask for next: knows the files, what is there of them and what is on its way, but
// neither network nor clock. The receiving thread's alone.
#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "fetch/part.h"
#include "fetch/range_plan.h"
#include "net/message.h"

namespace modelkeep::fetch {

/// One file on its way.
struct FileWork {
  Part* part = nullptr;
  bool urgent = false;  ///< A client waits for it: it goes before all that are not.
  ByteRanges taken{};   ///< There, or on some connection.
  int lanes = 0;        ///< Connections that bring it.
  bool begun = false;
  bool received = false;
  /// Its upstream does not give ranges, or it is too small to be worth several.
  bool whole = false;
  /// An answer showed that ranges are given, and where redirects lead.
  bool known = false;
  std::optional<net::Landing> landing{};
  int landing_number = 0;

  int tries = 0;  ///< In a row that brought nothing.
  std::int64_t failed_at_ms = 0;
  std::int64_t not_before_ms = 0;
  int expired_urls = 0;
  int restarts = 0;
  int fruitless = 0;  ///< Connections in a row that were replaced before they brought anything.
  bool retried_fresh = false;

  /// Its digest was wrong: it is fetched once more and compared, piece by piece, until the digest
  /// is right. From both ends in turn: what broke last, and what broke first, is found soon.
  struct Comparison {
    bool from_end = false;        ///< The next piece; the last ones go first.
    int pieces = 0;               ///< Compared so far: as many connections, and two, may go on.
    bool awaits_verdict = false;  ///< A piece was replaced and all is being hashed again.
    bool replaced_since = false;  ///< Another one after that hashing had begun.
  };
  std::optional<Comparison> comparison{};
};

class Schedule {
 public:
  Schedule(RangePolicy policy, const std::vector<Part*>& parts, int tries_before);

  /// One more file, while others are on their way.
  void add(Part& part, int tries_before);
  /// From now on it goes before those that nobody waits for.
  void hurry(std::size_t file);

  /// Nothing when nobody can use another connection now. What clients wait for first; among those
  /// the largest; but a quarter of
  /// the connections is for files that come in one piece, so that they do not wait behind large
  /// ones. A file that is not begun must be begun first.
  std::optional<std::size_t> next_file(std::int64_t now_ms);
  /// Of that file; counts it as taken and its connection as running. Nothing when all is there.
  std::optional<ByteRange> take_range(std::size_t file, const Pace& pace);

  FileWork& at(std::size_t file) { return files_[file]; }
  const FileWork& at(std::size_t file) const { return files_[file]; }
  std::optional<std::size_t> find(const Part& part) const;
  /// The part is open: what is there of it is taken.
  void begin(std::size_t file);
  /// `rest` did not come and is to be asked for again.
  void lane_ended(std::size_t file, ByteRange rest);
  /// Everything begins anew, and `coming` is on a connection.
  void restart(std::size_t file, ByteRange coming);
  /// Every byte is there.
  void finish(std::size_t file);
  /// Its descriptors are closed.
  void close(std::size_t file);
  void compare(std::size_t file);

  /// Bytes of all files that are on no connection yet.
  std::uint64_t unasked_bytes() const;
  /// Connections that could find something to do now, those that run included.
  int useful_connections() const;
  /// Files that are begun and not closed.
  const std::deque<std::size_t>& active() const { return active_; }
  bool has_fresh() const { return !fresh_[0].empty() || !fresh_[1].empty(); }

 private:
  std::optional<ByteRange> next_to_compare(FileWork& work, std::uint64_t length) const;
  bool can_use_connection(const FileWork& work, std::int64_t now_ms) const;
  std::uint64_t unasked_of(const FileWork& work) const;
  std::optional<std::size_t> next_file(bool urgent, std::int64_t now_ms);
  std::deque<std::size_t>& fresh_like(const FileWork& work) { return fresh_[work.urgent ? 1 : 0]; }
  void put(std::deque<std::size_t>& list, std::size_t file) const;

  RangePolicy policy_;
  std::deque<FileWork> files_;  ///< One that is added moves no other.
  std::deque<std::size_t> active_;
  // Those not begun yet, and those of them that someone waits for; the largest first.
  std::array<std::deque<std::size_t>, 2> fresh_{};
  std::uint64_t fresh_bytes_ = 0;
  int lanes_ = 0;
  int small_lanes_ = 0;
};

}  // namespace modelkeep::fetch
