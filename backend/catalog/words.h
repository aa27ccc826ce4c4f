#pragma once
// The words of the catalog: one enum for each column that holds one of a few words, and its
// spelling, which is the same in SQL and in the API. Allowed moves of a download are one table here
// and one in SQL.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelkeep::catalog {

enum class ModelStatus : std::uint8_t { downloading, ready, failed, archived };
enum class Integrity : std::uint8_t { verified, unverified, corrupt, missing };
enum class DownloadStatus : std::uint8_t {
  queued,
  resolving,
  downloading,
  verifying,
  publishing,
  ready,
  paused,
  failed,
  cancelled
};
enum class FileStatus : std::uint8_t { queued, downloading, verifying, ready, failed };
enum class WaitReason : std::uint8_t {
  none,
  slot,
  order,
  disk_full,
  storage_readonly,
  upstream,
  rate_limited,
  window
};
enum class Priority : std::uint8_t { low, normal, high };
/// Where the files of a download come from: the Hub, a folder of this machine, a client that
/// pushes.
enum class Source : std::uint8_t { upstream, import, push };

std::string_view text(ModelStatus status);
std::string_view text(Integrity integrity);
std::string_view text(DownloadStatus status);
std::string_view text(FileStatus status);
std::string_view text(WaitReason reason);  ///< "" for none.
std::string_view text(Priority priority);
std::string_view text(Source source);

std::optional<ModelStatus> parse_model_status(std::string_view text);
std::optional<Integrity> parse_integrity(std::string_view text);
std::optional<DownloadStatus> parse_download_status(std::string_view text);
std::optional<FileStatus> parse_file_status(std::string_view text);
std::optional<WaitReason> parse_wait_reason(std::string_view text);
std::optional<Priority> parse_priority(std::string_view text);
std::optional<Source> parse_source(std::string_view text);

/// A fetcher works on it, or should: its lock file says which.
bool is_running(DownloadStatus status);
/// It still holds the one place of its model and revision: running, queued or paused.
bool is_active(DownloadStatus status);
bool may_move(DownloadStatus before, DownloadStatus after);

/// Short texts in one column, joined by newlines; empty ones and newlines inside are dropped.
std::string join_lines(const std::vector<std::string>& lines);
std::vector<std::string> split_lines(std::string_view joined);

}  // namespace modelkeep::catalog
