#pragma once
// Bytes on their way from a client into staging/pushed: written, hashed, synced, and then named by
// their digest. Only the long pool does this; a fetcher makes blobs of them when they are
// committed.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::hub {

/// One file that is written from its beginning to its end. Used by one thread; what is not kept is
/// unlinked.
class Incoming {
 public:
  /// `part` is the name in staging while it grows; a file of that name is in use by someone else.
  static Result<Incoming> begin(Files& files, const storage::Layout& layout, std::string part);
  Incoming(Incoming&&) = default;
  ~Incoming();

  Result<> write(std::span<const char> bytes);
  std::int64_t size_bytes() const { return static_cast<std::int64_t>(written_); }
  /// On the disk under its digest, which is returned.
  Result<std::string> keep();
  /// The same, or checksum_mismatch and nothing kept.
  Result<> keep_as(std::string_view sha256);

 private:
  Incoming(Files& files, const storage::Layout& layout, std::string path, Fd file);
  Result<> name_it(const std::string& sha256);

  Files* files_;
  const storage::Layout* layout_;
  std::string path_;
  Fd file_;
  Digest sha256_ = Digest::sha256();
  std::uint64_t written_ = 0;
  std::uint64_t written_back_ = 0;
};

/// A part of an object that arrives in parts, at its place in the one file.
Result<> write_part(Files& files, const Fd& file, std::uint64_t& offset,
                    std::span<const char> bytes);

/// Hashes the assembled file and names it by its digest. checksum_mismatch, and the file is gone.
Result<> keep_assembled(Files& files, const storage::Layout& layout, const std::string& path,
                        std::string_view sha256, std::uint64_t size_bytes);

/// Whether the store has these bytes: as a blob, or pushed and waiting for a commit. One that waits
/// does so longer from now.
Result<bool> is_here(Files& files, const storage::Layout& layout, std::string_view sha256,
                     std::int64_t size_bytes);

/// The same when nobody says how large it is; nullopt when it is not here.
Result<std::optional<std::int64_t>> size_of(Files& files, const storage::Layout& layout,
                                            std::string_view sha256);

}  // namespace modelkeep::hub
