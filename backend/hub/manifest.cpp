// /v2/{repo}/manifests/{tag}: how llama.cpp before 2026-03 asks which file of a repo to take.
#include <algorithm>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "hub/identity.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

using Files = std::vector<catalog::ModelFile>;

bool is_projector(const std::string& name) {
  return name.find("mmproj") != std::string::npos;
}

/// Only the first part of a model in parts names the model.
bool is_later_part(const std::string& name) {
  const auto of = name.rfind("-of-");
  return of != std::string::npos && of >= 5 && name.compare(of - 5, 5, "00001") != 0;
}

const catalog::ModelFile* find_gguf(const Files& files, std::string_view quantisation) {
  const std::string wanted = lower_ascii(quantisation);
  for (const catalog::ModelFile& file : files) {
    const std::string name = lower_ascii(file.path);
    if (!name.ends_with(".gguf") || is_projector(name) || is_later_part(name)) continue;
    if (name.find(wanted) != std::string::npos) return &file;
  }
  return nullptr;
}

const catalog::ModelFile* find_model_file(const Files& files, std::string_view tag) {
  if (tag != "latest") return find_gguf(files, tag);
  for (const std::string_view usual : {"q4_k_m", "q8_0", ""}) {
    if (const auto* file = find_gguf(files, usual)) return file;
  }
  return nullptr;
}

void write_entry(json::Writer& out, std::string_view key, const catalog::ModelFile& file) {
  const Identity identity = identity_of(file);
  out.key(key).begin_object().member("rfilename", file.path).member("size", file.size_bytes);
  out.member("blobId", identity.oid);
  if (identity.is_lfs) {
    out.key("lfs").begin_object().member("sha256", file.sha256).member("size", file.size_bytes);
    out.member("pointerSize", identity.pointer.size()).end_object();
  }
  out.end_object();
}

}  // namespace

Result<http::Response> manifest(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  const std::string tag = std::exchange(visit.address.revision, "main");
  const Stored stored = TRY(find_stored(visit, db));
  const Files files = TRY(files_of(db, stored));
  const catalog::ModelFile* const model = find_model_file(files, tag);
  if (model == nullptr) return fail(ErrorKind::not_found, codes::file_not_found, "Entry not found");
  const auto projector = std::find_if(files.begin(), files.end(), [](const auto& file) {
    const std::string name = lower_ascii(file.path);
    return name.ends_with(".gguf") && is_projector(name);
  });
  json::Writer out;
  out.begin_object().member("schemaVersion", 2);
  out.member("mediaType", "application/vnd.docker.distribution.manifest.v2+json");
  write_entry(out, "ggufFile", *model);
  if (projector != files.end()) write_entry(out, "mmprojFile", *projector);
  out.end_object();
  return http::json_response(out.take());
}

}  // namespace modelkeep::hub
