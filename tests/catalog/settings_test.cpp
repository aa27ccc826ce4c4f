#include "catalog/settings.h"

#include <gtest/gtest.h>

#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

void change(TestStore& store, std::string_view key, const std::optional<std::string>& value,
            std::string_view by) {
  auto writing = must(sqlite::WriteTransaction::begin(store.db()));
  must(change_setting(store.db(), key, value, by, store.now()));
  must(writing.commit());
}

TEST(Settings, remember_who_changed_what) {
  TestStore store;
  change(store, "limits.downloads", "3", "ada");
  change(store, "limits.downloads", "3", "ben");
  change(store, "limits.downloads", "4", "cyd");
  change(store, "limits.downloads", std::nullopt, "ada");
  EXPECT_EQ(must(setting(store.db(), "limits.downloads")), std::nullopt);
  const auto changes = must(setting_changes(store.db(), 10));
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].new_value, "");
  EXPECT_EQ(changes[1].old_value, "3");
  EXPECT_EQ(changes[1].new_value, "4");
  EXPECT_EQ(changes[1].changed_by, "cyd");
  EXPECT_EQ(changes[2].old_value, "");
}

TEST(Upstream, fails_since_its_first_failure_and_until_it_answers) {
  TestStore store;
  const auto seen = [&](std::string_view name) -> std::optional<Heartbeat> {
    for (const Heartbeat& beat : must(heartbeats(store.db())))
      if (beat.name == name) return beat;
    return std::nullopt;
  };
  must(note_upstream(store.db(), store.now(), {}));
  EXPECT_FALSE(seen("upstream_failing"));
  const Time first = store.now();
  must(note_upstream(store.db(), first, "upstream_unavailable"));
  store.clock().advance_ms(5'000);
  must(note_upstream(store.db(), store.now(), "upstream_dns_failed"));
  EXPECT_EQ(seen("upstream_failing")->seen_at.ms, first.ms);
  EXPECT_EQ(seen("upstream_failed")->seen_at.ms, store.now().ms);
  EXPECT_EQ(seen("upstream_failed")->detail, "upstream_dns_failed");
  must(note_upstream(store.db(), store.now(), {}));
  EXPECT_FALSE(seen("upstream_failing"));
}

}  // namespace
}  // namespace modelkeep::catalog
