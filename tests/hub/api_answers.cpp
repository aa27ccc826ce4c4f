#include "tests/hub/api_answers.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "tests/hub/access.h"
#include "tests/hub/descriptions.h"

namespace modelkeep::standin {
namespace {

// Ends in what must be percent-encoded, so that a client which rebuilds the cursor instead of
// following it fails.
constexpr std::string_view kCursorTail = "==";

std::string cursor_of(std::size_t next) {
  return "eyJuZXh0Ijo" + std::to_string(next);
}

std::size_t number_or(std::string_view text, std::size_t fallback) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : fallback;
}

struct Page {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string link;  // To the next page; empty on the last.
};

Page page_of(const Site& site, const Request& request, std::size_t count, std::size_t page_size) {
  const std::size_t limit = std::max<std::size_t>(
      1, std::min(number_or(request.query_or("limit", ""), page_size), page_size));
  const std::string cursor = request.query_or("cursor", "");
  constexpr std::size_t kPrefix = 11;
  Page page;
  if (cursor.size() > kPrefix + kCursorTail.size()) {
    page.begin = number_or(
        std::string_view{cursor}.substr(kPrefix, cursor.size() - kPrefix - kCursorTail.size()), 0);
  }
  page.begin = std::min(page.begin, count);
  page.end = std::min(page.begin + limit, count);
  if (page.end == count) return page;
  page.link = '<' + site.hub_url + std::string{request.raw_path()} + '?';
  for (const auto& [name, value] : parse_form(request.raw_query())) {
    if (name != "cursor") page.link += percent_encode(name) + '=' + percent_encode(value) + '&';
  }
  page.link += "cursor=" + cursor_of(page.end) + percent_encode(kCursorTail) + ">; rel=\"next\"";
  return page;
}

Answer paged(json::Writer&& out, const Page& page) {
  Answer answer = json_answer(out.end_array().take());
  if (!page.link.empty()) answer.set("Link", page.link);
  return answer;
}

Answer answer_info(const Opened& opened, const Request& request) {
  InfoShape shape;
  shape.blobs = request.query_or("blobs", "") == "true";
  shape.expand = request.query("expand");
  Answer answer = json_answer(describe_repo(*opened.repo, *opened.revision, shape));
  const std::string etag = "W/\"" + sha256_hex(answer.body) + '"';
  if (request.header("if-none-match") == etag) {
    answer = json_answer("", 304);
    answer.unset("Content-Type");
  }
  return answer.set("X-Repo-Commit", opened.revision->commit).set("ETag", etag);
}

Answer answer_invented_tree(const Site& site, const Request& request, const Revision& revision) {
  const Page page = page_of(site, request, revision.invented_files, 1000);
  json::Writer out;
  out.begin_array();
  for (std::size_t i = page.begin; i < page.end; ++i) describe_invented(out, i);
  return paged(std::move(out), page).set("X-Repo-Commit", revision.commit);
}

Answer answer_tree(const Site& site, const Opened& opened, const Request& request,
                   const Target& target) {
  const Revision& revision = *opened.revision;
  if (revision.raw_tree) {
    return json_answer(*revision.raw_tree).set("X-Repo-Commit", revision.commit);
  }
  if (revision.invented_files > 0) return answer_invented_tree(site, request, revision);
  const bool recursive = request.query_or("recursive", "") == "true";
  const auto entries = list_tree(revision, target.path, recursive);
  if (!entries) return refuse_entry(revision);
  TreeShape shape;
  shape.expand = request.query_or("expand", "") == "true";
  shape.hides_xet = !may_read_files(*opened.repo, caller_of(request));
  const Page page = page_of(site, request, entries->size(), site.tree_page);
  json::Writer out;
  out.begin_array();
  for (std::size_t i = page.begin; i < page.end; ++i) {
    describe_entry(out, revision, (*entries)[i], shape);
  }
  return paged(std::move(out), page).set("X-Repo-Commit", revision.commit);
}

std::vector<std::string> asked_paths(const Request& request) {
  std::vector<std::string> paths;
  if (request.header("content-type").substr(0, 16) == "application/json") {
    json::Limits limits;
    limits.bytes = 1 << 20;
    const auto body = json::Document::parse(request.body, limits);
    if (!body) return paths;
    const json::Value list = body->root()["paths"];
    for (std::size_t i = 0; i < list.size(); ++i) {
      paths.emplace_back(list[i].as_string().value_or(""));
    }
    return paths;
  }
  for (auto& [name, value] : parse_form(request.body)) {
    if (name == "paths") paths.push_back(std::move(value));
  }
  return paths;
}

Answer answer_paths_info(const Opened& opened, const Request& request) {
  TreeShape shape;
  shape.hides_xet = !may_read_files(*opened.repo, caller_of(request));
  json::Writer out;
  out.begin_array();
  for (const std::string& path : asked_paths(request)) {
    const auto entry = find_entry(*opened.revision, path);
    if (entry) describe_entry(out, *opened.revision, *entry, shape);
  }
  return json_answer(out.end_array().take()).set("X-Repo-Commit", opened.revision->commit);
}

bool is_listed(const Repo& repo, const Request& request, const Caller& caller) {
  if (repo.is_private && (caller.person == nullptr || !caller.person->sees_private)) return false;
  const std::string id = lower_ascii(repo.id);
  for (const std::string& word : request.query("search")) {
    if (id.find(lower_ascii(word)) == std::string::npos) return false;
  }
  const std::string author = request.query_or("author", "");
  return author.empty() || repo.id.substr(0, author.size() + 1) == author + '/';
}

Answer answer_list(const Site& site, const Request& request) {
  const Caller caller = caller_of(request);
  if (caller.has_unknown_token) return refuse_credentials();
  std::vector<RepoPtr> listed;
  for (const RepoPtr& repo : site.repos.all()) {
    if (is_listed(*repo, request, caller)) listed.push_back(repo);
  }
  const std::string sort = request.query_or("sort", "downloads");
  std::stable_sort(listed.begin(), listed.end(), [&](const RepoPtr& a, const RepoPtr& b) {
    if (sort == "likes") return a->likes > b->likes;
    return sort != "id" && a->downloads > b->downloads;
  });
  const Page page = page_of(site, request, listed.size(), 1000);
  json::Writer out;
  out.begin_array();
  for (std::size_t i = page.begin; i < page.end; ++i) describe_listed(out, *listed[i]);
  return paged(std::move(out), page);
}

Answer answer_whoami(const Request& request) {
  const Caller caller = caller_of(request);
  if (caller.person == nullptr) return refuse_credentials();
  json::Writer out;
  out.begin_object().member("type", "user").member("id", "66f1d92ca3f129c42723a915");
  out.member("name", caller.person->name).member("fullname", caller.person->name);
  out.key("orgs").begin_array().end_array();
  out.key("auth").begin_object().member("type", "access_token");
  out.key("accessToken").begin_object().member("displayName", "stand-in");
  out.member("role", "read").member("createdAt", "2026-01-02T03:04:05.000Z");
  return json_answer(out.end_object().end_object().end_object().take());
}

}  // namespace

Answer answer_api(const Site& site, const Request& request, const Target& target) {
  if (target.call == Call::list) return answer_list(site, request);
  if (target.call == Call::whoami) return answer_whoami(request);
  const auto opened = open_repo(site, request, target);
  if (!opened) return opened.error();
  switch (target.call) {
    case Call::info:
      return answer_info(*opened, request);
    case Call::tree:
      return answer_tree(site, *opened, request, target);
    case Call::refs:
      return json_answer(describe_refs(*opened->repo, request.query_or("include_prs", "") == "1"));
    case Call::commits:
      return json_answer(describe_commits(*opened->repo, *opened->revision));
    case Call::paths_info:
      return answer_paths_info(*opened, request);
    case Call::auth_check:
      if (may_read_files(*opened->repo, caller_of(request))) return json_answer("{}");
      return refuse_gated(*opened->repo, caller_of(request));
    default:
      return refuse(404, {}, "Not found");
  }
}

}  // namespace modelkeep::standin
