#pragma once
// The API's answers as this client reads them. Fields that an older or newer server leaves out stay
// empty; only what a command cannot do without is required.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace modelkeep::cli {

struct ModelStats {
  std::int64_t download_count = 0;
  std::int64_t access_count = 0;
  std::int64_t total_requests = 0;
  std::int64_t unique_users = 0;
  std::string first_downloaded_by;
  std::string first_downloaded_from;
  std::string last_used_at;
};

struct ModelFile {
  std::string path;
  std::int64_t size_bytes = 0;
  std::string sha256;
};

struct DownloadFile {
  std::string path;
  std::int64_t size_bytes = 0;
  std::int64_t bytes_done = 0;
  std::string status;
};

struct Requester {
  std::string username;
};

struct Download {
  std::int64_t id = 0;
  std::string model_id;
  std::string model_name;
  std::string revision;
  std::string status;
  std::string priority;
  std::int64_t position = 0;
  std::int64_t bytes_done = 0;
  std::optional<std::int64_t> bytes_total;
  std::optional<std::int64_t> bytes_per_second;
  std::optional<std::int64_t> eta_seconds;
  std::int64_t retries = 0;
  std::string error;
  std::string error_code;
  std::string wait_reason;
  std::vector<DownloadFile> files;
  std::vector<Requester> requested_by;
};

struct Revision {
  std::string commit;
  std::vector<std::string> refs;
  std::int64_t size_bytes = 0;
  bool current = false;
  std::string path;
};

struct Model {
  std::string id;
  std::string name;
  std::string canonical_name;
  std::int64_t size_bytes = 0;
  std::string status;
  std::string integrity;
  bool complete = true;
  std::string revision;
  std::string commit;
  bool update_available = false;
  std::string newer_commit;
  std::string newer_seen_at;
  std::string path;
  std::string description;
  std::vector<std::string> tags;
  bool pinned = false;
  std::string task;
  std::string library;
  std::string license;
  std::vector<std::string> formats;
  std::string downloaded_by;
  std::string downloaded_at;
  ModelStats stats;
  std::vector<ModelFile> files;
  std::vector<Revision> revisions;
  std::optional<Download> download;
};

struct Activity {
  std::string timestamp;
  std::string action;
  std::string model_id;
  std::string username;
  std::string ip_address;
};

struct Stats {
  std::int64_t total_models = 0;
  std::int64_t total_size_bytes = 0;
  std::int64_t total_requests = 0;
  std::int64_t unique_users = 0;
  std::optional<std::int64_t> bytes_served;
  std::optional<std::int64_t> bytes_saved;
  std::optional<std::int64_t> stored_bytes;
  std::vector<Activity> recent_activity;
};

void from_json(json::Reader& in, ModelStats& out);
void from_json(json::Reader& in, ModelFile& out);
void from_json(json::Reader& in, DownloadFile& out);
void from_json(json::Reader& in, Requester& out);
void from_json(json::Reader& in, Download& out);
void from_json(json::Reader& in, Revision& out);
void from_json(json::Reader& in, Model& out);
void from_json(json::Reader& in, Activity& out);
void from_json(json::Reader& in, Stats& out);

/// {"models":[...],"total":n,"next_cursor":"..."}
struct ModelPage {
  std::vector<Model> models;
  std::int64_t total = 0;
  std::string next_cursor;
  bool truncated = false;
};
void from_json(json::Reader& in, ModelPage& out);

struct DownloadPage {
  std::vector<Download> downloads;
  std::string next_cursor;
};
void from_json(json::Reader& in, DownloadPage& out);

/// {"message":"...","model":{...},"download":{...}}: what calls about one thing answer, in any
/// combination.
struct OneAnswer {
  std::string message;
  std::optional<Model> model;
  std::optional<Download> download;
};
void from_json(json::Reader& in, OneAnswer& out);

/// A download that will change no more by itself.
bool is_over(const Download& download);

}  // namespace modelkeep::cli
