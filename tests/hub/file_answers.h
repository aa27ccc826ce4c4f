#pragma once
// The calls that lead to bytes: resolve, its cache for small files, and the CDN behind signed URLs.
#include "tests/hub/message.h"
#include "tests/hub/site.h"
#include "tests/hub/target.h"

namespace modelkeep::standin {

Answer answer_resolve(const Site& site, const Request& request, const Target& target);
Answer answer_resolve_cache(const Site& site, const Request& request, const Target& target);
/// The bytes as git has them: an LFS file gives its pointer.
Answer answer_raw(const Site& site, const Request& request, const Target& target);
Answer answer_cdn(const Site& site, const Request& request);

/// The signed URL under which the CDN gives a file, valid until `expires_s` (seconds since the
/// epoch).
std::string signed_url(const Site& site, const Repo& repo, const File& file,
                       std::int64_t expires_s);
/// The file that a CDN path means, whether or not its signature holds.
struct CdnFile {
  RepoPtr repo;
  FilePtr file;
};
CdnFile find_cdn_file(const Site& site, std::string_view raw_path);

}  // namespace modelkeep::standin
