#include "cli/wire.h"

namespace modelkeep::cli {

void from_json(json::Reader& in, ModelStats& out) {
  in.optional("download_count", out.download_count)
      .optional("access_count", out.access_count)
      .optional("total_requests", out.total_requests)
      .optional("unique_users", out.unique_users)
      .optional("first_downloaded_by", out.first_downloaded_by)
      .optional("first_downloaded_from", out.first_downloaded_from)
      .optional("last_used_at", out.last_used_at);
}

void from_json(json::Reader& in, ModelFile& out) {
  in.required("path", out.path)
      .optional("size_bytes", out.size_bytes)
      .optional("sha256", out.sha256);
}

void from_json(json::Reader& in, DownloadFile& out) {
  in.required("path", out.path)
      .optional("size_bytes", out.size_bytes)
      .optional("bytes_done", out.bytes_done)
      .optional("status", out.status);
}

void from_json(json::Reader& in, Requester& out) {
  in.optional("username", out.username);
}

void from_json(json::Reader& in, Download& out) {
  in.required("id", out.id)
      .required("status", out.status)
      .optional("model_id", out.model_id)
      .optional("model_name", out.model_name)
      .optional("revision", out.revision)
      .optional("priority", out.priority)
      .optional("position", out.position)
      .optional("bytes_done", out.bytes_done)
      .optional("bytes_total", out.bytes_total)
      .optional("bytes_per_second", out.bytes_per_second)
      .optional("eta_seconds", out.eta_seconds)
      .optional("retries", out.retries)
      .optional("error", out.error)
      .optional("error_code", out.error_code)
      .optional("wait_reason", out.wait_reason)
      .optional("files", out.files)
      .optional("requested_by", out.requested_by);
}

void from_json(json::Reader& in, Revision& out) {
  in.optional("commit", out.commit)
      .optional("refs", out.refs)
      .optional("size_bytes", out.size_bytes)
      .optional("current", out.current)
      .optional("path", out.path);
}

void from_json(json::Reader& in, Model& out) {
  in.required("id", out.id)
      .required("name", out.name)
      .optional("canonical_name", out.canonical_name)
      .optional("size_bytes", out.size_bytes)
      .optional("status", out.status)
      .optional("integrity", out.integrity)
      .optional("complete", out.complete)
      .optional("revision", out.revision)
      .optional("commit", out.commit)
      .optional("update_available", out.update_available)
      .optional("newer_commit", out.newer_commit)
      .optional("newer_seen_at", out.newer_seen_at)
      .optional("path", out.path)
      .optional("description", out.description)
      .optional("tags", out.tags)
      .optional("pinned", out.pinned)
      .optional("task", out.task)
      .optional("library", out.library)
      .optional("license", out.license)
      .optional("formats", out.formats)
      .optional("downloaded_by", out.downloaded_by)
      .optional("downloaded_at", out.downloaded_at)
      .optional("stats", out.stats)
      .optional("files", out.files)
      .optional("revisions", out.revisions)
      .optional("download", out.download);
}

void from_json(json::Reader& in, Activity& out) {
  in.optional("timestamp", out.timestamp)
      .optional("action", out.action)
      .optional("model_id", out.model_id)
      .optional("username", out.username)
      .optional("ip_address", out.ip_address);
}

void from_json(json::Reader& in, Stats& out) {
  in.required("total_models", out.total_models)
      .required("total_size_bytes", out.total_size_bytes)
      .required("total_requests", out.total_requests)
      .required("unique_users", out.unique_users)
      .optional("bytes_served", out.bytes_served)
      .optional("bytes_saved", out.bytes_saved)
      .optional("stored_bytes", out.stored_bytes)
      .optional("recent_activity", out.recent_activity);
}

void from_json(json::Reader& in, ModelPage& out) {
  in.required("models", out.models)
      .optional("total", out.total)
      .optional("next_cursor", out.next_cursor)
      .optional("truncated", out.truncated);
}

void from_json(json::Reader& in, DownloadPage& out) {
  in.required("downloads", out.downloads).optional("next_cursor", out.next_cursor);
}

void from_json(json::Reader& in, OneAnswer& out) {
  in.optional("message", out.message)
      .optional("model", out.model)
      .optional("download", out.download);
}

bool is_over(const Download& download) {
  return download.status == "ready" || download.status == "failed" ||
         download.status == "cancelled";
}

}  // namespace modelkeep::cli
