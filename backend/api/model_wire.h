#pragma once
// Models as the API shows them. Each member is named here, so a renamed column cannot change an
// answer.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/download_wire.h"
#include "base/json.h"
#include "catalog/models.h"

namespace modelkeep::api {

/// Borrows what it shows.
struct ModelWire {
  const catalog::Model& model;
  std::string_view mount;
};
void to_json(json::Writer& out, const ModelWire& wire);

struct ModelDetailWire {
  const catalog::Model& model;
  std::string_view mount;
  const std::vector<catalog::ModelFile>& files;
  const std::vector<catalog::Revision>& revisions;
  const std::optional<DownloadParts>& download;
};
void to_json(json::Writer& out, const ModelDetailWire& wire);

/// `"<pk>-<version>"`: another model that took the id over has another pk.
std::string etag_of(const catalog::Model& model);

/// Whether an If-Match header names the model as it is. A weak form counts as well: compressing an
/// answer makes its ETag weak, and the version says the same either way.
bool etag_matches(std::string_view if_match, const catalog::Model& model);

}  // namespace modelkeep::api
