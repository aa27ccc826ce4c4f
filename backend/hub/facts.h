#pragma once
// A model in the Hub's words: the fields of model info and of the list, each written by its name.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "catalog/models.h"

namespace modelkeep::hub {

/// Borrows what it shows.
struct Facts {
  const catalog::Model& model;
  std::string_view id;
  std::string commit;
  Time modified_at;
  std::span<const catalog::ModelFile> files = {};
  bool with_blobs = false;
};

/// `_id`, `id` and the fields of these names; a name that nobody knows is no error.
void write_facts(json::Writer& out, const Facts& facts, std::span<const std::string> fields);

/// What model info has when nobody says which.
const std::vector<std::string>& info_fields();
/// The same for an item of the list.
const std::vector<std::string>& list_fields();

/// What `filter=` compares with, and what is shown as tags.
std::vector<std::string> tags_of(const catalog::Model& model);

}  // namespace modelkeep::hub
