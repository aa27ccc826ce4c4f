#pragma once
// One file on its way: staging/<download>/<n>.part. The receiving thread appends to it and the
// hashing thread reads behind it; what both look at is under one small lock.
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/files.h"
#include "base/guarded.h"
#include "catalog/downloads.h"

namespace modelkeep::fetch {

class Part {
 public:
  /// Nothing is opened yet: a plan may hold more files than a process may open.
  Part(Files& files, std::string disk_path, catalog::DownloadFile file);
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;

  const catalog::DownloadFile& file() const { return file_; }
  std::uint64_t size() const { return static_cast<std::uint64_t>(file_.size_bytes); }
  const std::string& disk_path() const { return disk_path_; }
  const Fd& descriptor() const { return fd_; }

  /// Creates the part, or opens an earlier one and goes on at its end.
  Result<> open();
  bool is_open() const { return static_cast<bool>(fd_); }
  /// Receiving thread. More than `size` is upstream_size_mismatch and leaves the part as it was.
  Result<> append(std::span<const char> bytes);
  /// Receiving thread: all bytes are there and no more will come.
  void complete();
  /// Receiving thread: from the first byte, because what is there cannot be continued or is wrong.
  Result<> restart();
  /// Hashing thread, after the last byte was checked: nobody needs the descriptor any more.
  void close() { fd_.reset(); }

  struct Position {
    std::uint64_t received = 0;
    /// Grows with each restart: whoever hashes must then forget what it has.
    int generation = 0;
    /// The transfer that brought the last byte has ended well. Until then more bytes than promised
    /// may come and the part begin anew, so no verdict is given earlier.
    bool complete = false;
  };
  Position position();

  /// Any thread: the strong ETag of the content that is being received, with its quotes; empty when
  /// there is none.
  std::string etag();
  void set_etag(std::string etag);

 private:
  Files& files_;
  std::string disk_path_;
  catalog::DownloadFile file_;
  Fd fd_;
  Guarded<Position> position_;
  Guarded<std::string> etag_;
};

}  // namespace modelkeep::fetch
