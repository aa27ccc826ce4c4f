#pragma once
// What a revision holds, as the hub door lists it. Only the pull command includes this folder.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/client.h"

namespace modelkeep::cli::pull {

/// Bytes that the revision has under one name or several.
struct Content {
  std::string etag;  ///< Its digest: SHA-256 where is_lfs, else the git object.
  bool is_lfs = false;
  std::uint64_t size_bytes = 0;
  std::vector<std::string> paths;
};

struct Listing {
  std::string name;
  std::string revision;
  std::string commit;
  std::vector<Content> contents;
};

struct Selection {
  std::string revision;
  std::vector<std::string> include;
  std::vector<std::string> exclude;
};

/// `word` is a model's name or id. not_found with the next step when the store has no such model,
/// revision or file. A listing that names a path outside of its folder is refused.
Result<Listing> list(Client& client, const std::string& word, const Selection& selection);

/// Where the content is read, below the server's address.
std::string content_path(const Listing& listing, const Content& content);

}  // namespace modelkeep::cli::pull
