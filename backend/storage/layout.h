#pragma once
// Every path the store can ever create is made and parsed here, and nowhere else. Any room may ask.
//
// <mount>/
//   <model id>/...                     the current revision, hard links to blobs, 0444
//   .modelkeep/                        ours alone
//     store-id                         the marker: a mount without it is not our store
//     blobs/<aa>/<sha256>              content, once
//     hf-cache/models--<ns>--<name>/   the Hub client's layout, links to blobs
//     revisions/<model id>/<commit>/   other revisions that are kept
//     staging/<download id>/           0700
//       <n>.part                       file number n of the plan, being written
//       <n>.ranges                     which bytes of it have been written
//       <n>.synced                     which of them are on the disk for sure
//       boot-id                        under which boot the parts were written
//       tree/...                       the folder, built aside before it is swapped in
//       kept/...                       what the folder showed before, on its way into revisions/
//     staging/pushed/                  what clients push
//       <sha256>                       checked, waiting for its commit
//       <upload>.part                  being received
//     staging/rebuilt-<n>/             a lost folder of revision n, being built again
//     staging/hf-cache-models--.../    a repo of hf-cache, built aside
//     trash/<name>/                    what was taken away and waits for its unlink
//     state/                           MODELKEEP_STATE_DIR, 0700
//       modelkeep.db, ballast, store-id, locks/, journal/, backups/, keys/, run/
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace modelkeep::storage {

enum class Pool { worker, long_answers, streams };

/// Holds three absolute folders and makes names below them. It never touches the disk.
class Layout {
 public:
  /// An empty state folder means <mount>/.modelkeep/state; an empty run folder means <state>/run,
  /// or a private folder below /tmp when a socket's path there would not fit into a socket address.
  explicit Layout(std::string mount, std::string state_dir = {}, std::string run_dir = {});

  const std::string& mount() const { return mount_; }
  const std::string& state_dir() const { return state_dir_; }
  const std::string& run_dir() const { return run_dir_; }

  std::string own_dir() const;
  std::string marker() const;
  std::string model_dir(std::string_view model_id) const;
  std::string model_file(std::string_view model_id, std::string_view file_path) const;
  std::string blobs_dir() const;
  std::string blob_prefix_dir(std::string_view sha256) const;
  std::string blob(std::string_view sha256) const;
  std::string hf_cache_dir() const;
  std::string hf_cache_repo(std::string_view folder) const;
  std::string hf_cache_aside(std::string_view folder) const;
  std::string revisions_dir() const;
  std::string revisions_of(std::string_view model_id) const;
  std::string revision_dir(std::string_view model_id, std::string_view commit) const;
  std::string staging_root() const;
  std::string staging_dir(std::int64_t download_id) const;
  std::string part(std::int64_t download_id, std::int64_t file_number) const;
  std::string part_ranges(std::int64_t download_id, std::int64_t file_number) const;
  std::string part_synced(std::int64_t download_id, std::int64_t file_number) const;
  std::string staged_tree(std::int64_t download_id) const;
  std::string staged_kept_tree(std::int64_t download_id) const;
  std::string rebuilt_tree(std::int64_t revision) const;
  /// A pushed file that was checked and waits for its commit.
  std::string pushed_dir() const;
  std::string pushed_object(std::string_view sha256) const;
  std::string staging_boot_id(std::int64_t download_id) const;
  std::string trash_dir() const;
  std::string trash_entry(std::string_view name) const;
  std::string probe_dir() const;

  std::string database() const;
  std::string ballast() const;
  std::string known_store_id() const;
  std::string locks_dir() const;
  std::string db_write_lock() const;
  std::string drain_lock() const;
  std::string upkeep_lock() const;
  std::string download_lock(std::int64_t download_id) const;
  std::string slot_lock(int slot) const;
  std::string connections_lock() const;
  std::string folder_lock(std::string_view model_id) const;
  std::string lock(std::string_view name) const;
  std::string journal_dir() const;
  std::string journal(std::string_view writer) const;
  std::string bytes_log() const;
  std::string backups_dir() const;
  std::string keys_dir() const;

  std::string fetch_socket() const;
  std::string live_parts_dir() const;
  std::string live_part(std::int64_t download_id, std::int64_t file_number) const;
  std::string pulse() const;
  std::string rate_account() const;
  std::string upstream_limits() const;
  std::string worker_socket(Pool pool, int generation) const;
  std::string master_pid() const;
  std::string nginx_conf() const;
  std::string nginx_pid() const;
  std::string nginx_temp_dir(std::string_view kind) const;

 private:
  std::string mount_;
  std::string state_dir_;
  std::string run_dir_;
};

/// What nginx gets in X-Accel-Redirect for a blob: "/internal/blobs/<aa>/<sha256>". It needs no
/// escaping.
std::string internal_blob_path(std::string_view sha256);

/// A repo's name as a Hub client's cache has it, "models--ns--name", and back.
std::string hf_cache_folder(std::string_view repo_name);
std::optional<std::string> parse_hf_cache_folder(std::string_view folder);
/// The repo's folder that is built aside under this name in staging/.
std::optional<std::string> parse_hf_cache_aside(std::string_view name);

/// The sha256 when this is the name of a blob: 64 lower-case hex digits.
bool is_blob_name(std::string_view name);
std::optional<std::int64_t> parse_staging_name(std::string_view name);
std::optional<std::int64_t> parse_part_name(std::string_view name);
std::optional<std::string> parse_journal_name(std::string_view name);

}  // namespace modelkeep::storage
