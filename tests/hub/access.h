#pragma once
// Who asks, may they, and the refusals: status, X-Error-Code and X-Error-Message as the Hub's
// client reads them.
#include <string_view>

#include <tl/expected.hpp>

#include "tests/hub/message.h"
#include "tests/hub/site.h"
#include "tests/hub/target.h"

namespace modelkeep::standin {

struct Caller {
  const Person* person = nullptr;  ///< Null for anonymous.
  bool has_unknown_token = false;
  std::string_view name() const { return person ? std::string_view{person->name} : "anonymous"; }
};
Caller caller_of(const Request& request);

/// A repository at a revision, open to the caller.
struct Opened {
  RepoPtr repo;
  RevisionPtr revision;
};
/// The repository and revision (`main` when none is named) a target means, or the answer that
/// refuses. A legacy or renamed repository is refused by a redirect.
tl::expected<Opened, Answer> open_repo(const Site& site, const Request& request,
                                       const Target& target);

/// Bytes of a gated repository are for the admitted only, also where its listing is open to all.
bool may_read_files(const Repo& repo, const Caller& caller);

Answer refuse(int status, std::string_view code, std::string_view message);
Answer refuse_gated(const Repo& repo, const Caller& caller);
Answer refuse_entry(const Revision& revision);
Answer refuse_credentials();

}  // namespace modelkeep::standin
