#pragma once
// What upstream said of repos, kept so that it is asked once: what a branch or a tag means, which
// files a commit holds, and refusals. Written by fetchers, read by the hub door.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/models.h"

namespace modelkeep::catalog {

/// The last word on one revision of a repo.
struct UpstreamAnswer {
  std::string commit;          ///< Empty where it was refused.
  std::optional<Error> error;  ///< The refusal, or that upstream could not be asked.
  std::string etag;
  Time answered_at;
};
void read_row(const sqlite::Row& row, UpstreamAnswer& answer);

Result<std::optional<UpstreamAnswer>> find_upstream_answer(sqlite::Connection& db,
                                                           std::string_view repo,
                                                           std::string_view revision);
Result<> save_upstream_answer(sqlite::Connection& db, std::string_view repo,
                              std::string_view revision, const UpstreamAnswer& answer);
/// Names that meant this commit when they were last asked for; `main` first.
Result<std::vector<std::string>> upstream_refs_of(sqlite::Connection& db, std::string_view repo,
                                                  std::string_view commit);

struct ListedFile {
  std::string path;
  std::int64_t size_bytes = 0;
  std::string sha256;  ///< Of LFS files.
  std::string git_oid;
  bool is_lfs = false;
};
void read_row(const sqlite::Row& row, ListedFile& file);

struct Listing {
  std::int64_t pk = 0;
  std::string commit;
  std::string canonical_name;
  std::string task;
  std::string license;
  std::string library;
  std::string gated;
  Time listed_at;
};
void read_row(const sqlite::Row& row, Listing& listing);

/// `repo` as it was asked for.
Result<std::optional<Listing>> find_listing(sqlite::Connection& db, std::string_view repo,
                                            std::string_view commit);
/// By path.
Result<std::vector<ListedFile>> listed_files(sqlite::Connection& db, std::int64_t listing_pk);
Result<std::optional<ListedFile>> find_listed_file(sqlite::Connection& db, std::int64_t listing_pk,
                                                   std::string_view path);
Result<> save_listing(sqlite::Connection& db, std::string_view repo, const Listing& listing,
                      const std::vector<ListedFile>& files);

/// Forgets what nobody needs any more: answers from before `before`, and listings from before then
/// but those of revisions that are stored in part.
Result<> prune_upstream_answers(sqlite::Connection& db, Time before);

/// Clients may have read other bytes of this content than it has.
Result<> note_replaced(sqlite::Connection& db, std::string_view sha256, Time now);
Result<bool> was_replaced_since(sqlite::Connection& db, std::string_view sha256, Time since);

}  // namespace modelkeep::catalog
