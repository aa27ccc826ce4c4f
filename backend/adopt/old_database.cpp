#include "adopt/old_database.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "adopt/json_pieces.h"
#include "base/json.h"
#include "base/text.h"
#include "base/time_text.h"
#include "catalog/model_ids.h"
#include "catalog/names.h"

namespace modelkeep::adopt {
namespace {

constexpr std::array<std::string_view, 3> kUseKeys = {"usage", "requests", "activity"};
constexpr std::size_t kPieceMax = 1 << 20;
constexpr std::size_t kNameMax = 256;

bool is_use_key(std::string_view key) {
  return std::find(kUseKeys.begin(), kUseKeys.end(), key) != kUseKeys.end();
}

/// The first of some members that is a text; the old files spell one thing in several ways.
std::string text_of(const json::Value& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const auto found = object[key].as_string();
    if (found && !found->empty()) return std::string(clipped(*found, kNameMax));
  }
  return {};
}

std::optional<Time> time_of(const json::Value& object,
                            std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const json::Value value = object[key];
    if (const auto text = value.as_string()) {
      if (const auto time = parse_rfc3339(*text)) return time;
    }
    // Seconds since the epoch, as time.time() gives them.
    if (const auto seconds = value.as_double(); seconds && *seconds > 0 && *seconds < 1e11) {
      return Time{static_cast<std::int64_t>(*seconds * 1000)};
    }
  }
  return std::nullopt;
}

std::int64_t count_of(const json::Value& object, std::string_view key) {
  return std::max<std::int64_t>(0, object[key].as_int().value_or(0));
}

/// Reads one database; keeps count of where it is for its complaints.
class Reading {
 public:
  OldDatabase read(std::string_view text) {
    if (!is_array(text) && !is_object(text)) {
      complain("models_db.json", "it is neither an object nor an array");
    } else if (is_object(text) && has_member(text, "models")) {
      read_sections(text);
    } else {
      read_models(text);
    }
    return std::move(found_);
  }

 private:
  static bool has_member(std::string_view text, std::string_view wanted) {
    bool found = false;
    each_piece(text, [&](std::string_view key, std::string_view) { found |= key == wanted; });
    return found;
  }

  void complain(std::string what, std::string why) {
    found_.complaints.push_back({std::move(what), std::move(why)});
  }

  void read_sections(std::string_view text) {
    const bool is_whole = each_piece(text, [&](std::string_view key, std::string_view value) {
      if (key == "models") {
        read_models(value);
      } else if (is_use_key(key)) {
        read_uses(value, {});
      }
    });
    if (!is_whole) complain("models_db.json", "it ends early or is damaged");
  }

  /// An array of models or an object by id.
  void read_models(std::string_view text) {
    std::int64_t number = 0;
    const bool is_whole = each_piece(text, [&](std::string_view key, std::string_view value) {
      ++number;
      if (key.empty() || is_object(value)) {
        read_model(key, value, number);
      } else if (is_use_key(key)) {
        read_uses(value, {});
      }
    });
    if (!is_whole) complain("models_db.json", "the list of models ends early or is damaged");
  }

  void read_model(std::string_view key, std::string_view text, std::int64_t number) {
    const std::string what = key.empty()
                                 ? "models_db.json: model " + std::to_string(number)
                                 : "models_db.json: model " + std::string(clipped(key, 100));
    const auto document = json::Document::parse(text, {.bytes = kPieceMax});
    if (!document) return complain(what, "it is no readable object: " + document.error().message);
    const json::Value record = document->root();
    OldModel model;
    model.name = text_of(record, {"name", "model_name", "repo_id", "hf_name"});
    if (!model.name.empty() && !catalog::check_repo_name(model.name)) {
      complain(what, "its name is not the name of a repo; only its folder is used");
      model.name.clear();
    }
    model.id = text_of(record, {"id", "model_id"});
    if (model.id.empty()) model.id = key.empty() ? catalog::plain_id(model.name) : std::string(key);
    // Some files have the repo's name as its id.
    if (catalog::check_repo_name(model.id)) model.id = catalog::plain_id(model.id);
    if (!catalog::check_model_id(model.id)) return complain(what, "it has no usable id");
    if (!ids_.insert(lower_ascii(model.id)).second) return complain(what, "its id comes twice");
    fill(record, model);
    found_.models.push_back(std::move(model));
    for (const std::string_view use_key : kUseKeys) read_nested_uses(record, use_key);
  }

  static void fill(const json::Value& record, OldModel& model) {
    const json::Value stats = record["stats"];
    const std::string status = text_of(record, {"status"});
    if (!status.empty()) model.status = status;
    model.description = text_of(record, {"description"});
    const json::Value tags = record["tags"];
    for (std::size_t n = 0; tags.is_array() && n < tags.size(); ++n) {
      if (const auto tag = tags[n].as_string()) model.tags.emplace_back(clipped(*tag, kNameMax));
    }
    model.downloaded_by = text_of(stats, {"first_downloaded_by"});
    if (model.downloaded_by.empty()) {
      model.downloaded_by =
          text_of(record, {"first_downloaded_by", "downloaded_by", "requested_by", "username"});
    }
    model.downloaded_from = text_of(stats, {"first_downloaded_from"});
    if (model.downloaded_from.empty()) {
      model.downloaded_from =
          text_of(record, {"first_downloaded_from", "downloaded_from", "ip_address"});
    }
    model.downloaded_at = time_of(record, {"downloaded_at", "first_downloaded_at", "download_date",
                                           "created_at", "timestamp"});
    model.download_count = count_of(stats, "download_count");
    model.access_count = count_of(stats, "access_count");
  }

  void read_nested_uses(const json::Value& record, std::string_view key) {
    const json::Value uses = record[key];
    for (std::size_t n = 0; uses.is_array() && n < uses.size(); ++n) {
      add_use(uses[n], found_.models.back().id,
              "models_db.json: use of " + found_.models.back().id);
    }
  }

  /// An array of records, or an object of such arrays by model.
  void read_uses(std::string_view text, std::string_view model_id) {
    std::int64_t number = 0;
    const bool is_whole = each_piece(text, [&](std::string_view key, std::string_view value) {
      ++number;
      if (is_array(value)) return read_uses(value, key);
      const std::string what = "models_db.json: record of use " + std::to_string(number);
      const auto document = json::Document::parse(value, {.bytes = kPieceMax});
      if (!document) return complain(what, "it is no readable object: " + document.error().message);
      add_use(document->root(), model_id, what);
    });
    if (!is_whole) complain("models_db.json", "the records of use end early or are damaged");
  }

  void add_use(const json::Value& record, std::string_view model_id, const std::string& what) {
    const auto at = time_of(record, {"timestamp", "time", "at", "date"});
    OldUse use;
    use.action = text_of(record, {"action", "operation", "type"});
    if (!at || use.action.empty()) return complain(what, "it has no time or no action");
    use.at = *at;
    use.model_id = text_of(record, {"model_id", "model", "id", "model_name"});
    if (use.model_id.empty()) use.model_id = model_id;
    use.model_id = catalog::plain_id(use.model_id);
    use.username = text_of(record, {"username", "user"});
    if (use.username.empty()) use.username = "anonymous";
    use.ip_address = text_of(record, {"ip_address", "ip", "address"});
    found_.uses.push_back(std::move(use));
  }

  OldDatabase found_;
  std::unordered_set<std::string> ids_;
};

}  // namespace

OldDatabase read_old_database(std::string_view text) {
  return Reading().read(text);
}

}  // namespace modelkeep::adopt
