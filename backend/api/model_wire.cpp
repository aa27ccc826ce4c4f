#include "api/model_wire.h"

#include <algorithm>

#include "base/text.h"
#include "base/time_text.h"

namespace modelkeep::api {
namespace {

void member_unless_empty(json::Writer& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.member(name, text);
}

void member_time(json::Writer& out, std::string_view name, const std::optional<Time>& time) {
  if (time) out.member(name, rfc3339(*time));
}

void write_stats(json::Writer& out, const catalog::Model& model) {
  const catalog::ModelStats& stats = model.stats;
  out.key("stats").begin_object();
  out.member("download_count", stats.download_count)
      .member("access_count", stats.access_count)
      .member("total_requests", stats.total_requests);
  member_unless_empty(out, "first_downloaded_by", model.first_downloaded_by);
  member_unless_empty(out, "first_downloaded_from", model.first_downloaded_from);
  out.member("unique_users", stats.unique_users);
  member_time(out, "last_used_at", stats.last_used_at);
  out.end_object();
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
  write_stats(out, model);
}

void write_file(json::Writer& out, const catalog::ModelFile& file) {
  out.begin_object().member("path", file.path).member("size_bytes", file.size_bytes);
  member_unless_empty(out, "sha256", file.sha256);
  member_unless_empty(out, "git_oid", file.git_oid);
  member_time(out, "verified_at", file.verified_at);
  out.end_object();
}

void write_revision(json::Writer& out, const catalog::Revision& revision) {
  out.begin_object();
  member_unless_empty(out, "commit", revision.commit);
  out.member("refs", revision.refs)
      .member("size_bytes", revision.size_bytes)
      .member("file_count", revision.file_count)
      .member("complete", revision.complete)
      .member("current", revision.in_folder)
      .member("downloaded_at", rfc3339(revision.published_at))
      .end_object();
}

}  // namespace

void to_json(json::Writer& out, const ModelWire& wire) {
  out.begin_object();
  write_members(out, wire.model, wire.mount);
  out.end_object();
}

void to_json(json::Writer& out, const ModelDetailWire& wire) {
  out.begin_object();
  write_members(out, wire.model, wire.mount);
  out.key("files").begin_array();
  for (const catalog::ModelFile& file : wire.files) write_file(out, file);
  out.end_array();
  out.key("revisions").begin_array();
  for (const catalog::Revision& revision : wire.revisions) write_revision(out, revision);
  out.end_array();
  if (wire.download) out.member("download", *wire.download);
  out.end_object();
}

std::string etag_of(const catalog::Model& model) {
  return "\"" + std::to_string(model.pk) + "-" + std::to_string(model.version) + "\"";
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
