#pragma once
// Content by its SHA-256, once: .modelkeep/blobs/<aa>/<sha256>, read-only and never changed. Any
// process may read; fetchers commit and the sweep removes. Values of this class are for one thread.
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::storage {

/// A verified file on the blobs' file system, synced by the descriptor that wrote it: a sync here
/// could not tell what an earlier one had lost.
struct SyncedFile {
  std::string path{};
  std::string sha256{};
  std::uint64_t size_bytes = 0;
};

class BlobStore {
 public:
  BlobStore(Files& files, const Layout& layout) : files_(files), layout_(layout) {}

  /// Its size when it is there.
  Result<std::optional<std::uint64_t>> find(std::string_view sha256);

  /// Takes the verified files in under their names. Names are synced once for all; when it fails,
  /// some may be in and some not, and it may be done again.
  Result<> commit(const std::vector<SyncedFile>& synced);
  /// The same for one. When the content is there already, `path` is removed.
  Result<> commit(const std::string& path, std::string_view sha256, std::uint64_t size_bytes);

  Result<Fd> open(std::string_view sha256);
  /// Success when it is not there.
  Result<> remove(std::string_view sha256);
  Result<std::vector<std::string>> list();

 private:
  Result<> take_in(const SyncedFile& file);
  Result<> sync_names(const std::set<std::string>& folders);

  Files& files_;
  const Layout& layout_;
};

}  // namespace modelkeep::storage
