#pragma once
// Every code an answer or a row can carry, once. Stable: clients and scripts compare them.
#include <string_view>

namespace modelkeep::codes {

// Input.
inline constexpr std::string_view repo_id_invalid = "repo_id_invalid";
inline constexpr std::string_view model_id_invalid = "model_id_invalid";
inline constexpr std::string_view revision_invalid = "revision_invalid";
inline constexpr std::string_view download_id_invalid = "download_id_invalid";
inline constexpr std::string_view path_invalid = "path_invalid";
inline constexpr std::string_view username_invalid = "username_invalid";
inline constexpr std::string_view query_invalid = "query_invalid";
inline constexpr std::string_view query_duplicate = "query_duplicate";
inline constexpr std::string_view page_invalid = "page_invalid";
inline constexpr std::string_view json_invalid = "json_invalid";
inline constexpr std::string_view json_too_deep = "json_too_deep";
inline constexpr std::string_view json_too_large = "json_too_large";
inline constexpr std::string_view json_duplicate_key = "json_duplicate_key";
inline constexpr std::string_view field_missing = "field_missing";
inline constexpr std::string_view field_type = "field_type";
inline constexpr std::string_view field_invalid = "field_invalid";
inline constexpr std::string_view field_unknown = "field_unknown";

// Requests.
inline constexpr std::string_view header_duplicate = "header_duplicate";
inline constexpr std::string_view host_unknown = "host_unknown";
inline constexpr std::string_view origin_forbidden = "origin_forbidden";
inline constexpr std::string_view proxy_not_trusted = "proxy_not_trusted";
inline constexpr std::string_view media_type_unsupported = "media_type_unsupported";
inline constexpr std::string_view length_required = "length_required";
inline constexpr std::string_view body_too_large = "body_too_large";
inline constexpr std::string_view route_not_found = "route_not_found";
inline constexpr std::string_view method_not_allowed = "method_not_allowed";
inline constexpr std::string_view scope_insufficient = "scope_insufficient";

// State.
inline constexpr std::string_view model_not_found = "model_not_found";
inline constexpr std::string_view file_not_found = "file_not_found";
inline constexpr std::string_view download_not_found = "download_not_found";
inline constexpr std::string_view revision_not_found = "revision_not_found";
inline constexpr std::string_view state_conflict = "state_conflict";
inline constexpr std::string_view etag_mismatch = "etag_mismatch";
inline constexpr std::string_view queue_full = "queue_full";
inline constexpr std::string_view claim_lost = "claim_lost";
inline constexpr std::string_view import_broken_off = "import_broken_off";
inline constexpr std::string_view file_not_uploaded = "file_not_uploaded";
inline constexpr std::string_view ref_exists = "ref_exists";
inline constexpr std::string_view push_disabled = "push_disabled";
inline constexpr std::string_view upload_expired = "upload_expired";
inline constexpr std::string_view plan_stale = "plan_stale";
inline constexpr std::string_view download_failed = "download_failed";
inline constexpr std::string_view download_waits = "download_waits";

// Storage and database.
inline constexpr std::string_view storage_insufficient = "storage_insufficient";
inline constexpr std::string_view storage_missing = "storage_missing";
inline constexpr std::string_view storage_readonly = "storage_readonly";
inline constexpr std::string_view storage_failed = "storage_failed";
inline constexpr std::string_view folder_in_the_way = "folder_in_the_way";
inline constexpr std::string_view disk_full = "disk_full";
inline constexpr std::string_view database_unavailable = "database_unavailable";
inline constexpr std::string_view database_damaged = "database_damaged";
inline constexpr std::string_view database_newer = "database_newer";
inline constexpr std::string_view database_foreign = "database_foreign";
inline constexpr std::string_view state_not_local = "state_not_local";
inline constexpr std::string_view lock_held = "lock_held";
inline constexpr std::string_view lock_lost = "lock_lost";

// The network, whoever asks.
inline constexpr std::string_view url_invalid = "url_invalid";
inline constexpr std::string_view dns_failed = "dns_failed";
inline constexpr std::string_view tls_failed = "tls_failed";
inline constexpr std::string_view connection_failed = "connection_failed";
inline constexpr std::string_view connection_lost = "connection_lost";
inline constexpr std::string_view timed_out = "timed_out";
inline constexpr std::string_view redirect_refused = "redirect_refused";
inline constexpr std::string_view answer_too_large = "answer_too_large";
inline constexpr std::string_view encoding_refused = "encoding_refused";
inline constexpr std::string_view interrupted = "interrupted";

// Fetching.
inline constexpr std::string_view fetcher_unavailable = "fetcher_unavailable";
inline constexpr std::string_view upstream_token_invalid = "upstream_token_invalid";
inline constexpr std::string_view upstream_url_expired = "upstream_url_expired";
inline constexpr std::string_view nothing_to_fetch = "nothing_to_fetch";
inline constexpr std::string_view upstream_disabled = "upstream_disabled";
inline constexpr std::string_view upstream_dns_failed = "upstream_dns_failed";
inline constexpr std::string_view upstream_tls_failed = "upstream_tls_failed";
inline constexpr std::string_view upstream_encoding_refused = "upstream_encoding_refused";
inline constexpr std::string_view upstream_changed = "upstream_changed";
inline constexpr std::string_view upstream_auth_required = "upstream_auth_required";
inline constexpr std::string_view upstream_gated = "upstream_gated";
inline constexpr std::string_view upstream_not_found = "upstream_not_found";
inline constexpr std::string_view upstream_rate_limited = "upstream_rate_limited";
inline constexpr std::string_view upstream_unavailable = "upstream_unavailable";
inline constexpr std::string_view upstream_unreachable = "upstream_unreachable";
inline constexpr std::string_view upstream_not_asked = "upstream_not_asked";
inline constexpr std::string_view upstream_invalid = "upstream_invalid";
inline constexpr std::string_view upstream_path_rejected = "upstream_path_rejected";
inline constexpr std::string_view upstream_manifest_rejected = "upstream_manifest_rejected";
inline constexpr std::string_view upstream_redirect_refused = "upstream_redirect_refused";
inline constexpr std::string_view upstream_size_mismatch = "upstream_size_mismatch";
inline constexpr std::string_view checksum_mismatch = "checksum_mismatch";

// Settings and ourselves.
inline constexpr std::string_view setting_invalid = "setting_invalid";
inline constexpr std::string_view setting_fixed = "setting_fixed";
inline constexpr std::string_view usage_invalid = "usage_invalid";
inline constexpr std::string_view cancelled = "cancelled";
inline constexpr std::string_view internal_error = "internal_error";

}  // namespace modelkeep::codes
