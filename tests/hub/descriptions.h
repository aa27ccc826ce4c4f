#pragma once
// Repositories, files and refs as JSON, member for member as the Hub's client reads them. Pure.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "tests/hub/manifest.h"

namespace modelkeep::standin {

/// What model info shows beside the fields that it always has.
struct InfoShape {
  bool blobs = false;  ///< Sizes and digests of the siblings.
  std::vector<std::string>
      expand;  ///< When not empty, these fields alone; unknown ones are ignored.
};
std::string describe_repo(const Repo& repo, const Revision& revision, const InfoShape& shape);

/// One element of the list of models.
void describe_listed(json::Writer& out, const Repo& repo);

struct TreeShape {
  bool expand = false;
  bool hides_xet = false;  ///< A caller without access gets asterisks for `xetHash`.
};
void describe_entry(json::Writer& out, const Revision& revision, const TreeEntry& entry,
                    const TreeShape& shape);
/// Entry `index` of a listing that no repository backs.
void describe_invented(json::Writer& out, std::uint64_t index);

std::string describe_refs(const Repo& repo, bool with_pull_requests);
std::string describe_commits(const Repo& repo, const Revision& tip);

}  // namespace modelkeep::standin
