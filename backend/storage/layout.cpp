#include "storage/layout.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <unistd.h>

namespace modelkeep::storage {
namespace {

// sun_path holds 108 bytes; the longest name below run/ must fit with room for a generation number.
constexpr std::size_t kSocketPathMax = 100;
constexpr std::string_view kLongestSocketName = "/long-1000000.sock";
constexpr std::string_view kPartSuffix = ".part";
constexpr std::string_view kJournalSuffix = ".journal";
constexpr std::string_view kHfCacheAsidePrefix = "hf-cache-";
constexpr std::string_view kHfCacheRepoPrefix = "models--";
constexpr std::string_view kHfCacheSlash = "--";

std::string join(std::string_view folder, std::string_view name) {
  std::string path;
  path.reserve(folder.size() + 1 + name.size());
  path.append(folder).append("/").append(name);
  return path;
}

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// FNV-1a: only keeps the run folders of two stores of one user apart, so any stable spread will do.
std::string short_tag(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  std::array<char, 8> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), hash, 16).ptr;
  return {digits.begin(), end};
}

std::string choose_run_dir(const std::string& state_dir) {
  std::string run_dir = join(state_dir, "run");
  if (run_dir.size() + kLongestSocketName.size() <= kSocketPathMax) return run_dir;
  return "/tmp/modelkeep-" + std::to_string(getuid()) + "-" + short_tag(state_dir);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t number = 0;
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  const auto [end, error] = std::from_chars(text.begin(), text.end(), number);
  if (error != std::errc{} || end != text.end() || number < 0) return std::nullopt;
  return number;
}

}  // namespace

Layout::Layout(std::string mount, std::string state_dir, std::string run_dir)
    : mount_(without_trailing_slash(std::move(mount))),
      state_dir_(without_trailing_slash(std::move(state_dir))),
      run_dir_(without_trailing_slash(std::move(run_dir))) {
  if (state_dir_.empty()) state_dir_ = join(own_dir(), "state");
  if (run_dir_.empty()) run_dir_ = choose_run_dir(state_dir_);
}

std::string Layout::own_dir() const {
  return join(mount_, ".modelkeep");
}
std::string Layout::marker() const {
  return join(own_dir(), "store-id");
}

std::string Layout::model_dir(std::string_view model_id) const {
  return join(mount_, model_id);
}

std::string Layout::model_file(std::string_view model_id, std::string_view file_path) const {
  return join(model_dir(model_id), file_path);
}

std::string Layout::blobs_dir() const {
  return join(own_dir(), "blobs");
}

std::string Layout::blob_prefix_dir(std::string_view sha256) const {
  return join(blobs_dir(), sha256.substr(0, 2));
}

std::string Layout::blob(std::string_view sha256) const {
  return join(blob_prefix_dir(sha256), sha256);
}

std::string Layout::hf_cache_dir() const {
  return join(own_dir(), "hf-cache");
}

std::string Layout::hf_cache_repo(std::string_view folder) const {
  return join(hf_cache_dir(), folder);
}

std::string Layout::hf_cache_aside(std::string_view folder) const {
  return join(staging_root(), std::string(kHfCacheAsidePrefix).append(folder));
}

std::string Layout::revisions_dir() const {
  return join(own_dir(), "revisions");
}

std::string Layout::revisions_of(std::string_view model_id) const {
  return join(revisions_dir(), model_id);
}

std::string Layout::revision_dir(std::string_view model_id, std::string_view commit) const {
  return join(revisions_of(model_id), commit);
}

std::string Layout::staging_root() const {
  return join(own_dir(), "staging");
}

std::string Layout::staging_dir(std::int64_t download_id) const {
  return join(staging_root(), std::to_string(download_id));
}

std::string Layout::part(std::int64_t download_id, std::int64_t file_number) const {
  return join(staging_dir(download_id), std::to_string(file_number).append(kPartSuffix));
}

std::string Layout::part_ranges(std::int64_t download_id, std::int64_t file_number) const {
  return join(staging_dir(download_id), std::to_string(file_number).append(".ranges"));
}

std::string Layout::part_synced(std::int64_t download_id, std::int64_t file_number) const {
  return join(staging_dir(download_id), std::to_string(file_number).append(".synced"));
}

std::string Layout::staged_tree(std::int64_t download_id) const {
  return join(staging_dir(download_id), "tree");
}

std::string Layout::staged_kept_tree(std::int64_t download_id) const {
  return join(staging_dir(download_id), "kept");
}

std::string Layout::rebuilt_tree(std::int64_t revision) const {
  return join(staging_root(), std::string("rebuilt-").append(std::to_string(revision)));
}

std::string Layout::pushed_dir() const {
  return join(staging_root(), "pushed");
}

std::string Layout::pushed_object(std::string_view sha256) const {
  return join(pushed_dir(), sha256);
}

std::string Layout::staging_boot_id(std::int64_t download_id) const {
  return join(staging_dir(download_id), "boot-id");
}

std::string Layout::trash_dir() const {
  return join(own_dir(), "trash");
}
std::string Layout::trash_entry(std::string_view name) const {
  return join(trash_dir(), name);
}
std::string Layout::probe_dir() const {
  return join(own_dir(), "probe");
}

std::string Layout::database() const {
  return join(state_dir_, "modelkeep.db");
}
std::string Layout::ballast() const {
  return join(state_dir_, "ballast");
}
std::string Layout::known_store_id() const {
  return join(state_dir_, "store-id");
}
std::string Layout::locks_dir() const {
  return join(state_dir_, "locks");
}
std::string Layout::db_write_lock() const {
  return lock("db-write");
}
std::string Layout::drain_lock() const {
  return lock("drain");
}
std::string Layout::upkeep_lock() const {
  return lock("upkeep");
}

std::string Layout::download_lock(std::int64_t download_id) const {
  return lock("download-" + std::to_string(download_id));
}

std::string Layout::slot_lock(int slot) const {
  return lock("slot-" + std::to_string(slot));
}

std::string Layout::connections_lock() const {
  return lock("connections");
}

std::string Layout::folder_lock(std::string_view model_id) const {
  return lock(std::string("folder-").append(model_id));
}

std::string Layout::lock(std::string_view name) const {
  return join(locks_dir(), std::string(name).append(".lock"));
}

std::string Layout::journal_dir() const {
  return join(state_dir_, "journal");
}

std::string Layout::journal(std::string_view writer) const {
  return join(journal_dir(), std::string(writer).append(kJournalSuffix));
}

std::string Layout::bytes_log() const {
  return join(journal_dir(), "bytes.log");
}
std::string Layout::backups_dir() const {
  return join(state_dir_, "backups");
}
std::string Layout::keys_dir() const {
  return join(state_dir_, "keys");
}

std::string Layout::fetch_socket() const {
  return join(run_dir_, "fetch.sock");
}

std::string Layout::pulse() const {
  return join(run_dir_, "pulse");
}

std::string Layout::rate_account() const {
  return join(run_dir_, "rate-account");
}

std::string Layout::upstream_limits() const {
  return join(run_dir_, "upstream-limits");
}

std::string Layout::live_parts_dir() const {
  return join(run_dir_, "parts");
}
std::string Layout::live_part(std::int64_t download_id, std::int64_t file_number) const {
  return join(live_parts_dir(),
              std::to_string(download_id).append("-").append(std::to_string(file_number)));
}

std::string Layout::worker_socket(Pool pool, int generation) const {
  const std::string_view kind = pool == Pool::worker         ? "worker-"
                                : pool == Pool::long_answers ? "long-"
                                                             : "streams-";
  return join(run_dir_, std::string(kind).append(std::to_string(generation)).append(".sock"));
}

std::string Layout::master_pid() const {
  return join(run_dir_, "master.pid");
}
std::string Layout::nginx_conf() const {
  return join(run_dir_, "nginx.conf");
}
std::string Layout::nginx_pid() const {
  return join(run_dir_, "nginx.pid");
}

std::string Layout::nginx_temp_dir(std::string_view kind) const {
  return join(run_dir_, std::string("nginx-").append(kind));
}

std::string internal_blob_path(std::string_view sha256) {
  return std::string("/internal/blobs/").append(sha256.substr(0, 2)).append("/").append(sha256);
}

std::string hf_cache_folder(std::string_view repo_name) {
  const auto slash = repo_name.find('/');
  std::string folder(kHfCacheRepoPrefix);
  folder.append(repo_name.substr(0, slash));
  if (slash != std::string_view::npos)
    folder.append(kHfCacheSlash).append(repo_name.substr(slash + 1));
  return folder;
}

std::optional<std::string> parse_hf_cache_folder(std::string_view folder) {
  if (!folder.starts_with(kHfCacheRepoPrefix)) return std::nullopt;
  std::string name(folder.substr(kHfCacheRepoPrefix.size()));
  const auto slash = name.find(kHfCacheSlash);
  if (slash != std::string::npos) name.replace(slash, kHfCacheSlash.size(), "/");
  if (name.empty() || name.find(kHfCacheSlash) != std::string::npos) return std::nullopt;
  return name;
}

std::optional<std::string> parse_hf_cache_aside(std::string_view name) {
  if (!name.starts_with(kHfCacheAsidePrefix)) return std::nullopt;
  return std::string(name.substr(kHfCacheAsidePrefix.size()));
}

bool is_blob_name(std::string_view name) {
  constexpr std::size_t kSha256HexDigits = 64;
  if (name.size() != kSha256HexDigits) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<std::int64_t> parse_staging_name(std::string_view name) {
  return parse_number(name);
}

std::optional<std::int64_t> parse_part_name(std::string_view name) {
  if (!name.ends_with(kPartSuffix)) return std::nullopt;
  return parse_number(name.substr(0, name.size() - kPartSuffix.size()));
}

std::optional<std::string> parse_journal_name(std::string_view name) {
  if (!name.ends_with(kJournalSuffix) || name.size() == kJournalSuffix.size()) return std::nullopt;
  return std::string(name.substr(0, name.size() - kJournalSuffix.size()));
}

}  // namespace modelkeep::storage
