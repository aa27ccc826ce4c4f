#pragma once
// The old server's models_db.json, whose format was never written down: an object with `models` (an
// array, or an object by id), or such a collection at the top; records of use under `usage`,
// `requests` or `activity`. What cannot be read is said, piece by piece; the rest is taken. Pure.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace modelkeep::adopt {

struct OldModel {
  std::string id;    ///< Its folder; from the name when the record has none.
  std::string name;  ///< Empty when the record has no valid one.
  std::string status = "ready";
  std::string description;
  std::vector<std::string> tags;
  std::string downloaded_by;
  std::string downloaded_from;
  std::optional<Time> downloaded_at;
  std::int64_t download_count = 0;
  std::int64_t access_count = 0;
};

struct OldUse {
  Time at;
  std::string action;
  std::string model_id;  ///< Empty when it was about none.
  std::string username;
  std::string ip_address;
};

struct Complaint {
  std::string what;  ///< "models_db.json: model 17", "folder my model".
  std::string why;
};

struct OldDatabase {
  std::vector<OldModel> models;
  std::vector<OldUse> uses;
  std::vector<Complaint> complaints;
};

OldDatabase read_old_database(std::string_view text);

}  // namespace modelkeep::adopt
