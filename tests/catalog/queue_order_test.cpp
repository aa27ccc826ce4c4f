#include "catalog/queue_order.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

std::string order_of(TestStore& store) {
  auto page = must(list_downloads(store.db(), {.status = DownloadStatus::queued, .limit = 200}));
  std::ranges::sort(page.downloads, {}, &Download::position);
  std::string names;
  for (const Download& download : page.downloads) names += download.model_name;
  return names;
}

TEST(QueueOrder, goes_round_between_those_who_ask) {
  TestStore store;
  for (const char* name : {"a", "b", "c", "d"}) store.ask(name, "ada");
  store.ask("x", "ben");
  store.ask("y", "ben");
  store.ask("p", "cyd");
  EXPECT_EQ(order_of(store), "axpbycd");
}

TEST(QueueOrder, of_who_has_a_download_running_begins_later) {
  TestStore store;
  for (const char* name : {"a", "b", "c"}) store.ask(name, "ada");
  store.claim();
  store.ask("x", "ben");
  EXPECT_EQ(order_of(store), "xbc");
}

TEST(QueueOrder, keeps_nameless_people_apart_by_their_address) {
  TestStore store;
  for (const char* name : {"a", "b"}) store.ask(name, "anonymous");
  Asking other{.name = "x", .username = "anonymous", .ip_address = "10.0.0.8"};
  must(ask_for_model(store.db(), other, store.now()));
  EXPECT_EQ(order_of(store), "axb");
}

TEST(QueueOrder, lets_one_who_joins_move_a_download_up) {
  TestStore store;
  for (const char* name : {"a", "b", "c", "d"}) store.ask(name, "ada");
  store.ask("d", "ben");
  EXPECT_EQ(order_of(store), "adbc");
  store.ask("a", "cyd");
  EXPECT_EQ(order_of(store), "adbc");
}

TEST(QueueOrder, is_per_priority) {
  TestStore store;
  for (const char* name : {"a", "b"}) store.ask(name, "ada");
  Asking urgent{.name = "u", .priority = Priority::high, .username = "ada"};
  must(ask_for_model(store.db(), urgent, store.now()));
  store.ask("x", "ben");
  EXPECT_EQ(order_of(store), "uaxb");
}

TEST(QueueOrder, keeps_what_a_person_put_first) {
  TestStore store;
  for (const char* name : {"a", "b", "c"}) store.ask(name, "ada");
  const auto last = store.ask("d", "ada").download->id;
  must(order_download(store.db(), last, std::nullopt, 1));
  store.ask("x", "ben");
  EXPECT_EQ(order_of(store), "dxabc");
}

TEST(QueueOrder, a_hundred_insertions_at_one_place_keep_the_order) {
  TestStore store;
  store.ask("z", "ada");
  for (int i = 0; i < 100; ++i) {
    const auto id = store.ask("m" + std::to_string(i), "ada").download->id;
    EXPECT_EQ(must(order_download(store.db(), id, std::nullopt, 2)).position, 2);
  }
  auto page = must(list_downloads(store.db(), {.limit = 200}));
  std::ranges::sort(page.downloads, {}, &Download::position);
  EXPECT_EQ(page.downloads[0].model_name, "z");
  EXPECT_EQ(page.downloads[1].model_name, "m99");
  EXPECT_EQ(page.downloads[100].model_name, "m0");
}

TEST(QueueOrder, a_retry_stands_in_line_as_a_newcomer_does) {
  TestStore store;
  const auto id = store.ask("f", "ben").download->id;
  must(fail_download(store.db(), store.claim(),
                     {ErrorKind::unavailable, codes::upstream_unavailable, "Down.", ""},
                     store.now()));
  for (const char* name : {"a", "b", "c"}) store.ask(name, "ada");
  EXPECT_EQ(must(retry_download(store.db(), id)).position, 2);
}

}  // namespace
}  // namespace modelkeep::catalog
