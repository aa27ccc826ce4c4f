#include "catalog/wait_reasons.h"

#include <gtest/gtest.h>

#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

TEST(WaitReason, follows_the_table_of_cases) {
  struct Case {
    const char* name;
    WaitReason said;
    std::int64_t not_before_ms;
    std::int64_t soonest_ahead_ms;
    bool window_closed;
    WaitReason shown;
  };
  constexpr std::int64_t kNow = 1'000;
  const Case cases[] = {
      {"the first of the queue", WaitReason::none, 0, kNever, false, WaitReason::slot},
      {"behind one that could start", WaitReason::none, 0, 0, false, WaitReason::order},
      {"behind one that waits by itself", WaitReason::none, 0, 2'000, false, WaitReason::slot},
      {"the hub did not answer", WaitReason::upstream, 2'000, 0, false, WaitReason::upstream},
      {"its time has come", WaitReason::upstream, 1'000, 0, false, WaitReason::order},
      {"no room on the disk", WaitReason::disk_full, 2'000, kNever, false, WaitReason::disk_full},
      {"asked to wait by the hub", WaitReason::rate_limited, 2'000, 0, false,
       WaitReason::rate_limited},
      {"outside its hours", WaitReason::none, 0, kNever, true, WaitReason::window},
      {"outside its hours, behind others", WaitReason::none, 0, 0, true, WaitReason::window},
      {"what a fetcher said goes before the hours", WaitReason::storage_readonly, 2'000, 0, true,
       WaitReason::storage_readonly},
  };
  for (const Case& one : cases) {
    Download download;
    download.wait_reason = one.said;
    download.not_before = Time{one.not_before_ms};
    download.soonest_ahead = Time{one.soonest_ahead_ms};
    EXPECT_EQ(wait_reason_of(download, Time{kNow}, one.window_closed), one.shown) << one.name;
  }
}

TEST(WaitReason, is_none_for_what_is_not_queued) {
  for (const auto status :
       {DownloadStatus::downloading, DownloadStatus::paused, DownloadStatus::ready}) {
    Download download;
    download.status = status;
    download.wait_reason = WaitReason::disk_full;
    download.not_before = Time{9};
    EXPECT_EQ(wait_reason_of(download, Time{1}, true), WaitReason::none);
  }
}

TEST(WaitReason, comes_from_the_rows_of_the_queue) {
  TestStore store;
  const auto first = store.ask("a").download->id;
  const auto second = store.ask("b").download->id;
  const auto reason = [&](std::int64_t id) {
    return wait_reason_of(must(find_download(store.db(), id)), store.now(), false);
  };
  EXPECT_EQ(reason(first), WaitReason::slot);
  EXPECT_EQ(reason(second), WaitReason::order);
  must(wait_for(store.db(), store.claim(), WaitReason::rate_limited, Time{store.now().ms + 1'000}));
  EXPECT_EQ(reason(first), WaitReason::rate_limited);
  EXPECT_EQ(reason(second), WaitReason::slot);
}

}  // namespace
}  // namespace modelkeep::catalog
