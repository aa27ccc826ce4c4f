// resolve and raw: the bytes of one file. nginx sends them; HEAD, 304 and what has no bytes on the
// disk are answered here.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "http/path.h"
#include "hub/identity.h"
#include "hub/stream.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::string_view kNeverChanges = "max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";

/// nginx gets bytes of the door from a place of their own: it sets the headers that an internal
/// redirect drops.
constexpr std::string_view kBlobs = "/internal/hub";
constexpr std::string_view kWholeBlobs = "/internal/hub-whole";

struct Found {
  Stored stored;
  catalog::ModelFile file;
  Identity identity;
  bool is_stored = true;  ///< Else upstream has it.
};

Result<std::optional<catalog::ModelFile>> find_listed(sqlite::Connection& db, const Stored& stored,
                                                      std::string_view path) {
  auto listed = TRY(catalog::find_listed_file(db, stored.listing->pk, path));
  if (!listed) return std::optional<catalog::ModelFile>{};
  return std::optional(catalog::ModelFile{.path = std::move(listed->path),
                                          .size_bytes = listed->size_bytes,
                                          .sha256 = std::move(listed->sha256),
                                          .git_oid = std::move(listed->git_oid),
                                          .verified_at = {}});
}

Result<Found> find_file(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  Stored stored = TRY(find_stored(visit, db));
  auto file = TRY(catalog::find_revision_file(db, stored.revision.pk, visit.address.path));
  const bool is_stored = file.has_value();
  if (!file && stored.listing) file = TRY(find_listed(db, stored, visit.address.path));
  if (!file && stored.may_have_more) {
    return fail(ErrorKind::unavailable, codes::upstream_unreachable,
                "The Hub cannot be asked for this file at the moment.");
  }
  if (!file) return fail(ErrorKind::not_found, codes::file_not_found, "Entry not found");
  Identity identity = identity_of(*file);
  return Found{std::move(stored), std::move(*file), std::move(identity), is_stored};
}

std::string_view type_of(std::string_view path) {
  constexpr std::array<std::string_view, 12> kTextEndings{
      ".json", ".txt", ".md",  ".py",   ".jinja",         ".yaml",
      ".yml",  ".csv", ".cfg", ".toml", ".gitattributes", ".gitignore"};
  const bool is_text = std::any_of(kTextEndings.begin(), kTextEndings.end(),
                                   [&](std::string_view end) { return path.ends_with(end); });
  return is_text ? kText : kBytes;
}

// As the Hub writes it. The plain form is for clients that know no other: its name is ASCII.
std::string disposition_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  std::string plain{name};
  std::replace_if(
      plain.begin(), plain.end(),
      [](char c) { return c < 0x20 || c > 0x7e || c == '"' || c == '\\'; }, '_');
  return "inline; filename*=UTF-8''" + percent_encode(name) + "; filename=\"" + plain + "\";";
}

bool is_named_in(std::string_view if_none_match, std::string_view etag) {
  for (std::string_view one : split(if_none_match, ',')) {
    one = trim(one);
    if (one == "*") return true;
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == etag) return true;
  }
  return false;
}

http::Response with_headers(const Visit& visit, const Found& found, std::string_view etag) {
  http::Response response;
  response.content_type = found.identity.is_lfs ? kBytes : type_of(found.file.path);
  const std::string quoted = '"' + std::string{etag} + '"';
  response.headers = {
      {"ETag", quoted},
      {"X-Repo-Commit", found.stored.commit},
      {"Cache-Control", std::string{visit.address.names_commit ? kNeverChanges : kAskAgain}},
      {"Content-Disposition", disposition_of(found.file.path)},
  };
  return response;
}

/// An answer without bytes of a blob: its length is said, its ranges are promised.
http::Response without_blob(http::Response response, std::int64_t size_bytes) {
  response.headers.push_back({"Accept-Ranges", "bytes"});
  response.content_length = size_bytes;
  return response;
}

http::Response not_modified(http::Response response) {
  response.status = 304;
  response.content_type = {};
  return response;
}

http::Response sent_by_nginx(const std::string& sha256, bool in_ranges, http::Response response) {
  std::string place{in_ranges ? kBlobs : kWholeBlobs};
  place.append("/").append(sha256, 0, 2).append("/").append(sha256);
  response.headers.push_back({"X-Accel-Redirect", std::move(place)});
  return response;
}

}  // namespace

Result<http::Response> resolve(Visit& visit) {
  const Found found = TRY(find_file(visit));
  const std::string& etag = found.identity.etag(found.file);
  http::Response response = with_headers(visit, found, etag);
  if (found.identity.is_lfs) {
    response.headers.push_back({"X-Linked-Size", std::to_string(found.file.size_bytes)});
    response.headers.push_back({"X-Linked-Etag", '"' + etag + '"'});
  }
  const bool is_head = visit.request.method == "HEAD";
  visit.reads_file = !is_head;
  if (is_named_in(visit.request.if_none_match, '"' + etag + '"'))
    return not_modified(std::move(response));
  if (is_head) return without_blob(std::move(response), found.file.size_bytes);
  std::string sha256 = found.file.sha256;
  if (!found.is_stored) {
    if (const auto pool = pool_for(visit, true); !pool.empty()) return hand_over(visit, pool);
    auto followed = TRY(follow_file(visit, found.stored, found.file));
    if (followed.following && found.file.size_bytes > 0)
      return stream(visit, std::move(*followed.following), std::move(response));
    sha256 = std::move(followed.sha256);
  }
  if (found.file.size_bytes == 0) {
    // No range of nothing can be satisfied, and clients that probe with one take 416 for a fault.
    if (!visit.request.range.empty()) response.headers.push_back({"Content-Range", "bytes */0"});
    return without_blob(std::move(response), 0);
  }
  const bool in_ranges = TRY(may_go_on(visit, sha256));
  return sent_by_nginx(sha256, in_ranges, std::move(response));
}

Result<http::Response> raw(Visit& visit) {
  const Found found = TRY(find_file(visit));
  if (!found.identity.is_lfs) {
    // Git holds the bytes themselves.
    return resolve(visit);
  }
  http::Response response = with_headers(visit, found, found.identity.oid);
  response.content_type = kText;
  visit.reads_file = visit.request.method != "HEAD";
  if (!visit.reads_file) {
    response.content_length = static_cast<std::int64_t>(found.identity.pointer.size());
    return response;
  }
  response.body = found.identity.pointer;
  return response;
}

}  // namespace modelkeep::hub
