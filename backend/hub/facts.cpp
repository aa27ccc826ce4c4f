#include "hub/facts.h"

#include <algorithm>
#include <array>

#include "base/time_text.h"
#include "hub/identity.h"

namespace modelkeep::hub {
namespace {

void write_siblings(json::Writer& out, const Facts& facts) {
  out.begin_array();
  for (const catalog::ModelFile& file : facts.files) {
    out.begin_object().member("rfilename", file.path);
    if (facts.with_blobs) {
      const Identity identity = identity_of(file);
      out.member("size", file.size_bytes).member("blobId", identity.oid);
      if (identity.is_lfs) {
        out.key("lfs").begin_object();
        out.member("sha256", file.sha256).member("size", file.size_bytes);
        out.member("pointerSize", identity.pointer.size()).end_object();
      }
    }
    out.end_object();
  }
  out.end_array();
}

void write_card(json::Writer& out, const Facts& facts) {
  const catalog::Model& model = facts.model;
  out.begin_object();
  if (!model.license.empty()) out.member("license", model.license);
  if (!model.task.empty()) out.member("pipeline_tag", model.task);
  if (!model.library.empty()) out.member("library_name", model.library);
  out.end_object();
}

using Write = void (*)(json::Writer&, const Facts&);
struct Field {
  std::string_view name;
  Write write;
};
constexpr std::array kFields{
    Field{"modelId", [](json::Writer& out, const Facts& f) { out.value(f.id); }},
    Field{"author",
          [](json::Writer& out, const Facts& f) {
            const auto slash = f.id.find('/');
            if (slash == std::string_view::npos) {
              out.null();
            } else {
              out.value(f.id.substr(0, slash));
            }
          }},
    Field{"sha", [](json::Writer& out, const Facts& f) { out.value(f.commit); }},
    Field{"lastModified",
          [](json::Writer& out, const Facts& f) { out.value(rfc3339_ms(f.modified_at)); }},
    Field{"createdAt",
          [](json::Writer& out, const Facts& f) { out.value(rfc3339_ms(f.model.created_at)); }},
    Field{"private", [](json::Writer& out, const Facts&) { out.value(false); }},
    Field{"gated",
          [](json::Writer& out, const Facts& f) {
            if (f.model.gated.empty()) {
              out.value(false);
            } else {
              out.value(f.model.gated);
            }
          }},
    Field{"disabled", [](json::Writer& out, const Facts&) { out.value(false); }},
    Field{"downloads",
          [](json::Writer& out, const Facts& f) { out.value(f.model.stats.download_count); }},
    Field{"downloadsAllTime",
          [](json::Writer& out, const Facts& f) { out.value(f.model.stats.download_count); }},
    Field{"likes", [](json::Writer& out, const Facts&) { out.value(0); }},
    Field{"trendingScore", [](json::Writer& out, const Facts&) { out.value(0); }},
    Field{"library_name", [](json::Writer& out, const Facts& f) { out.value(f.model.library); }},
    Field{"pipeline_tag", [](json::Writer& out, const Facts& f) { out.value(f.model.task); }},
    Field{"tags", [](json::Writer& out, const Facts& f) { out.value(tags_of(f.model)); }},
    Field{"cardData", write_card},
    Field{"config", [](json::Writer& out, const Facts&) { out.begin_object().end_object(); }},
    Field{"spaces", [](json::Writer& out, const Facts&) { out.begin_array().end_array(); }},
    Field{"usedStorage", [](json::Writer& out, const Facts& f) { out.value(f.model.size_bytes); }},
    Field{"securityRepoStatus",
          [](json::Writer& out, const Facts&) {
            out.begin_object().member("scansDone", false);
            out.key("filesWithIssues").begin_array().end_array().end_object();
          }},
    Field{"siblings", write_siblings},
};

/// Words that the Hub leaves out where it does not know them.
bool is_unknown(std::string_view name, const catalog::Model& model) {
  return (name == "library_name" && model.library.empty()) ||
         (name == "pipeline_tag" && model.task.empty());
}

}  // namespace

void write_facts(json::Writer& out, const Facts& facts, std::span<const std::string> fields) {
  out.begin_object().member("_id", number_of(facts.id)).member("id", facts.id);
  for (const Field& field : kFields) {
    if (std::find(fields.begin(), fields.end(), field.name) == fields.end()) continue;
    if (is_unknown(field.name, facts.model)) continue;
    out.key(field.name);
    field.write(out, facts);
  }
  out.end_object();
}

const std::vector<std::string>& info_fields() {
  static const std::vector<std::string> fields{
      "modelId",      "author",       "sha",       "lastModified", "createdAt", "private",
      "gated",        "disabled",     "downloads", "likes",        "tags",      "cardData",
      "library_name", "pipeline_tag", "spaces",    "siblings",     "config",    "usedStorage"};
  return fields;
}

const std::vector<std::string>& list_fields() {
  static const std::vector<std::string> fields{
      "modelId", "author", "sha",       "private",      "gated",        "downloads",
      "likes",   "tags",   "createdAt", "lastModified", "library_name", "pipeline_tag"};
  return fields;
}

std::vector<std::string> tags_of(const catalog::Model& model) {
  std::vector<std::string> tags;
  const auto add = [&tags](std::string tag) {
    if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end())
      tags.push_back(std::move(tag));
  };
  add(model.library);
  add(model.format);
  add(model.task);
  for (const std::string& tag : model.tags) add(tag);
  if (!model.license.empty()) add("license:" + model.license);
  return tags;
}

}  // namespace modelkeep::hub
