#pragma once
// Content by its SHA-256, once: .modelkeep/blobs/<aa>/<sha256>, read-only and never changed. Any
// process may read; fetchers commit and the sweep removes. Values of this class are for one thread.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::storage {

class BlobStore {
 public:
  BlobStore(Files& files, const Layout& layout) : files_(files), layout_(layout) {}

  /// Its size when it is there.
  Result<std::optional<std::uint64_t>> find(std::string_view sha256);

  /// Takes the verified file at `path`, on the same file system, in under its name. The file must
  /// have been synced by the descriptor that wrote it: a sync here could not tell what an earlier
  /// one had lost. When the content is there already, `path` is removed.
  Result<> commit(const std::string& path, std::string_view sha256, std::uint64_t size_bytes);

  Result<Fd> open(std::string_view sha256);
  /// Success when it is not there.
  Result<> remove(std::string_view sha256);
  Result<std::vector<std::string>> list();

 private:
  Files& files_;
  const Layout& layout_;
};

}  // namespace modelkeep::storage
