// From the names in an address to what the store holds under them.
#include <map>

#include "base/text.h"
#include "catalog/revisions.h"
#include "hub/identity.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kEchoBytesMax = 100;
constexpr std::string_view kBranchPrefix = "refs/heads/";
constexpr std::string_view kTagPrefix = "refs/tags/";

Result<std::optional<catalog::Revision>> find_held(sqlite::Connection& db,
                                                   const catalog::StoredModel& model,
                                                   std::string_view asked) {
  if (asked.empty()) return std::optional<catalog::Revision>{};
  auto held = TRY(catalog::find_revision(db, model.pk, short_name(asked)));
  if (held) return held;
  auto shown = TRY(catalog::shown_revision(db, model.pk));
  const bool is_shown =
      shown &&
      (asked == "HEAD" || asked == commit_or_stand_in(shown->commit, model.name, model.created_at));
  if (is_shown) return shown;
  return std::optional<catalog::Revision>{};
}

}  // namespace

std::string_view short_name(std::string_view revision) {
  if (revision == "HEAD") return "main";
  if (revision.starts_with(kBranchPrefix)) return revision.substr(kBranchPrefix.size());
  if (revision.starts_with(kTagPrefix)) return revision.substr(kTagPrefix.size());
  return revision;
}

Result<std::optional<catalog::StoredModel>> find_model(Visit& visit, sqlite::Connection& db) {
  auto model = TRY(catalog::find_stored_model(db, visit.address.repo));
  if (model) {
    visit.model_pk = model->pk;
    visit.is_local = model->is_local;
  }
  if (model || pulls(visit)) return model;
  return fail(ErrorKind::not_found, codes::model_not_found, "Repository not found");
}

Result<Stored> find_stored(Visit& visit, sqlite::Connection& db) {
  Stored stored;
  auto model = TRY(find_model(visit, db));
  std::optional<catalog::Revision> held;
  if (model) held = TRY(find_held(db, *model, visit.address.revision));
  if (!held && pulls(visit)) {
    stored = TRY(find_upstream(visit, db));
    if (model) stored.model = std::move(*model);
    return stored;
  }
  if (!held) {
    return fail(ErrorKind::not_found, codes::revision_not_found,
                "Invalid rev id: " + std::string(clipped(visit.address.revision, kEchoBytesMax)));
  }
  stored.model = std::move(*model);
  stored.revision = std::move(*held);
  stored.commit =
      commit_or_stand_in(stored.revision.commit, stored.model.name, stored.model.created_at);
  visit.commit = stored.commit;
  const bool may_have_more = !stored.revision.complete && !stored.revision.commit.empty();
  if (may_have_more && pulls(visit)) TRY(add_upstream(visit, db, stored));
  return stored;
}

Result<std::vector<catalog::ModelFile>> files_of(sqlite::Connection& db, const Stored& stored) {
  auto files = TRY(catalog::revision_files(db, stored.revision.pk));
  if (!stored.listing) return files;
  std::map<std::string, catalog::ModelFile> all;
  for (catalog::ListedFile& file : TRY(catalog::listed_files(db, stored.listing->pk))) {
    std::string path = file.path;
    all.emplace(std::move(path), catalog::ModelFile{.path = std::move(file.path),
                                                    .size_bytes = file.size_bytes,
                                                    .sha256 = std::move(file.sha256),
                                                    .git_oid = std::move(file.git_oid),
                                                    .verified_at = {}});
  }
  for (catalog::ModelFile& file : files) all.insert_or_assign(file.path, file);
  std::vector<catalog::ModelFile> found;
  for (auto& [path, file] : all) found.push_back(std::move(file));
  return found;
}

std::string own_url(const Visit& visit) {
  const http::Request& request = visit.request;
  const bool is_https = request.scheme == "https" ||
                        (visit.services.gate.trusts_proxies && request.forwarded_scheme == "https");
  return (is_https ? "https://" : "http://") + std::string{request.host} + visit.prefix;
}

}  // namespace modelkeep::hub
