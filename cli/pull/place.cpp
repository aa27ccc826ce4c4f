#include "cli/pull/place.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli::pull {
namespace {

constexpr mode_t kFolder = 0755;
constexpr mode_t kFile = 0644;
constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
constexpr std::uint64_t kMemoryBytesMax = std::uint64_t{64} << 20;

std::string parent_of(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

std::string repo_folder(const std::string& name) {
  std::string folder = "models--" + name;
  const auto slash = folder.find('/');
  if (slash != std::string::npos) folder.replace(slash, 1, "--");
  return folder;
}

std::string link_text(const std::string& path, const std::string& etag) {
  std::string text = "../../";
  for (auto slashes = std::count(path.begin(), path.end(), '/'); slashes > 0; --slashes)
    text += "../";
  return text + "blobs/" + etag;
}

Result<> copy(Files& files, const std::string& from, const std::string& to) {
  std::error_code error;
  std::filesystem::copy_file(from, to + ".modelkeep-copy",
                             std::filesystem::copy_options::overwrite_existing, error);
  if (error) return tl::unexpected{errno_error(error.value(), "copy", to)};
  return files.rename(to + ".modelkeep-copy", to);
}

}  // namespace

Place::Place(Files& files, const Listing& listing, std::string root, bool is_cache)
    : files_(files), listing_(listing), root_(std::move(root)), is_cache_(is_cache) {
  while (root_.size() > 1 && root_.back() == '/') root_.pop_back();
  if (is_cache_) root_ += "/" + repo_folder(listing.name);
}

std::string Place::part(const Content& content) const {
  return state() + "/" + content.etag + ".part";
}
std::string Place::notes(const Content& content) const {
  return state() + "/" + content.etag + ".ranges";
}
std::string Place::lock() const {
  return state() + "/lock";
}

std::string Place::shown_folder() const {
  return is_cache_ ? root_ + "/snapshots/" + listing_.commit : root_;
}

std::string Place::name_of(const Content& content, const std::string& path) const {
  return root_ + "/" + (is_cache_ ? "blobs/" + content.etag : path);
}

Result<> Place::prepare() {
  TRY(files_.make_folders(state(), kFolder));
  if (is_cache_) TRY(files_.make_folders(root_ + "/blobs", kFolder));
  read_memory();
  return {};
}

// "<etag> <size> <modified> <inode> <name>": whoever changed the file since changed one of these.
std::string Place::memory_line(const Content& content, const std::string& name) const {
  const auto found = files_.stat(name);
  if (!found || !found->is_file) return {};
  return content.etag + " " + std::to_string(found->size_bytes) + " " +
         std::to_string(found->modified_ms) + " " + std::to_string(found->inode) + " " +
         name.substr(root_.size() + 1);
}

void Place::read_memory() {
  const auto text = read_file(files_, state() + "/verified", kMemoryBytesMax);
  if (!text) return;
  for (const std::string_view line : split(*text, '\n')) {
    std::size_t at = 0;
    for (int blanks = 0; blanks < 4 && at != std::string_view::npos; ++blanks)
      at = line.find(' ', at == 0 ? 0 : at + 1);
    if (at != std::string_view::npos) memory_[std::string(line.substr(at + 1))] = std::string(line);
  }
}

Result<bool> Place::is_right(const Content& content, const std::string& name) {
  const auto found = files_.stat(name);
  if (!found || !found->is_file || found->size_bytes != content.size_bytes) return false;
  const auto known = memory_.find(name.substr(root_.size() + 1));
  if (known != memory_.end() && known->second == memory_line(content, name)) return true;
  return TRY(digest_of(files_, name, content)) == content.etag;
}

Result<bool> Place::has(const Content& content) {
  if (is_cache_) {
    if (!TRY(is_right(content, name_of(content, {})))) return false;
    TRY(link_snapshot(content));
    return true;
  }
  std::vector<std::string> missing;
  std::string right;
  for (const std::string& path : content.paths) {
    const std::string name = name_of(content, path);
    if (TRY(is_right(content, name))) {
      right = name;
    } else {
      missing.push_back(name);
    }
  }
  if (right.empty()) return false;
  for (const std::string& name : missing) {
    TRY(files_.make_folders(parent_of(name), kFolder));
    TRY(copy(files_, right, name));
  }
  return true;
}

Result<> Place::link_snapshot(const Content& content) {
  for (const std::string& path : content.paths) {
    const std::string name = shown_folder() + "/" + path;
    const std::string text = link_text(path, content.etag);
    if (const auto there = files_.read_link(name); there && *there == text) continue;
    TRY(files_.make_folders(parent_of(name), kFolder));
    const std::string aside = state() + "/link";
    static_cast<void>(files_.remove_file(aside));
    TRY(files_.symlink(text, aside));
    TRY(files_.rename(aside, name));
  }
  return {};
}

Result<> Place::put(const Content& content) {
  TRY(files_.set_permissions(part(content), kFile));
  const std::string first = name_of(content, content.paths.front());
  TRY(files_.make_folders(parent_of(first), kFolder));
  TRY(files_.rename(part(content), first));
  static_cast<void>(files_.remove_file(notes(content)));
  if (is_cache_) return link_snapshot(content);
  for (std::size_t i = 1; i < content.paths.size(); ++i) {
    const std::string name = name_of(content, content.paths[i]);
    TRY(files_.make_folders(parent_of(name), kFolder));
    TRY(copy(files_, first, name));
  }
  return {};
}

// Of other revisions, which nobody went on with.
Result<> Place::drop_parts() {
  std::error_code error;
  std::vector<std::string> dropped;
  for (const auto& entry : std::filesystem::directory_iterator(state(), error)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".part") || name.ends_with(".ranges")) dropped.push_back(name);
  }
  for (const std::string& name : dropped) TRY(files_.remove_file(state() + "/" + name));
  return {};
}

Result<> Place::finish() {
  // What is remembered as right is not read again, so it must be on the disk for sure.
  const Fd any = TRY(files_.open(lock(), OpenMode::write));
  TRY(files_.sync_all(any));
  for (const Content& content : listing_.contents) {
    for (const std::string& path : content.paths) {
      const std::string name = name_of(content, path);
      const std::string line = memory_line(content, name);
      if (!line.empty()) memory_[name.substr(root_.size() + 1)] = line;
    }
  }
  TRY(drop_parts());
  std::string text;
  for (const auto& [name, line] : memory_) text += line + "\n";
  TRY(write_file_atomic(files_, state() + "/verified", text, kFile));
  if (!is_cache_ || listing_.revision == listing_.commit) return {};
  const std::string ref = root_ + "/refs/" + listing_.revision;
  TRY(files_.make_folders(parent_of(ref), kFolder));
  return write_file_atomic(files_, ref, listing_.commit, kFile);
}

Result<std::string> digest_of(Files& files, const std::string& path, const Content& content) {
  const Fd file = TRY(files.open(path, OpenMode::read));
  Digest digest = content.is_lfs ? Digest::sha256() : Digest::git_blob(content.size_bytes);
  std::vector<std::byte> block(kBlockBytes);
  for (std::uint64_t at = 0;;) {
    const std::size_t got = TRY(files.read_at(file, block, at));
    if (got == 0) break;
    digest.update(std::span<const std::byte>(block).first(got));
    at += got;
  }
  return digest.finish_hex();
}

}  // namespace modelkeep::cli::pull
