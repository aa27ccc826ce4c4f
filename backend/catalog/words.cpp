#include "catalog/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

namespace modelkeep::catalog {
namespace {

using namespace std::string_view_literals;

// Each list is in the order of its enum.
constexpr std::array kModelStatuses = {"downloading"sv, "ready"sv, "failed"sv, "archived"sv};
constexpr std::array kIntegrities = {"verified"sv, "unverified"sv, "corrupt"sv, "missing"sv};
constexpr std::array kDownloadStatuses = {"queued"sv,    "resolving"sv,  "downloading"sv,
                                          "verifying"sv, "publishing"sv, "ready"sv,
                                          "paused"sv,    "failed"sv,     "cancelled"sv};
constexpr std::array kFileStatuses = {"queued"sv, "downloading"sv, "verifying"sv, "ready"sv,
                                      "failed"sv};
constexpr std::array kWaitReasons = {
    ""sv,         "slot"sv,         "order"sv, "disk_full"sv, "storage_readonly"sv,
    "upstream"sv, "rate_limited"sv, "window"sv};
constexpr std::array kPriorities = {"low"sv, "normal"sv, "high"sv};
constexpr std::array kSources = {"upstream"sv, "import"sv, "push"sv};

template <class Enum>
std::optional<Enum> find(std::span<const std::string_view> words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

}  // namespace

std::string_view text(ModelStatus status) {
  return kModelStatuses[static_cast<std::size_t>(status)];
}
std::string_view text(Integrity integrity) {
  return kIntegrities[static_cast<std::size_t>(integrity)];
}
std::string_view text(DownloadStatus status) {
  return kDownloadStatuses[static_cast<std::size_t>(status)];
}
std::string_view text(FileStatus status) {
  return kFileStatuses[static_cast<std::size_t>(status)];
}
std::string_view text(WaitReason reason) {
  return kWaitReasons[static_cast<std::size_t>(reason)];
}
std::string_view text(Priority priority) {
  return kPriorities[static_cast<std::size_t>(priority)];
}

std::string_view text(Source source) {
  return kSources[static_cast<std::size_t>(source)];
}

std::optional<ModelStatus> parse_model_status(std::string_view word) {
  return find<ModelStatus>(kModelStatuses, word);
}
std::optional<Integrity> parse_integrity(std::string_view word) {
  return find<Integrity>(kIntegrities, word);
}
std::optional<DownloadStatus> parse_download_status(std::string_view word) {
  return find<DownloadStatus>(kDownloadStatuses, word);
}
std::optional<FileStatus> parse_file_status(std::string_view word) {
  return find<FileStatus>(kFileStatuses, word);
}
std::optional<WaitReason> parse_wait_reason(std::string_view word) {
  return find<WaitReason>(kWaitReasons, word);
}
std::optional<Priority> parse_priority(std::string_view word) {
  return find<Priority>(kPriorities, word);
}

std::optional<Source> parse_source(std::string_view word) {
  return find<Source>(kSources, word);
}

bool is_running(DownloadStatus status) {
  return status == DownloadStatus::resolving || status == DownloadStatus::downloading ||
         status == DownloadStatus::verifying || status == DownloadStatus::publishing;
}

bool is_active(DownloadStatus status) {
  return is_running(status) || status == DownloadStatus::queued || status == DownloadStatus::paused;
}

bool may_move(DownloadStatus before, DownloadStatus after) {
  using enum DownloadStatus;
  switch (before) {
    case queued:
      return after == resolving || after == paused || after == cancelled;
    case resolving:
      return after == downloading || after == verifying || after == queued || after == paused ||
             after == failed || after == cancelled;
    case downloading:
      return after == verifying || after == queued || after == paused || after == failed ||
             after == cancelled;
    case verifying:
      return after == publishing || after == downloading || after == queued || after == paused ||
             after == failed || after == cancelled;
    case publishing:
      return after == ready || after == queued || after == paused || after == failed ||
             after == cancelled;
    case paused:
    case failed:
      return after == queued || after == cancelled;
    case ready:
    case cancelled:
      return false;
  }
  return false;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string joined;
  for (const std::string& line : lines) {
    if (line.empty() || line.find('\n') != std::string::npos) continue;
    if (!joined.empty()) joined += '\n';
    joined += line;
  }
  return joined;
}

std::vector<std::string> split_lines(std::string_view joined) {
  std::vector<std::string> lines;
  while (!joined.empty()) {
    const std::size_t end = joined.find('\n');
    lines.emplace_back(joined.substr(0, end));
    if (end == std::string_view::npos) break;
    joined.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace modelkeep::catalog
