// What a client may leave out, and in which of two ways the rest arrives.
#include <unordered_map>

#include "base/json.h"
#include "hub/identity.h"
#include "hub/push/base64.h"
#include "hub/push/body.h"
#include "hub/push/push.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kBodyMax = 4 << 20;
constexpr json::Limits kLimits{.bytes = kBodyMax, .members = 20'000, .string_bytes = 256 * 1024};

struct AskedFile {
  std::string path;
  std::string sample;
  std::int64_t size = 0;
};
void from_json(json::Reader& in, AskedFile& out) {
  in.required("path", out.path).optional("sample", out.sample).required("size", out.size);
}
struct Body {
  std::vector<AskedFile> files;
};
void from_json(json::Reader& in, Body& out) {
  in.required("files", out.files);
}

using Held = std::unordered_map<std::string, catalog::ModelFile>;

/// What the branch has, by path; nothing while there is no such branch.
Result<Held> files_of(Visit& visit, sqlite::Connection& db, std::string& commit) {
  Held files;
  const auto found = find_stored(visit, db);
  if (!found && found.error().code != codes::revision_not_found)
    return tl::unexpected{found.error()};
  if (!found) return files;
  commit = found->commit;
  for (auto& file : TRY(catalog::revision_files(db, found->revision.pk)))
    files.emplace(file.path, std::move(file));
  return files;
}

void write_file(json::Writer& out, const AskedFile& file, const Held& held) {
  const bool is_git = catalog::is_git_file(file.size, base64_decoded(file.sample).value_or(""));
  out.begin_object().member("path", file.path);
  out.member("uploadMode", is_git ? "regular" : "lfs").member("shouldIgnore", false);
  out.key("oid");
  const auto found = held.find(file.path);
  if (found == held.end()) {
    out.null();
  } else if (!is_git) {
    out.value(found->second.sha256);
  } else {
    const Identity identity = identity_of(found->second);
    if (identity.is_lfs) {
      out.null();
    } else {
      out.value(identity.oid);
    }
  }
  out.end_object();
}

}  // namespace

Result<http::Response> preupload(Visit& visit) {
  const std::string text = TRY(whole_body(visit.request, kBodyMax));
  const Body body = TRY(json::parse<Body>(text, kLimits));
  sqlite::Connection& db = *TRY(visit.database());
  std::string commit;
  const Held held = TRY(files_of(visit, db, commit));
  json::Writer out;
  out.begin_object().key("files").begin_array();
  for (const AskedFile& file : body.files) write_file(out, file, held);
  out.end_array();
  if (!commit.empty()) out.member("commitOid", commit);
  out.end_object();
  return http::json_response(out.take());
}

}  // namespace modelkeep::hub
