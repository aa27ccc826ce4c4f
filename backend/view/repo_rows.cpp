#include "view/repo_rows.h"

#include "catalog/identity.h"
#include "catalog/models.h"
#include "storage/layout.h"

namespace modelkeep::view {
namespace {

RepoRevision revision_of(std::string commit, bool complete,
                         const std::vector<catalog::ModelFile>& files) {
  RepoRevision revision{std::move(commit), complete};
  for (const catalog::ModelFile& file : files) {
    const catalog::Identity identity = catalog::identity_of(file);
    revision.files.push_back({.path = file.path,
                              .etag = identity.etag(file),
                              .git_oid = identity.oid,
                              .sha256 = file.sha256,
                              .size_bytes = file.size_bytes,
                              .is_lfs = identity.is_lfs});
  }
  return revision;
}

Result<Repo> read_repo(sqlite::Connection& db, std::string_view model_name, bool with_nameless) {
  Repo repo{.folder = storage::hf_cache_folder(model_name)};
  const auto model = TRY(catalog::find_model_named(db, model_name));
  if (!model) return repo;
  for (const catalog::Revision& row : TRY(catalog::model_revisions(db, model->pk))) {
    if (row.commit.empty() && !with_nameless) continue;
    const std::string commit =
        catalog::commit_or_stand_in(row.commit, model->name, model->created_at);
    const auto files = TRY(catalog::revision_files(db, row.pk));
    repo.revisions.push_back(revision_of(commit, row.complete, files));
    for (const std::string& ref : row.refs) {
      // A client reads 40 digits as a commit and looks for no ref of that name.
      if (ref != commit) repo.refs[ref] = commit;
    }
  }
  return repo;
}

// A tag may be called like the beginning of a branch; a file and a folder of one name cannot be.
void drop_refs_below_others(std::map<std::string, std::string>& refs) {
  std::erase_if(refs, [&refs](const auto& ref) {
    const std::string& name = ref.first;
    for (auto end = name.find('/'); end != std::string::npos; end = name.find('/', end + 1)) {
      if (refs.contains(name.substr(0, end))) return true;
    }
    return false;
  });
}

// The name of a folder that was adopted as it stood may be none that a client takes.
bool can_be_asked_for(const std::string& folder) {
  return storage::parse_hf_cache_folder(folder).has_value();
}

}  // namespace

Result<std::optional<Repo>> repo_of(sqlite::Connection& db, std::string_view model_name) {
  Repo repo = TRY(read_repo(db, model_name, true));
  drop_refs_below_others(repo.refs);
  if (repo.revisions.empty() || !can_be_asked_for(repo.folder)) return std::nullopt;
  return std::optional(std::move(repo));
}

Result<Repo> repo_with(sqlite::Connection& db, std::string_view model_name, const Coming& coming) {
  Repo repo = TRY(read_repo(db, model_name, !coming.in_folder));
  std::erase_if(repo.revisions,
                [&](const RepoRevision& held) { return held.commit == coming.commit; });
  repo.revisions.push_back(revision_of(coming.commit, coming.complete, coming.files));
  if (coming.revision != coming.commit) repo.refs[coming.revision] = coming.commit;
  drop_refs_below_others(repo.refs);
  return repo;
}

}  // namespace modelkeep::view
