#pragma once
// A page of memory beside a file that is being fetched: which bytes of its part are there, so that
// a worker may hand them on while more arrive, and which ones are waited for. One fetcher writes,
// any number of workers read. Losing it breaks transfers and no file.
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace modelkeep::storage {

struct Stretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  ///< Exclusive.
  bool operator==(const Stretch&) const = default;
};

/// A value that shares the page with its copies.
class LivePart {
 public:
  /// For the fetcher: made when there is none.
  static Result<LivePart> create(const std::string& path);
  /// For a worker: nothing while nobody fetches the file, or when the page is from before a reboot,
  /// after which the disk may hold less than it says.
  static std::optional<LivePart> find(const std::string& path);

  // The fetcher's.
  /// What a fetcher before told readers under this boot of the machine. It had been written by
  /// then, whatever became of the fetcher.
  std::vector<Stretch> told() const;
  /// The part was opened with these bytes there. What readers were told before stays true, or it
  /// counts as replaced.
  void begin(std::span<const Stretch> there);
  void show(std::span<const Stretch> there);
  /// Before bytes change that readers may have had.
  void replace();
  /// Every byte is what the digest says.
  void say_right();
  bool was_replaced() const;
  /// What readers wait for, the latest first.
  std::vector<Stretch> wishes() const;

  // A reader's.
  struct State {
    std::uint64_t ready_to = 0;  ///< From the asked byte on, all before this one are there.
    std::uint64_t replaced = 0;  ///< Grows with each replace().
    bool right = false;
  };
  /// Nothing for a moment in which the page is being written.
  std::optional<State> state(std::uint64_t from) const;
  void wish(Stretch wanted);

 private:
  struct Page;
  explicit LivePart(std::shared_ptr<Page> page) : page_(std::move(page)) {}
  void write(std::span<const Stretch> there);
  std::optional<std::vector<Stretch>> read() const;

  std::shared_ptr<Page> page_;  // The mapping ends with its last user.
};

}  // namespace modelkeep::storage
