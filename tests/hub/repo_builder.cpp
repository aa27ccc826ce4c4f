#include "tests/hub/repo_builder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"
#include "base/guarded.h"

namespace modelkeep::standin {
namespace {

constexpr std::uint64_t kLargestGitFileBytes = 10ULL << 20U;
constexpr std::array<std::string_view, 12> kLfsEndings{
    ".safetensors", ".bin",  ".gguf",  ".pt",     ".pth", ".h5",
    ".msgpack",     ".onnx", ".model", ".tflite", ".npz", ".ckpt"};

bool ends_with(std::string_view text, std::string_view ending) {
  return text.size() >= ending.size() && text.substr(text.size() - ending.size()) == ending;
}

bool belongs_in_lfs(std::string_view path, const Content& content) {
  if (content.size() == 0) return false;
  if (content.size() > kLargestGitFileBytes) return true;
  return std::any_of(kLfsEndings.begin(), kLfsEndings.end(),
                     [&](std::string_view ending) { return ends_with(path, ending); });
}

std::string sha1_hex(std::string_view text) {
  Digest digest = Digest::sha1();
  digest.update(text);
  return digest.finish_hex();
}

FilePtr git_file(std::string path, Content content) {
  File file;
  file.path = std::move(path);
  file.content = std::move(content);
  file.oid = git_sha1_of(file.content);
  return std::make_shared<const File>(std::move(file));
}

// A process that starts one hub after another, as tests do, hashes each recipe once.
std::string remembered_sha256(const Content& content) {
  static Guarded<std::map<std::string, std::string>> remembered;
  const std::string key = content.recipe_key();
  std::string known = remembered.with([&](const auto& digests) {
    const auto found = digests.find(key);
    return found == digests.end() ? std::string{} : found->second;
  });
  if (!known.empty()) return known;
  std::string digest = sha256_of(content);
  remembered.with([&](auto& digests) { digests[key] = digest; });
  return digest;
}

FilePtr lfs_file(std::string path, Content content, std::string sha256, std::string disk_path) {
  File file;
  file.path = std::move(path);
  file.content = std::move(content);
  file.lfs = true;
  file.sha256 = sha256.empty() ? remembered_sha256(file.content) : std::move(sha256);
  const std::string pointer = lfs_pointer(file.sha256, file.content.size());
  file.pointer_size = pointer.size();
  file.oid = git_sha1_of(Content::text(pointer));
  file.xet_hash = sha256_hex("xet " + file.sha256);
  file.cdn_name = sha256_hex("cdn " + file.sha256);
  file.disk_path = std::move(disk_path);
  return std::make_shared<const File>(std::move(file));
}

std::string commit_id(const Repo& repo, const Revision& revision) {
  std::string text = repo.id + '\n' + std::to_string(repo.history.size()) + revision.title;
  for (const FilePtr& file : revision.files) text += file->path + ' ' + file->oid + '\n';
  return sha1_hex(text);
}

// A day apart, so that every commit has its own time and all runs agree.
std::string date_of(std::size_t commit_number) {
  const std::string day = std::to_string(commit_number % 28 + 1);
  return "2026-02-" + std::string(day.size() < 2 ? "0" : "") + day + "T10:30:00.000Z";
}

std::string append_commit(Repo& repo, Revision revision) {
  revision.commit = commit_id(repo, revision);
  revision.date = date_of(repo.history.size());
  repo.history.push_back(std::make_shared<const Revision>(std::move(revision)));
  return repo.history.back()->commit;
}

}  // namespace

RepoBuilder::RepoBuilder(std::string id) {
  repo_.object_id = sha1_hex("repo " + id).substr(0, 24);
  repo_.id = std::move(id);
}

RepoBuilder& RepoBuilder::file(std::string path, Content content) {
  if (belongs_in_lfs(path, content)) return lfs(std::move(path), std::move(content));
  FilePtr made = git_file(path, std::move(content));
  files_[std::move(path)] = std::move(made);
  changed_ = true;
  return *this;
}

RepoBuilder& RepoBuilder::file(std::string path, std::string text) {
  return file(std::move(path), Content::text(std::move(text)));
}

RepoBuilder& RepoBuilder::lfs(std::string path, Content content, std::string sha256,
                              std::string disk_path) {
  FilePtr made = lfs_file(path, std::move(content), std::move(sha256), std::move(disk_path));
  files_[std::move(path)] = std::move(made);
  changed_ = true;
  return *this;
}

RepoBuilder& RepoBuilder::remove(std::string_view path) {
  files_.erase(std::string{path});
  changed_ = true;
  return *this;
}

RepoBuilder& RepoBuilder::raw_tree(std::string listing) {
  raw_tree_ = std::move(listing);
  return *this;
}

RepoBuilder& RepoBuilder::invented_files(std::uint64_t count) {
  invented_files_ = count;
  return *this;
}

RepoBuilder& RepoBuilder::commit(std::string title) {
  Revision revision;
  revision.title = std::move(title);
  for (const auto& [path, made] : files_) revision.files.push_back(made);
  revision.raw_tree = raw_tree_;
  revision.invented_files = invented_files_;
  repo_.branches["main"] = append_commit(repo_, std::move(revision));
  changed_ = false;
  return *this;
}

RepoBuilder& RepoBuilder::tag(std::string name) {
  repo_.git_tags[std::move(name)] = repo_.branches["main"];
  return *this;
}

RepoBuilder& RepoBuilder::branch(std::string name) {
  repo_.branches[std::move(name)] = repo_.branches["main"];
  return *this;
}

RepoBuilder& RepoBuilder::pull_request(int number) {
  Revision revision;
  revision.title = "A proposal";
  for (const auto& [path, made] : files_) revision.files.push_back(made);
  const std::string name = "refs/pr/" + std::to_string(number);
  repo_.pull_requests[name] = append_commit(repo_, std::move(revision));
  files_.clear();
  for (const FilePtr& file : repo_.head()->files) files_[file->path] = file;
  changed_ = false;
  return *this;
}

Repo RepoBuilder::build() {
  if (changed_) commit("Add the model");
  return repo_;
}

Repo with_a_new_commit(const Repo& repo) {
  Repo moved = repo;
  Revision revision;
  revision.title = "Push more";
  std::map<std::string, FilePtr> files;
  const RevisionPtr head = repo.head();
  if (head != nullptr) {
    for (const FilePtr& file : head->files) files[file->path] = file;
  }
  const std::string count = std::to_string(repo.history.size());
  const std::string readme = files.contains("README.md") ? files["README.md"]->content.all() : "";
  files["README.md"] =
      git_file("README.md", Content::text(readme + "\nPushed again, time " + count + ".\n"));
  files["MOVED.md"] = git_file("MOVED.md", Content::text("Commit " + count + ".\n"));
  for (const auto& [path, file] : files) revision.files.push_back(file);
  moved.branches["main"] = append_commit(moved, std::move(revision));
  return moved;
}

}  // namespace modelkeep::standin
