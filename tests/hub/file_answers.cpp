#include "tests/hub/file_answers.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"
#include "tests/hub/access.h"
#include "tests/hub/byte_range.h"

namespace modelkeep::standin {
namespace {

constexpr std::string_view kCdnFolder = "/xet-bridge-us/";
constexpr std::string_view kExposed =
    "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,"
    "Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

std::int64_t now_s() {
  return system_clock().now().ms / 1000;
}

std::string signature_of(std::string_view path, std::string_view expires) {
  return sha256_hex("standin secret " + std::string{path} + ' ' + std::string{expires})
      .substr(0, 40);
}

std::string disposition_of(const File& file) {
  const auto slash = file.path.rfind('/');
  const std::string name = file.path.substr(slash == std::string::npos ? 0 : slash + 1);
  return "inline; filename*=UTF-8''" + percent_encode(name) + "; filename=\"" +
         percent_encode(name, " #+@()[]") + "\";";
}

void set_links(Answer& answer, const Revision& revision, const File& file) {
  answer.set("X-Repo-Commit", revision.commit).set("Accept-Ranges", "bytes");
  answer.set("X-Linked-Size", std::to_string(file.size()));
  answer.set("X-Linked-ETag", '"' + file.etag() + '"');
  answer.set("Access-Control-Expose-Headers", std::string{kExposed});
}

Answer to_cdn(const Site& site, const Opened& opened, const File& file) {
  Answer answer =
      redirect_answer(302, signed_url(site, *opened.repo, file, now_s() + site.url_lifetime_s));
  set_links(answer, *opened.revision, file);
  answer.set("X-Xet-Hash", file.xet_hash);
  return answer.set("Link", '<' + site.hub_url + "/api/models/" + opened.repo->id +
                                "/xet-read-token/" + opened.revision->commit +
                                ">; rel=\"xet-auth\", <" + site.cdn_url + "/v1/reconstructions/" +
                                file.xet_hash + ">; rel=\"xet-reconstruction-info\"");
}

Answer to_cache(const Request& request, const Opened& opened, const File& file) {
  const std::string location = "/api/resolve-cache/models/" + opened.repo->id + '/' +
                               opened.revision->commit + '/' + percent_encode(file.path, "/") +
                               '?' + percent_encode(request.raw_path()) +
                               "=&etag=" + percent_encode('"' + file.oid + '"');
  Answer answer = redirect_answer(307, location);
  set_links(answer, *opened.revision, file);
  return answer;
}

struct FoundFile {
  Opened opened;
  FilePtr file;
};

tl::expected<FoundFile, Answer> open_file(const Site& site, const Request& request,
                                          const Target& target) {
  auto opened = open_repo(site, request, target);
  if (!opened) return tl::unexpected{std::move(opened).error()};
  const Caller caller = caller_of(request);
  if (!may_read_files(*opened->repo, caller)) {
    return tl::unexpected{refuse_gated(*opened->repo, caller)};
  }
  for (const FilePtr& file : opened->revision->files) {
    if (file->path == target.path) return FoundFile{*opened, file};
  }
  return tl::unexpected{refuse_entry(*opened->revision)};
}

Answer refuse_cdn(int status, std::string_view code, std::string_view message) {
  Answer answer;
  answer.status = status;
  answer.set("Content-Type", "application/xml");
  answer.body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + std::string{code} +
                "</Code><Message>" + std::string{message} + "</Message></Error>";
  return answer;
}

}  // namespace

Answer answer_resolve(const Site& site, const Request& request, const Target& target) {
  const auto found = open_file(site, request, target);
  if (!found) return found.error();
  if (found->file->lfs) return to_cdn(site, found->opened, *found->file);
  return to_cache(request, found->opened, *found->file);
}

Answer answer_resolve_cache(const Site& site, const Request& request, const Target& target) {
  const auto found = open_file(site, request, target);
  if (!found) return found.error();
  Answer answer = file_answer(request, found->file, found->file->etag());
  answer.set("X-Repo-Commit", found->opened.revision->commit);
  answer.set("Vary", "Origin,accept-encoding");
  answer.set("Content-Disposition", disposition_of(*found->file));
  return answer.set("Access-Control-Expose-Headers", std::string{kExposed});
}

Answer answer_raw(const Site& site, const Request& request, const Target& target) {
  const auto found = open_file(site, request, target);
  if (!found) return found.error();
  const File& file = *found->file;
  Answer answer =
      text_answer(200, file.lfs ? lfs_pointer(file.sha256, file.size()) : file.content.all());
  return answer.set("ETag", '"' + file.oid + '"');
}

std::string signed_url(const Site& site, const Repo& repo, const File& file,
                       std::int64_t expires_s) {
  const std::string path = std::string{kCdnFolder} + repo.object_id + '/' + file.cdn_name;
  const std::string expires = std::to_string(expires_s);
  return site.cdn_url + path +
         "?response-content-disposition=" + percent_encode(disposition_of(file)) +
         "&Expires=" + expires + "&Policy=c3RhbmRpbg__&Signature=" + signature_of(path, expires) +
         "&Key-Pair-Id=KSTANDIN";
}

CdnFile find_cdn_file(const Site& site, std::string_view raw_path) {
  if (raw_path.substr(0, kCdnFolder.size()) != kCdnFolder) return {};
  const std::vector<std::string_view> parts = split(raw_path.substr(kCdnFolder.size()), '/');
  if (parts.size() != 2) return {};
  RepoPtr repo = site.repos.find_by_object_id(parts[0]);
  if (repo == nullptr) return {};
  for (const RevisionPtr& revision : repo->history) {
    for (const FilePtr& file : revision->files) {
      if (file->lfs && file->cdn_name == parts[1]) return {repo, file};
    }
  }
  return {};
}

Answer answer_cdn(const Site& site, const Request& request) {
  if (!request.header("authorization").empty()) {
    return refuse_cdn(400, "InvalidArgument", "Only one auth mechanism allowed");
  }
  const std::string expires = request.query_or("Expires", "");
  if (request.query_or("Signature", "") != signature_of(request.raw_path(), expires)) {
    return refuse_cdn(403, "SignatureDoesNotMatch", "The signature is not ours");
  }
  if (std::strtoll(expires.c_str(), nullptr, 10) < now_s()) {
    return refuse_cdn(403, "AccessDenied", "Request has expired");
  }
  const CdnFile found = find_cdn_file(site, request.raw_path());
  if (found.file == nullptr) return refuse_cdn(404, "NoSuchKey", "No such object");
  Answer answer = file_answer(request, found.file, found.file->cdn_name);
  answer.set("Content-Disposition", disposition_of(*found.file));
  return answer.set("Cache-Control", "public, max-age=31536000");
}

}  // namespace modelkeep::standin
