#pragma once
// The answer of /api/preview as this client reads it.
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"

namespace modelkeep::cli {

struct PreviewGroup {
  std::string kind;
  std::string format;
  std::string duplicate_of;
  std::int64_t file_count = 0;
  std::int64_t size_bytes = 0;
  std::int64_t stored_bytes = 0;
};

struct PreviewQuant {
  std::string name;
  std::string pattern;
  std::int64_t file_count = 0;
  std::int64_t size_bytes = 0;
};

struct PreviewChoice {
  std::int64_t file_count = 0;
  std::int64_t size_bytes = 0;
  std::int64_t fetch_bytes = 0;
};

struct PreviewDisk {
  std::int64_t free_bytes = 0;
  std::int64_t after_bytes = 0;
  std::int64_t after_queue_bytes = 0;
  bool fits = true;
};

struct Preview {
  std::string canonical_name;
  std::string revision;
  std::string commit;
  std::string license;
  std::string task;
  bool gated = false;
  bool accessible = true;
  std::vector<PreviewGroup> groups;
  std::vector<PreviewQuant> quants;
  std::vector<std::string> suggested_ignore_patterns;
  PreviewChoice suggested;
  PreviewChoice selected;
  PreviewDisk disk;
};

struct PreviewAnswer {
  Preview preview;
};

void from_json(json::Reader& in, PreviewGroup& out);
void from_json(json::Reader& in, PreviewQuant& out);
void from_json(json::Reader& in, PreviewChoice& out);
void from_json(json::Reader& in, PreviewDisk& out);
void from_json(json::Reader& in, Preview& out);
void from_json(json::Reader& in, PreviewAnswer& out);

}  // namespace modelkeep::cli
