#pragma once
// What the door needs to give clients what is not stored. app/ fills it in; a process that answers
// for one pool passes on what another one may wait for.
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "hub/download_watch.h"
#include "storage/layout.h"

namespace modelkeep::hub {

enum class Pool : std::uint8_t {
  answers,       ///< Says what is known, and waits for nothing.
  long_answers,  ///< May ask upstream.
  streams,       ///< Follows files that are being fetched, too.
};

struct PullThrough {
  bool is_on = false;
  Pool pool = Pool::answers;
  /// Upstream's answer is in the catalog afterwards. It takes the seconds that upstream takes.
  std::function<Result<>(const std::string& repo, const std::string& revision)> look_up{};
  std::function<void()> wake_fetchers{};
  /// Of the streams' pool.
  const storage::Layout* layout = nullptr;
  DownloadWatch* watch = nullptr;
  /// For the one look of a stream that found nothing to follow.
  std::function<Result<sqlite::Connection>()> open_database{};
  std::stop_token stop{};
};

}  // namespace modelkeep::hub
