#pragma once
// Models as the API shows them. Each member is named here, so a renamed column cannot change an
// answer.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "catalog/models.h"

namespace modelkeep::api {

/// Borrows what it shows.
struct ModelWire {
  const catalog::Model& model;
  std::string_view mount;
};
void to_json(json::Writer& out, const ModelWire& wire);

// The same in pieces, for those who keep what does not change with use. Put together they are
//   text_before_use + text_of_use [+ text_of_files] [+ other members] + "}"

/// `{"id":...,"stats":{...`: an object left open within an object left open.
std::string text_before_use(const catalog::Model& model, std::string_view mount);
/// The rest of `stats`, and its end.
void append_use(std::string& text, const catalog::ModelStats& stats);
/// `,"files":[...],"revisions":[...]`
std::string text_of_files(const std::vector<catalog::ModelFile>& files,
                          const std::vector<catalog::Revision>& revisions,
                          std::string_view model_id, std::string_view mount);

/// One revision of the model, with the folder that it is read from.
struct RevisionWire {
  const catalog::Revision& revision;
  std::string_view model_id;
  std::string_view mount;
};
void to_json(json::Writer& out, const RevisionWire& wire);

/// `"<pk>-<version>"`: another model that took the id over has another pk.
std::string etag_of(std::int64_t pk, std::int64_t version);
std::string etag_of(const catalog::Model& model);

/// Whether an If-Match header names the model as it is. A weak form counts as well: compressing an
/// answer makes its ETag weak, and the version says the same either way.
bool etag_matches(std::string_view if_match, const catalog::Model& model);

}  // namespace modelkeep::api
