#include "upstream/urls.h"

#include <algorithm>

#include "base/text.h"

namespace modelkeep::upstream {
namespace {

constexpr std::size_t kRepoNameBytesMax = 193;

std::string base_of(std::string_view endpoint) {
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  return std::string(endpoint);
}

}  // namespace

std::string revision_info_url(std::string_view endpoint, std::string_view repo,
                              std::string_view revision) {
  return base_of(endpoint) + "/api/models/" + percent_encode(repo, "/") + "/revision/" +
         percent_encode(revision);
}

std::string auth_check_url(std::string_view endpoint, std::string_view repo) {
  return base_of(endpoint) + "/api/models/" + percent_encode(repo, "/") + "/auth-check";
}

std::string tree_url(std::string_view endpoint, std::string_view repo, std::string_view commit) {
  return base_of(endpoint) + "/api/models/" + percent_encode(repo, "/") + "/tree/" +
         percent_encode(commit) + "?recursive=true&expand=false";
}

std::string file_url(std::string_view endpoint, std::string_view repo, std::string_view commit,
                     std::string_view path) {
  return base_of(endpoint) + "/" + percent_encode(repo, "/") + "/resolve/" +
         percent_encode(commit) + "/" + percent_encode(path, "/");
}

bool is_repo_name(std::string_view repo) {
  if (repo.empty() || repo.size() > kRepoNameBytesMax) return false;
  if (repo.find("..") != std::string_view::npos || std::count(repo.begin(), repo.end(), '/') > 1)
    return false;
  if (repo.front() == '/' || repo.back() == '/' || repo.front() == '.') return false;
  return std::all_of(repo.begin(), repo.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-/").find(c) != std::string_view::npos;
  });
}

}  // namespace modelkeep::upstream
