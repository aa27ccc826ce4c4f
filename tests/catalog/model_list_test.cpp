#include "catalog/model_list.h"

#include <gtest/gtest.h>

#include "catalog/events.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

std::vector<Model> models_of(sqlite::Connection& db, const ModelPage& page) {
  std::vector<Model> models;
  for (const ModelUse& use : page.models) models.push_back(must(find_model_by_pk(db, use.pk)));
  return models;
}

std::vector<std::string> names(sqlite::Connection& db, const ModelPage& page) {
  std::vector<std::string> names;
  for (const Model& model : models_of(db, page)) names.push_back(model.name);
  return names;
}

/// Every page of a query, one after the other.
std::vector<std::string> walk(sqlite::Connection& db, ModelQuery query) {
  std::vector<std::string> all;
  for (int pages = 0; pages < 100; ++pages) {
    const ModelPage page = must(list_models(db, query));
    for (const std::string& name : names(db, page)) all.push_back(name);
    if (!page.next) return all;
    // The cursor travels as text.
    query.after = parse_cursor(query, cursor_text(query, *page.next));
    EXPECT_TRUE(query.after);
  }
  return all;
}

/// Ten models whose values make ties in every order.
void fill(TestStore& store) {
  EventNumbers numbers;
  for (int n = 0; n < 10; ++n) {
    const std::string name = (n % 2 == 0 ? "org/Model-" : "org/model-") + std::to_string(n);
    store.clock().advance_ms(n % 3 == 0 ? 0 : 1000);
    const Model model = store.ready_model(
        name, {TestStore::file("f", std::string(static_cast<std::size_t>(n / 3), 'x'))});
    auto writing = must(sqlite::WriteTransaction::begin(store.db()));
    std::vector<Event> events(static_cast<std::size_t>(n % 4), {.at = Time{1000 + n / 4},
                                                                .action = "get",
                                                                .model_pk = model.pk,
                                                                .counts = Counts::access,
                                                                .username = "ada",
                                                                .ip_address = "::1"});
    must(add_events(store.db(), numbers, events));
    must(writing.commit());
  }
}

TEST(ModelList, walks_every_order_without_loss_or_repeat) {
  TestStore store;
  fill(store);
  for (int sort = 0; sort < 5; ++sort) {
    for (const bool descending : {false, true}) {
      ModelQuery query;
      query.sort = static_cast<ModelSort>(sort);
      query.descending = descending;
      query.limit = 3;
      const auto paged = walk(store.db(), query);
      query.limit = 200;
      EXPECT_EQ(paged, names(store.db(), must(list_models(store.db(), query))))
          << sort << descending;
      EXPECT_EQ(std::set<std::string>(paged.begin(), paged.end()).size(), 10u);
      // A filter that lets everything through changes nothing.
      query.limit = 3;
      query.filter.status = ModelStatus::ready;
      EXPECT_EQ(walk(store.db(), query), paged);
      query.filter = {};
      query.filter.search = "MODEL";
      EXPECT_EQ(walk(store.db(), query), paged);
      query.filter.search = "mo";
      EXPECT_EQ(walk(store.db(), query), paged);
    }
  }
}

TEST(ModelList, sorts_by_what_it_says) {
  TestStore store;
  fill(store);
  ModelQuery query;
  query.sort = ModelSort::size_bytes;
  query.descending = true;
  EXPECT_EQ(models_of(store.db(), must(list_models(store.db(), query))).front().size_bytes, 3);
  query.sort = ModelSort::total_requests;
  EXPECT_EQ(must(list_models(store.db(), query)).models.front().stats.total_requests, 3);
  query.sort = ModelSort::name;
  query.descending = false;
  EXPECT_EQ(names(store.db(), must(list_models(store.db(), query)))[1], "org/model-1");
}

TEST(ModelList, counts_what_passes_the_filter) {
  TestStore store;
  fill(store);
  ModelQuery query;
  query.limit = 2;
  EXPECT_EQ(must(list_models(store.db(), query)).total, 10);
  query.filter.min_size = 1;
  query.filter.max_size = 2;
  EXPECT_EQ(must(list_models(store.db(), query)).total, 6);
  query.filter.search = "model-4";
  EXPECT_EQ(names(store.db(), must(list_models(store.db(), query))),
            (std::vector<std::string>{"org/Model-4"}));
  query.filter = {.name = "org/model-7"};
  const ModelPage named = must(list_models(store.db(), query));
  EXPECT_EQ(named.total, 1);
  EXPECT_EQ(names(store.db(), named).front(), "org/model-7");
}

TEST(ModelList, takes_no_search_as_syntax) {
  TestStore store;
  fill(store);
  for (const char* search :
       {"%", "_", "\"", "a OR b", "org*", "NEAR(", "mod\"el", "\\", "--", "%%%"}) {
    ModelQuery query;
    query.filter.search = search;
    EXPECT_EQ(must(list_models(store.db(), query)).total, 0) << search;
  }
}

TEST(ModelList, finds_descriptions_tags_and_follows_their_changes) {
  TestStore store;
  store.ask("a");
  must(update_model(store.db(), "a", {.description = "Fine for Übersetzung"}));
  ModelQuery query;
  query.filter.search = "bersetz";
  EXPECT_EQ(must(list_models(store.db(), query)).total, 1);
  must(update_model(store.db(), "a",
                    {.description = "", .tags = std::vector<std::string>{"summary"}}));
  EXPECT_EQ(must(list_models(store.db(), query)).total, 0);
  query.filter.search = "summ";
  EXPECT_EQ(must(list_models(store.db(), query)).total, 1);
  must(delete_model(store.db(), "a", store.now()));
  EXPECT_EQ(must(list_models(store.db(), query)).total, 0);
}

TEST(ModelList, accepts_only_cursors_of_the_same_list) {
  ModelQuery query;
  const std::string cursor = cursor_text(query, {.text = "org/ünsafe %&", .pk = 7});
  EXPECT_EQ(parse_cursor(query, cursor)->text, "org/ünsafe %&");
  query.descending = true;
  EXPECT_FALSE(parse_cursor(query, cursor));
  query.sort = ModelSort::size_bytes;
  for (const char* bad : {"", "1d", "1d.", "1d.5", "1d.5.", "1d.x.5", "1d.5.x", "1d.-5.5",
                          "1d.05.5", "1d.5.99999999999999999999"}) {
    EXPECT_FALSE(parse_cursor(query, bad)) << bad;
  }
  EXPECT_TRUE(parse_cursor(query, "1d.5.0"));
}

}  // namespace
}  // namespace modelkeep::catalog
