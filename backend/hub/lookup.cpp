// From the names in an address to what the store holds under them.
#include "base/text.h"
#include "catalog/revisions.h"
#include "hub/identity.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kEchoBytesMax = 100;
constexpr std::string_view kBranchPrefix = "refs/heads/";
constexpr std::string_view kTagPrefix = "refs/tags/";

/// "HEAD" and the long names of branches and tags are ways to write the short ones.
std::string_view short_name(std::string_view revision) {
  if (revision == "HEAD") return "main";
  if (revision.starts_with(kBranchPrefix)) return revision.substr(kBranchPrefix.size());
  if (revision.starts_with(kTagPrefix)) return revision.substr(kTagPrefix.size());
  return revision;
}

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

Result<catalog::StoredModel> find_model(Visit& visit, sqlite::Connection& db) {
  auto model = TRY(catalog::find_stored_model(db, visit.address.repo));
  if (!model) return fail(ErrorKind::not_found, codes::model_not_found, "Repository not found");
  visit.model_pk = model->pk;
  visit.is_local = model->is_local;
  return std::move(*model);
}

Result<Stored> find_stored(Visit& visit, sqlite::Connection& db) {
  Stored stored;
  stored.model = TRY(find_model(visit, db));
  auto held = TRY(find_held(db, stored.model, visit.address.revision));
  if (!held) {
    return fail(ErrorKind::not_found, codes::revision_not_found,
                "Invalid rev id: " + std::string(clipped(visit.address.revision, kEchoBytesMax)));
  }
  stored.revision = std::move(*held);
  stored.commit =
      commit_or_stand_in(stored.revision.commit, stored.model.name, stored.model.created_at);
  visit.commit = stored.commit;
  return stored;
}

std::string own_url(const Visit& visit) {
  const http::Request& request = visit.request;
  const bool is_https = request.scheme == "https" ||
                        (visit.services.gate.trusts_proxies && request.forwarded_scheme == "https");
  return (is_https ? "https://" : "http://") + std::string{request.host} + visit.prefix;
}

}  // namespace modelkeep::hub
