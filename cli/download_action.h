#pragma once
// pause, resume, cancel and retry: the same call with another verb.
#include <string_view>

#include "cli/client.h"
#include "cli/command.h"

namespace modelkeep::cli {

struct DownloadAction {
  std::string_view verb;  ///< Last part of the path.
  std::string_view done;  ///< "paused"
  std::string_view about;
  std::string_view examples;
  /// Whether the verb can apply to a download in this status; picks one where a model has had
  /// several.
  bool (*applies)(std::string_view status);
};

/// The number of the download that `word` means: itself, or the newest of a model that `applies`.
Result<std::string> find_download(Client& client, const std::string& word,
                                  bool (*applies)(std::string_view status));

Result<> run_download_action(Call& call, const DownloadAction& action);

}  // namespace modelkeep::cli
