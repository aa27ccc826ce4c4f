#pragma once
// What a push needs of the machine, and the steps that its calls share. For the .cpp files of this
// room; app/ fills in a Push.
#include <string>
#include <string_view>

#include "base/json.h"
#include "catalog/local_models.h"
#include "hub/visit.h"

namespace modelkeep::hub {

/// push_disabled where the setting says so; origin_forbidden for another site's page.
Result<> require_push(const Visit& visit);

/// A new revision of a branch, once it is ready: a fetcher publishes what is staged. The commit.
Result<std::string> publish_pushed(Visit& visit, sqlite::Connection& db,
                                   const std::string& model_name, const std::string& branch,
                                   const catalog::PushedRevision& pushed);

/// "namespace/name" of a body's `name` and `organization`. repo_id_invalid; model_not_found for
/// anything but a model.
struct RepoBody {
  std::string name;
  std::string organization;
  std::string type = "model";
};
void from_json(json::Reader& in, RepoBody& out);
Result<std::string> repo_name_of(const Visit& visit, const RepoBody& body);

}  // namespace modelkeep::hub
