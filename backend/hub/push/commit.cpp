// A commit: lines that say what becomes of a branch, read one by one; small files come in them, the
// others have been uploaded. All of it becomes a revision, or nothing.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "hub/identity.h"
#include "hub/push/base64.h"
#include "hub/push/body.h"
#include "hub/push/grant.h"
#include "hub/push/incoming.h"
#include "hub/push/push.h"
#include "storage/file_path.h"
#include "storage/mount.h"

namespace modelkeep::hub {
namespace {

// A small file in base64; larger ones are told to come by LFS.
constexpr std::size_t kLineMax = 16 << 20;
constexpr json::Limits kLimits{.bytes = kLineMax, .string_bytes = kLineMax};
constexpr std::size_t kFilesMax = 100'000;

struct Line {
  std::string key;
  std::string path;
  std::string content;
  std::string encoding = "base64";
  std::string algorithm = "sha256";
  std::string oid;
  std::string parent;
  std::optional<std::int64_t> size;
};
void read_value(json::Reader& in, Line& out) {
  in.optional("path", out.path).optional("content", out.content);
  in.optional("encoding", out.encoding).optional("algo", out.algorithm).optional("oid", out.oid);
  in.optional("parentCommit", out.parent).optional("size", out.size);
}

Result<Line> read_line(std::string_view text) {
  const auto document = TRY(json::Document::parse(text, kLimits));
  Line line;
  json::Reader outer(document.root());
  outer.required("key", line.key);
  TRY(outer.finish());
  json::Reader inner(document.root()["value"]);
  read_value(inner, line);
  TRY(inner.finish());
  return line;
}

tl::unexpected<Error> wrong(std::string message) {
  return fail(ErrorKind::invalid, codes::field_invalid, std::move(message));
}

/// The files of the branch, and what the lines make of them.
class Tree {
 public:
  explicit Tree(Visit& visit) : push_(visit.services.push) {}

  Result<> begin(sqlite::Connection& db, const Stored& head) {
    for (const auto& file : TRY(catalog::revision_files(db, head.revision.pk)))
      files_[file.path] = {file.path, file.size_bytes, file.sha256, file.git_oid, false};
    before_ = catalog::local_commit({}, {}, files());
    return {};
  }

  Result<> apply(const Line& line) {
    if (line.key == "header") {
      parent_ = line.parent;
      return {};
    }
    if (line.key == "deletedFolder") return remove_folder(line.path);
    if (!storage::is_valid_file_path(line.path)) {
      return fail(ErrorKind::invalid, codes::path_invalid,
                  "No file of a model may be called " + std::string(clipped(line.path, 100)) + ".");
    }
    if (line.key == "file") return add_small(line);
    if (line.key == "lfsFile") return add_uploaded(line);
    if (line.key != "deletedFile") return wrong("A commit has no line of this kind.");
    files_.erase(line.path);
    return {};
  }

  std::vector<catalog::PlannedFile> files() const {
    std::vector<catalog::PlannedFile> all;
    for (const auto& [path, file] : files_) all.push_back(file);
    return all;
  }

  Result<> check(bool portable) const {
    if (files_.size() > kFilesMax) return wrong("A model has at most 100,000 files.");
    std::vector<std::string> paths;
    for (const auto& [path, file] : files_) paths.push_back(path);
    auto fits = storage::check_snapshot_paths(paths, portable, "The commit has");
    if (!fits) fits.error().code = codes::path_invalid;
    return fits;
  }

  bool is_changed() const { return catalog::local_commit({}, {}, files()) != before_; }
  const std::string& parent() const { return parent_; }

 private:
  Result<> remove_folder(std::string path) {
    if (!path.ends_with('/')) path += '/';
    std::erase_if(files_, [&](const auto& entry) { return entry.first.starts_with(path); });
    return {};
  }

  Result<> add_small(const Line& line) {
    const auto bytes = line.encoding == "base64" ? base64_decoded(line.content) : std::nullopt;
    if (!bytes) return wrong("The content of a file comes in base64: " + line.path);
    Incoming incoming = TRY(Incoming::begin(*push_.files, *push_.layout, random_hex(12) + ".part"));
    TRY(incoming.write(*bytes));
    const std::string sha256 = TRY(incoming.keep());
    files_[line.path] = {line.path, static_cast<std::int64_t>(bytes->size()), sha256,
                         git_blob_oid(*bytes), false};
    return {};
  }

  Result<> add_uploaded(const Line& line) {
    if (line.algorithm != "sha256" || !is_lower_hex(line.oid))
      return wrong("An LFS file is named by its SHA-256: " + line.path);
    const auto size = TRY(size_of(*push_.files, *push_.layout, line.oid));
    if (!size || (line.size && *line.size != *size)) {
      return fail(ErrorKind::invalid, codes::file_not_uploaded,
                  "LFS pointer pointed to a file that does not exist: " + line.path);
    }
    files_[line.path] = {line.path, *size, line.oid, {}, true};
    return {};
  }

  const Push& push_;
  std::map<std::string, catalog::PlannedFile> files_;
  std::string before_;
  std::string parent_;
};

http::Response answer(const Visit& visit, const std::string& name, const std::string& commit) {
  json::Writer out;
  out.begin_object().member("success", true).member("commitOid", commit);
  out.member("commitUrl", own_url(visit) + '/' + name + "/commit/" + commit);
  out.key("pullRequestUrl").null().member("hookOutput", "").end_object();
  return http::json_response(out.take());
}

/// The branch as it is; a tag or a commit takes no commit.
Result<Stored> find_branch(Visit& visit, sqlite::Connection& db) {
  if (!visit.query.all("create_pr").empty() && visit.query.all("create_pr").back() != "0" &&
      visit.query.all("create_pr").back() != "false") {
    return wrong("This store keeps no pull requests; commit to a branch.");
  }
  Stored head = TRY(find_stored(visit, db));
  const auto model = TRY(catalog::find_model_by_pk(db, head.model.pk));
  TRY(catalog::require_local(db, model));
  const auto& refs = head.revision.refs;
  if (std::find(refs.begin(), refs.end(), visit.address.revision) == refs.end())
    return wrong("A commit is made on a branch.");
  return head;
}

}  // namespace

Result<http::Response> commit(Visit& visit) {
  const Push& push = visit.services.push;
  TRY(storage::check_writable(*push.files, *push.layout));
  sqlite::Connection& db = *TRY(visit.database());
  const Stored head = TRY(find_branch(visit, db));
  Tree tree(visit);
  TRY(tree.begin(db, head));
  auto read = each_line(visit.request, kLineMax, [&](std::string_view text) -> Result<> {
    if (trim(text).empty()) return {};
    return tree.apply(TRY(read_line(text)));
  });
  if (!read) return tl::unexpected{std::move(read).error()};
  // The same commit again, whose answer was lost, changes nothing more.
  if (!tree.is_changed()) return answer(visit, head.model.name, head.commit);
  if (!tree.parent().empty() && tree.parent() != head.commit) {
    return fail(ErrorKind::conflict, codes::etag_mismatch,
                "The branch has moved on to " + head.commit + ". Commit on top of that.");
  }
  TRY(tree.check(push.folds_case));
  catalog::PushedRevision pushed{.parent = head.commit, .files = tree.files()};
  pushed.commit = catalog::local_commit(head.model.name, head.commit, pushed.files);
  visit.changed_state = true;
  const std::string made =
      TRY(publish_pushed(visit, db, head.model.name, visit.address.revision, pushed));
  return answer(visit, head.model.name, made);
}

}  // namespace modelkeep::hub
