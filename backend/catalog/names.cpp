#include "catalog/names.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"

namespace modelkeep::catalog {
namespace {

constexpr std::size_t kRepoPartMax = 96;
constexpr std::size_t kModelIdMax = 220;
constexpr std::size_t kRevisionMax = 255;
constexpr std::size_t kPathBytesMax = 1024;
constexpr std::size_t kPathPartMax = 255;
constexpr std::size_t kPathDepthMax = 32;
constexpr std::size_t kEchoMax = 100;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool all_of(std::string_view text, std::string_view also) {
  return std::all_of(text.begin(), text.end(), [also](char c) {
    return is_alphanumeric(c) || also.find(c) != std::string_view::npos;
  });
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_repo_part(std::string_view part) {
  const auto is_edge = [](char c) { return is_alphanumeric(c) || c == '_'; };
  return !part.empty() && part.size() <= kRepoPartMax && all_of(part, "._-") &&
         is_edge(part.front()) && is_edge(part.back());
}

bool is_repo_name(std::string_view name) {
  if (has(name, "..") || has(name, "--") || lower_ascii(name).ends_with(".git")) return false;
  const auto parts = split(name, '/');
  return parts.size() <= 2 && std::all_of(parts.begin(), parts.end(), is_repo_part);
}

bool is_revision_part(std::string_view part) {
  return !part.empty() && part.front() != '.' && !part.ends_with(".lock");
}

bool is_revision(std::string_view revision) {
  if (revision.empty() || revision.size() > kRevisionMax || !all_of(revision, "._/+-"))
    return false;
  if (has(revision, "..") || revision.ends_with('.') || revision.starts_with('-')) return false;
  const auto parts = split(revision, '/');
  return std::all_of(parts.begin(), parts.end(), is_revision_part);
}

bool is_path_part(std::string_view part) {
  if (part.empty() || part == "." || part == ".." || part.size() > kPathPartMax) return false;
  const std::string folded = lower_ascii(part);
  return folded != ".git" && !folded.starts_with(".modelkeep");
}

bool is_file_path(std::string_view path) {
  if (path.empty() || path.size() > kPathBytesMax || has(path, "\\")) return false;
  const auto code_points = utf8_code_points(path);
  if (!code_points || std::any_of(code_points->begin(), code_points->end(), is_control_or_bidi))
    return false;
  const auto parts = split(path, '/');
  return parts.size() <= kPathDepthMax && std::all_of(parts.begin(), parts.end(), is_path_part);
}

std::string quoted(std::string_view text) {
  return "\"" + std::string{clipped(text, kEchoMax)} + "\"";
}

}  // namespace

Result<> check_repo_name(std::string_view name) {
  if (is_repo_name(name)) return {};
  std::string message =
      quoted(name) + " is not a repo name; it looks like google/flan-t5-small or gpt2.";
  if (has(name, "://")) {
    message = quoted(name) +
              " is an address; give only the repo name at its end, such as google/flan-t5-small.";
  }
  return fail(ErrorKind::invalid, codes::repo_id_invalid, std::move(message));
}

Result<> check_model_id(std::string_view id) {
  if (!id.empty() && id.size() <= kModelIdMax && id != "." && id != ".." && all_of(id, "._~-"))
    return {};
  return fail(ErrorKind::invalid, codes::model_id_invalid, quoted(id) + " is not a model id.");
}

Result<> check_revision(std::string_view revision) {
  if (is_revision(revision)) return {};
  return fail(ErrorKind::invalid, codes::revision_invalid,
              quoted(revision) + " is not a branch, tag or commit.");
}

Result<> check_file_path(std::string_view path) {
  if (is_file_path(path)) return {};
  return fail(ErrorKind::invalid, codes::path_invalid, "That is not a path of a file in a model.");
}

}  // namespace modelkeep::catalog
