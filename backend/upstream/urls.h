#pragma once
// The addresses of the Hub's protocol. An endpoint may have a path of its own ("http://host/hf"),
// so everything is appended to it, never resolved against it.
#include <string>
#include <string_view>

namespace modelkeep::upstream {

std::string revision_info_url(std::string_view endpoint, std::string_view repo,
                              std::string_view revision);
std::string auth_check_url(std::string_view endpoint, std::string_view repo);
std::string tree_url(std::string_view endpoint, std::string_view repo, std::string_view commit);
std::string file_url(std::string_view endpoint, std::string_view repo, std::string_view commit,
                     std::string_view path);

/// `name` or `namespace/name` in the characters a repo may have: what an answer claims is checked
/// before it is used in an address or a row.
bool is_repo_name(std::string_view repo);

}  // namespace modelkeep::upstream
