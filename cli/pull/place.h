#pragma once
// Where a pull puts things: a plain folder, or a repo of a Hub client's cache. Parts and what is
// known of finished files lie in .modelkeep-pull beside them.
#include <map>
#include <string>

#include "base/files.h"
#include "cli/pull/listing.h"

namespace modelkeep::cli::pull {

class Place {
 public:
  /// `root` is the folder, or the cache.
  Place(Files& files, const Listing& listing, std::string root, bool is_cache);

  Result<> prepare();
  /// Present and right, or not. Known from an earlier pull, else told by the digest.
  Result<bool> has(const Content& content);
  std::string part(const Content& content) const;
  std::string notes(const Content& content) const;
  std::string lock() const;
  /// Gives a verified part all the names it has.
  Result<> put(const Content& content);
  /// Everything is there: syncs it, remembers it, and moves the cache's ref.
  Result<> finish();

  /// What a person opens.
  std::string shown_folder() const;

 private:
  std::string state() const { return root_ + "/.modelkeep-pull"; }
  std::string name_of(const Content& content, const std::string& path) const;
  Result<> link_snapshot(const Content& content);
  Result<bool> is_right(const Content& content, const std::string& name);
  Result<> drop_parts();
  void read_memory();
  std::string memory_line(const Content& content, const std::string& name) const;

  Files& files_;
  const Listing& listing_;
  std::string root_;
  bool is_cache_;
  std::map<std::string, std::string> memory_;  ///< Name -> what it was when it was right.
};

/// The digest of the file as the content's etag names it.
Result<std::string> digest_of(Files& files, const std::string& path, const Content& content);

}  // namespace modelkeep::cli::pull
