#include "hub/download_watch.h"

#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "catalog/ask.h"

namespace modelkeep::hub {
namespace {

constexpr std::int64_t kLookEveryMs = 100;

using Flag = std::shared_ptr<std::atomic<bool>>;

bool goes_on(const std::optional<catalog::FileOnItsWay>& download) {
  if (!download) return false;
  if (catalog::is_running(download->download_status)) return true;
  // Its fetcher died or was replaced, and another one takes it up; with a reason it waits longer.
  return download->download_status == catalog::DownloadStatus::queued &&
         download->wait_reason == catalog::WaitReason::none;
}

}  // namespace

DownloadWatch::Going DownloadWatch::follow(std::int64_t download_id) {
  return followed_.with([&](auto& followed) {
    Flag flag = followed[download_id].lock();
    if (!flag) {
      flag = std::make_shared<std::atomic<bool>>(true);
      followed[download_id] = flag;
    }
    return Going(flag);
  });
}

Result<> DownloadWatch::look(sqlite::Connection& db) {
  std::vector<std::pair<std::int64_t, Flag>> alive;
  followed_.with([&](auto& followed) {
    std::erase_if(followed, [](const auto& one) { return one.second.expired(); });
    for (const auto& [id, flag] : followed) {
      if (Flag kept = flag.lock()) alive.emplace_back(id, std::move(kept));
    }
  });
  for (const auto& [id, flag] : alive)
    *flag = goes_on(TRY(catalog::find_file_on_its_way(db, id, {})));
  return {};
}

void DownloadWatch::run(const std::function<Result<sqlite::Connection>()>& open,
                        std::stop_token stop) {
  std::optional<sqlite::Connection> db;
  while (!stop.stop_requested()) {
    system_clock().sleep_ms(kLookEveryMs);
    const bool anyone = followed_.with([](const auto& followed) { return !followed.empty(); });
    if (!anyone) continue;
    if (!db) {
      auto opened = open();
      if (!opened) continue;
      db = std::move(*opened);
    }
    if (const auto looked = look(*db); !looked) {
      log::failure("streams.look_failed", looked.error());
      db.reset();
    }
  }
}

}  // namespace modelkeep::hub
