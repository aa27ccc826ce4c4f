// The list of models, as the Hub lists them: filtered, sorted, paged by a Link of our own.
#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "hub/facts.h"
#include "hub/identity.h"
#include "hub/page.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kPageMax = 1'000;

using Models = std::vector<catalog::Model>;

std::string last_of(const http::Query& query, std::string_view key) {
  auto values = query.all(key);
  return values.empty() ? std::string{} : std::move(values.back());
}

bool is_true(const http::Query& query, std::string_view key) {
  const std::string value = lower_ascii(last_of(query, key));
  return value == "true" || value == "1";
}

Time modified_at(const catalog::Model& model) {
  return model.downloaded_at.value_or(model.created_at);
}

/// Larger comes first; models of one number come by name.
std::int64_t rank_of(const catalog::Model& model, std::string_view sort) {
  if (sort == "lastModified" || sort == "last_modified") return modified_at(model).ms;
  if (sort == "createdAt" || sort == "created_at") return model.created_at.ms;
  if (sort == "downloads" || sort == "downloadsAllTime") return model.stats.download_count;
  if (sort == "mainSize") return model.size_bytes;
  return 0;
}

struct Filter {
  std::vector<std::string> words;  ///< Lower case; each stands in the name.
  std::vector<std::string> tags;   ///< Lower case; each is one of the model's.
  std::string task;

  bool admits(const catalog::Model& model) const {
    const std::string name = lower_ascii(model.name);
    const bool has_words = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return name.find(word) != std::string::npos;
    });
    if (!has_words || (!task.empty() && task != model.task)) return false;
    if (tags.empty()) return true;
    const auto own = tags_of(model);
    return std::all_of(tags.begin(), tags.end(), [&](const std::string& tag) {
      return std::any_of(own.begin(), own.end(),
                         [&](const std::string& one) { return equals_ignoring_case(one, tag); });
    });
  }
};

Filter filter_of(const http::Query& query) {
  Filter filter;
  for (const std::string& word : query.all("search")) filter.words.push_back(lower_ascii(word));
  // Several tags may come in one value, as the JavaScript client sends them.
  for (const std::string& value : query.all("filter")) {
    for (const std::string_view tag : split(value, ',')) {
      if (!tag.empty()) filter.tags.emplace_back(tag);
    }
  }
  filter.task = last_of(query, "pipeline_tag");
  return filter;
}

std::vector<std::string> fields_of(const http::Query& query) {
  std::vector<std::string> fields = query.all("expand");
  if (!fields.empty()) return fields;
  fields = list_fields();
  if (is_true(query, "full")) fields.emplace_back("siblings");
  if (is_true(query, "cardData")) fields.emplace_back("cardData");
  if (is_true(query, "config")) fields.emplace_back("config");
  return fields;
}

Models found_models(Models all, const http::Query& query) {
  const Filter filter = filter_of(query);
  std::erase_if(all, [&](const catalog::Model& model) { return !filter.admits(model); });
  const std::string sort = last_of(query, "sort");
  std::stable_sort(all.begin(), all.end(), [&](const auto& a, const auto& b) {
    return rank_of(a, sort) > rank_of(b, sort);
  });
  return all;
}

}  // namespace

Result<http::Response> list_models(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  const Models models =
      found_models(TRY(catalog::stored_models(db, last_of(visit.query, "author"))), visit.query);
  const std::size_t limit = TRY(page_limit(visit.query, kPageMax));
  const std::string cursor = TRY(page_cursor(visit.query));
  // A page goes on behind the model that the last one ended with.
  auto first = models.begin();
  if (!cursor.empty()) {
    const auto last = std::find_if(models.begin(), models.end(), [&](const catalog::Model& model) {
      return model.name == cursor;
    });
    if (last == models.end()) return bad_cursor();
    first = last + 1;
  }
  const auto count = std::min<std::size_t>(limit, static_cast<std::size_t>(models.end() - first));
  const auto end = first + static_cast<std::ptrdiff_t>(count);

  const std::vector<std::string> fields = fields_of(visit.query);
  const bool wants_files = std::find(fields.begin(), fields.end(), "siblings") != fields.end();
  json::Writer out;
  out.begin_array();
  for (auto model = first; model != end; ++model) {
    std::vector<catalog::ModelFile> files;
    if (wants_files) files = TRY(catalog::model_files(db, model->pk));
    write_facts(out,
                {.model = *model,
                 .id = model->name,
                 .commit = commit_or_stand_in(model->commit, model->name, model->created_at),
                 .modified_at = modified_at(*model),
                 .files = files},
                fields);
  }
  out.end_array();
  http::Response response = http::json_response(out.take());
  if (end != models.end() && count > 0) add_next_page(visit, (end - 1)->name, response);
  return response;
}

}  // namespace modelkeep::hub
