// tree and paths-info: the files of a revision as the entries of a git tree.
#include <algorithm>
#include <map>

#include "base/json.h"
#include "base/text.h"
#include "base/time_text.h"
#include "hub/identity.h"
#include "hub/page.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

// llama.cpp asks once and follows no Link: a page holds what repos have.
constexpr std::size_t kPageMax = 1'000;
constexpr std::size_t kPathsMax = 2'000;
constexpr json::Limits kPathsLimits{.bytes = 1 << 20, .members = kPathsMax + 100};

using Files = std::vector<catalog::ModelFile>;

struct Folder {
  std::string oid;
};
using Folders = std::map<std::string, Folder, std::less<>>;

/// Every folder above a file. The number stands for git's, which needs modes that nobody told us:
/// it is the same as long as what is in the folder is the same.
Folders folders_of(const Files& files) {
  std::map<std::string, std::string, std::less<>> contents;
  for (const catalog::ModelFile& file : files) {
    for (auto slash = file.path.find('/'); slash != std::string::npos;
         slash = file.path.find('/', slash + 1)) {
      contents[file.path.substr(0, slash)].append(file.path).append(" ").append(
          file.git_oid.empty() ? file.sha256 : file.git_oid);
    }
  }
  Folders folders;
  for (const auto& [path, content] : contents) folders[path] = {git_blob_oid(content)};
  return folders;
}

struct Shown {
  const Stored& stored;
  bool is_expanded = false;
};

void write_last_commit(json::Writer& out, const Shown& shown) {
  if (!shown.is_expanded) return;
  out.key("lastCommit").begin_object();
  out.member("id", shown.stored.commit).member("title", "Stored revision");
  const Time at = shown.stored.revision.pk != 0 ? shown.stored.revision.published_at
                                                : shown.stored.listing->listed_at;
  out.member("date", rfc3339_ms(at)).end_object();
}

void write_file(json::Writer& out, const catalog::ModelFile& file, const Shown& shown) {
  const Identity identity = identity_of(file);
  out.begin_object().member("type", "file").member("oid", identity.oid);
  out.member("size", file.size_bytes);
  if (identity.is_lfs) {
    out.key("lfs").begin_object().member("oid", file.sha256).member("size", file.size_bytes);
    out.member("pointerSize", identity.pointer.size()).end_object();
  }
  out.member("path", file.path);
  write_last_commit(out, shown);
  out.end_object();
}

void write_folder(json::Writer& out, std::string_view path, const Folder& folder,
                  const Shown& shown) {
  out.begin_object().member("type", "directory").member("oid", folder.oid).member("size", 0);
  out.member("path", path);
  write_last_commit(out, shown);
  out.end_object();
}

bool is_true(const http::Query& query, std::string_view key) {
  const auto values = query.all(key);
  return !values.empty() && (equals_ignoring_case(values.back(), "true") || values.back() == "1");
}

/// One line of a listing. Its key sorts as the Hub does: folders first, then by bytes.
struct Entry {
  std::string key;
  const catalog::ModelFile* file = nullptr;
  const Folder* folder = nullptr;
  std::string_view path() const { return std::string_view{key}.substr(1); }
};

std::vector<Entry> entries_below(std::string_view top, bool is_recursive, const Files& files,
                                 const Folders& folders) {
  const std::string prefix = top.empty() ? std::string{} : std::string{top} + '/';
  const auto belongs = [&](std::string_view path) {
    if (!path.starts_with(prefix)) return false;
    return is_recursive || path.find('/', prefix.size()) == std::string_view::npos;
  };
  std::vector<Entry> entries;
  for (const auto& [path, folder] : folders) {
    if (belongs(path)) entries.push_back({'d' + path, nullptr, &folder});
  }
  for (const catalog::ModelFile& file : files) {
    if (belongs(file.path)) entries.push_back({'f' + file.path, &file, nullptr});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.key < b.key; });
  return entries;
}

struct PathsBody {
  std::vector<std::string> paths;
  bool expand = false;
};
void from_json(json::Reader& in, PathsBody& out) {
  in.optional("paths", out.paths).optional("expand", out.expand);
}

Result<PathsBody> paths_asked_for(const http::Request& request) {
  if (request.body_too_large) {
    return fail(ErrorKind::too_large, codes::body_too_large, "The body is larger than 1 MiB.");
  }
  const std::string_view type =
      trim(request.content_type.substr(0, request.content_type.find(';')));
  if (equals_ignoring_case(type, "application/json"))
    return json::parse<PathsBody>(request.body, kPathsLimits);
  if (!equals_ignoring_case(type, "application/x-www-form-urlencoded")) {
    return fail(ErrorKind::invalid, codes::media_type_unsupported,
                "The body must be a form or application/json.");
  }
  const http::Query form = TRY(http::Query::parse(request.body, kPathsMax));
  return PathsBody{form.all("paths"), is_true(form, "expand")};
}

}  // namespace

Result<http::Response> tree(Visit& visit) {
  sqlite::Connection& db = *TRY(visit.database());
  const Stored stored = TRY(find_stored(visit, db));
  const Files files = TRY(files_of(db, stored));
  const Folders folders = folders_of(files);
  const std::string& top = visit.address.path;
  if (!top.empty() && !folders.contains(top))
    return fail(ErrorKind::not_found, codes::file_not_found, "Entry not found");

  const auto entries = entries_below(top, is_true(visit.query, "recursive"), files, folders);
  const std::size_t limit = TRY(page_limit(visit.query, kPageMax));
  const std::string cursor = TRY(page_cursor(visit.query));
  const auto first = std::find_if(entries.begin(), entries.end(),
                                  [&](const Entry& entry) { return entry.key > cursor; });
  const auto left = static_cast<std::size_t>(entries.end() - first);
  const auto end = first + static_cast<std::ptrdiff_t>(std::min(limit, left));

  const Shown shown{stored, is_true(visit.query, "expand")};
  json::Writer out;
  out.begin_array();
  for (auto entry = first; entry != end; ++entry) {
    if (entry->file != nullptr) {
      write_file(out, *entry->file, shown);
    } else {
      write_folder(out, entry->path(), *entry->folder, shown);
    }
  }
  out.end_array();
  http::Response response = http::json_response(out.take());
  response.headers.push_back({"X-Repo-Commit", stored.commit});
  if (end != entries.end()) add_next_page(visit, (end - 1)->key, response);
  return response;
}

Result<http::Response> paths_info(Visit& visit) {
  const PathsBody asked = TRY(paths_asked_for(visit.request));
  sqlite::Connection& db = *TRY(visit.database());
  const Stored stored = TRY(find_stored(visit, db));
  const Files files = TRY(files_of(db, stored));
  const Folders folders = folders_of(files);
  const Shown shown{stored, asked.expand};
  json::Writer out;
  out.begin_array();
  for (const std::string& path : asked.paths) {
    // They come sorted by path.
    const auto file = std::lower_bound(
        files.begin(), files.end(), path,
        [](const catalog::ModelFile& one, const std::string& wanted) { return one.path < wanted; });
    const auto folder = folders.find(path);
    if (file != files.end() && file->path == path) write_file(out, *file, shown);
    if (folder != folders.end()) write_folder(out, path, folder->second, shown);
  }
  out.end_array();
  http::Response response = http::json_response(out.take());
  response.headers.push_back({"X-Repo-Commit", stored.commit});
  return response;
}

}  // namespace modelkeep::hub
