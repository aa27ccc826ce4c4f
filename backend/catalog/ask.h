#pragma once
// Asking for a model: the one door through which a model or a download comes into being.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "catalog/downloads.h"
#include "catalog/models.h"

namespace modelkeep::catalog {

constexpr int kQueueMax = 1'000;
constexpr int kAskersMax = 1'000;  ///< Recorded a download; later ones join without a row.

struct Asking {
  std::string name;  ///< A valid repo name, or the id of an adopted folder.
  std::string revision = "main";
  std::vector<std::string> allow_patterns;
  std::vector<std::string> ignore_patterns;
  std::optional<Priority> priority;  ///< Joining only ever raises it.
  bool waits_when_full = false;      ///< For disk space, where it would fail for the lack of it.
  std::string username;
  std::string ip_address;
  /// Asked before one that failed is queued again, whose size is known by then. Its error leaves
  /// all as it was.
  std::function<Result<>(const Download& failed)> may_queue_again =
      [](const Download&) -> Result<> { return {}; };
};

enum class AskOutcome : std::uint8_t {
  already_there,  ///< All that was asked for is ready; nothing is fetched.
  joined,         ///< An active download brings it; the asker was added.
  queued,         ///< A new download, or a failed one back in the queue.
};

struct Asked {
  AskOutcome outcome = AskOutcome::queued;
  Model model;
  std::optional<Download> download;  ///< Absent when already_there.
  bool is_first_wish = false;        ///< Of a file: nobody had asked for it before.
  bool is_new = false;               ///< The download came into being by this asking.
};

/// Whether asking would queue something: not all of it is here, and nothing that is under way
/// brings it.
Result<bool> would_queue(sqlite::Connection& db, const Asking& asking);

/// One write transaction: claims the id, creates what is missing, records the asker. queue_full.
Result<Asked> ask_for_model(sqlite::Connection& db, const Asking& asking, Time now);

/// One file of one commit, for a client that waits for it at the hub door.
struct FileAsking {
  std::string name;      ///< As an Asking's.
  std::string revision;  ///< A branch or tag that means the commit, else the commit itself.
  std::string commit;
  std::string path;
  std::string username;
  std::string ip_address;
};
/// The file's download, which needs no slot: a running one gets the file beside what it brings, a
/// failed one runs again, and a model that is stored in part keeps what it has. A download of the
/// same revision that brings another commit is left alone.
Result<Asked> ask_for_file(sqlite::Connection& db, const FileAsking& asking, Time now);

/// What became of a file that was asked for.
struct FileOnItsWay {
  DownloadStatus download_status = DownloadStatus::queued;
  WaitReason wait_reason = WaitReason::none;
  std::string error_code;
  std::string error;
  int number = 0;         ///< In the plan; 0 while there is none.
  bool ready = false;     ///< It is a blob.
  int stalled_tries = 0;  ///< Of upstream, in a row, that brought nothing.
  std::string sha256;
};
void read_row(const sqlite::Row& row, FileOnItsWay& file);
/// Nothing when the download is gone.
Result<std::optional<FileOnItsWay>> find_file_on_its_way(sqlite::Connection& db,
                                                         std::int64_t download_id,
                                                         std::string_view path);

struct Caller {
  std::string username;
  std::string ip_address;
  /// As that of an Asking.
  std::function<Result<>(const Download& failed)> may_queue_again =
      [](const Download&) -> Result<> { return {}; };
};

/// Fetches anew what the folder's revision means upstream, with the same selection of files; the
/// model stays ready meanwhile. One write transaction. model_not_found; state_conflict for a model
/// that is not ready, was asked for as a commit, or has no name yet.
Result<Asked> ask_for_update(sqlite::Connection& db, std::string_view id, const Caller& caller,
                             Time now);

}  // namespace modelkeep::catalog
