#include "api/model_wire.h"

#include <algorithm>

#include "base/text.h"
#include "base/time_text.h"
#include "storage/layout.h"

namespace modelkeep::api {
namespace {

void member_unless_empty(json::Writer& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.member(name, text);
}

void member_time(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, rfc3339(*time));
}

void write_members(json::Writer& out, const catalog::Model& model, std::string_view mount) {
  out.member("id", model.id).member("name", model.name);
  member_unless_empty(out, "canonical_name", model.canonical_name);
  out.member("size_bytes", model.size_bytes)
      .member("status", catalog::text(model.status))
      .member("integrity", catalog::text(model.integrity))
      .member("complete", model.complete)
      .member("revision", model.revision);
  member_unless_empty(out, "commit", model.commit);
  out.member("update_available", !model.newer_commit.empty());
  member_unless_empty(out, "newer_commit", model.newer_commit);
  member_time(out, "newer_seen_at", model.newer_seen_at);
  std::string path;
  path.reserve(mount.size() + 1 + model.id.size());
  path.append(mount).append("/").append(model.id);
  out.member("path", path).member("description", model.description).member("tags", model.tags);
  out.member("pinned", model.pinned);
  member_unless_empty(out, "task", model.task);
  member_unless_empty(out, "library", model.library);
  member_unless_empty(out, "license", model.license);
  member_unless_empty(out, "format", model.format);
  member_unless_empty(out, "downloaded_by", model.first_downloaded_by);
  member_time(out, "downloaded_at", model.downloaded_at);
  out.member("created_at", rfc3339(model.created_at));
}

void append_count(std::string& text, std::string_view name, std::int64_t count) {
  // The first member of an object has no comma before it.
  if (text.back() != '{') text += ',';
  text.append(1, '"').append(name).append("\":").append(std::to_string(count));
}

void write_file(json::Writer& out, const catalog::ModelFile& file) {
  out.begin_object().member("path", file.path).member("size_bytes", file.size_bytes);
  member_unless_empty(out, "sha256", file.sha256);
  member_unless_empty(out, "git_oid", file.git_oid);
  member_time(out, "verified_at", file.verified_at);
  out.end_object();
}

std::string folder_of(const RevisionWire& wire) {
  const storage::Layout layout{std::string(wire.mount)};
  if (wire.revision.in_folder) return layout.model_dir(wire.model_id);
  return layout.revision_dir(wire.model_id, wire.revision.commit);
}

}  // namespace

void to_json(json::Writer& out, const RevisionWire& wire) {
  const catalog::Revision& revision = wire.revision;
  out.begin_object();
  member_unless_empty(out, "commit", revision.commit);
  out.member("refs", revision.refs)
      .member("size_bytes", revision.size_bytes)
      .member("file_count", revision.file_count)
      .member("complete", revision.complete)
      .member("current", revision.in_folder)
      .member("path", folder_of(wire))
      .member("downloaded_at", rfc3339(revision.published_at))
      .end_object();
}

std::string text_before_use(const catalog::Model& model, std::string_view mount) {
  json::Writer out;
  out.begin_object();
  write_members(out, model, mount);
  out.key("stats").begin_object();
  member_unless_empty(out, "first_downloaded_by", model.first_downloaded_by);
  member_unless_empty(out, "first_downloaded_from", model.first_downloaded_from);
  return out.take();
}

void append_use(std::string& text, const catalog::ModelStats& stats) {
  append_count(text, "download_count", stats.download_count);
  append_count(text, "access_count", stats.access_count);
  append_count(text, "total_requests", stats.total_requests);
  append_count(text, "unique_users", stats.unique_users);
  if (stats.last_used_at) {
    text.append(R"(,"last_used_at":")").append(rfc3339(*stats.last_used_at)).append("\"");
  }
  text += '}';
}

std::string text_of_files(const std::vector<catalog::ModelFile>& files,
                          const std::vector<catalog::Revision>& revisions,
                          std::string_view model_id, std::string_view mount) {
  json::Writer out;
  out.begin_object().key("files").begin_array();
  for (const catalog::ModelFile& file : files) write_file(out, file);
  out.end_array().key("revisions").begin_array();
  for (const catalog::Revision& revision : revisions)
    out.value(RevisionWire{revision, model_id, mount});
  out.end_array();
  std::string text = out.take();
  text.front() = ',';
  return text;
}

void to_json(json::Writer& out, const ModelWire& wire) {
  std::string text = text_before_use(wire.model, wire.mount);
  append_use(text, wire.model.stats);
  text += '}';
  out.raw(text);
}

std::string etag_of(std::int64_t pk, std::int64_t version) {
  return "\"" + std::to_string(pk) + "-" + std::to_string(version) + "\"";
}
std::string etag_of(const catalog::Model& model) {
  return etag_of(model.pk, model.version);
}

bool etag_matches(std::string_view if_match, const catalog::Model& model) {
  const std::string own = etag_of(model);
  const auto tags = split(if_match, ',');
  return std::any_of(tags.begin(), tags.end(), [&own](std::string_view tag) {
    tag = trim(tag);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag == "*" || tag == own;
  });
}

}  // namespace modelkeep::api
