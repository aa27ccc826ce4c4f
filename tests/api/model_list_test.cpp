#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

std::vector<std::string> names_of(const Answer& answer) {
  std::vector<std::string> names;
  const json::Value models = answer["models"];
  for (std::size_t i = 0; i < models.size(); ++i)
    names.emplace_back(*models[i]["name"].as_string());
  return names;
}

using Names = std::vector<std::string>;

TEST(ModelList, without_a_limit_is_everything_by_name) {
  ApiFixture api;
  for (const char* name : {"b/two", "a/one", "C/three"}) api.add_model(name);
  const Answer answer = api.get("/api/models");
  EXPECT_EQ(names_of(answer), (Names{"a/one", "b/two", "C/three"}));
  EXPECT_EQ(answer["total"].as_int(), 3);
  EXPECT_FALSE(answer["next_cursor"].as_string());
  EXPECT_TRUE(answer["truncated"].is_null());
}

TEST(ModelList, pages_meet_without_gap_or_overlap_in_every_order) {
  ApiFixture api;
  std::set<std::string> all;
  for (int i = 0; i < 23; ++i) {
    const std::string name = "org/model-" + std::to_string(i);
    all.insert(name);
    api.add_model(name);
  }
  for (const std::string sort :
       {"name", "size_bytes", "downloaded_at", "last_used_at", "total_requests"}) {
    for (const std::string order : {"asc", "desc"}) {
      std::set<std::string> seen;
      std::string cursor;
      for (int page = 0; page < 6; ++page) {
        const Answer answer =
            api.get("/api/models?limit=5&sort=" + sort + "&order=" + order + cursor);
        ASSERT_EQ(answer.status, 200) << answer.text;
        EXPECT_EQ(answer["total"].as_int(), 23);
        for (const std::string& name : names_of(answer))
          EXPECT_TRUE(seen.insert(name).second) << sort << name;
        if (!answer["next_cursor"].as_string()) break;
        cursor = "&cursor=" + std::string{*answer["next_cursor"].as_string()};
      }
      EXPECT_EQ(seen, all) << sort << " " << order;
    }
  }
}

TEST(ModelList, B49_to_B52_refuses_what_is_no_page) {
  ApiFixture api;
  const std::vector<std::string> queries{"limit=0",
                                         "limit=-1",
                                         "limit=201",
                                         "limit=1e3",
                                         "limit=%2B5",
                                         "limit=+5",
                                         "limit=99999999999999999999999999",
                                         "limit=",
                                         "limit=05",
                                         "cursor=garbage!",
                                         "cursor=",
                                         "cursor=" + std::string(257, 'A'),
                                         "sort=password",
                                         "order=up",
                                         "sort=name;drop"};
  for (const std::string& query : queries) {
    const Answer answer = api.get("/api/models?" + query);
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(answer.code(), "page_invalid") << query;
  }
  EXPECT_EQ(api.get("/api/models?limit=1&limit=1").code(), "query_duplicate");
}

TEST(ModelList, B50_refuses_a_cursor_of_another_order) {
  ApiFixture api;
  for (int i = 0; i < 3; ++i) api.add_model("m" + std::to_string(i));
  const std::string cursor{*api.get("/api/models?limit=1")["next_cursor"].as_string()};
  EXPECT_EQ(api.get("/api/models?limit=1&sort=size_bytes&cursor=" + cursor).code(), "page_invalid");
  EXPECT_EQ(api.get("/api/models?limit=1&cursor=" + cursor).status, 200);
}

TEST(ModelList, B53_searches_for_what_was_typed) {
  ApiFixture api;
  for (const char* name : {"google/flan-t5-small", "gpt2", "a_b"}) api.add_model(name);
  EXPECT_EQ(names_of(api.get("/api/models?search=FLAN")), (Names{"google/flan-t5-small"}));
  EXPECT_EQ(names_of(api.get("/api/models?search=%25")), Names{});
  EXPECT_EQ(names_of(api.get("/api/models?search=_")), (Names{"a_b"}));
  EXPECT_EQ(api.get("/api/models?search=%27%3B+DROP+TABLE+models--").status, 200);
  EXPECT_EQ(api.get("/api/models?search=%22%20OR%20NEAR(").status, 200);
  EXPECT_EQ(names_of(api.get("/api/models")).size(), 3u);
}

TEST(ModelList, B54_refuses_a_search_beyond_200_bytes) {
  ApiFixture api;
  EXPECT_EQ(api.get("/api/models?search=" + std::string(201, 'a')).code(), "query_invalid");
  EXPECT_EQ(api.get("/api/models?search=" + std::string(200, 'a')).status, 200);
}

TEST(ModelList, filters_by_name_status_and_size) {
  ApiFixture api;
  api.add_model("gpt2");
  api.ask("bert-base-uncased");
  EXPECT_EQ(names_of(api.get("/api/models?status=ready")), (Names{"gpt2"}));
  EXPECT_EQ(names_of(api.get("/api/models?status=downloading")), (Names{"bert-base-uncased"}));
  EXPECT_EQ(names_of(api.get("/api/models?name=gpt2")), (Names{"gpt2"}));
  EXPECT_EQ(names_of(api.get("/api/models?name=gpt")), Names{});
  EXPECT_EQ(names_of(api.get("/api/models?min_size=1")), (Names{"gpt2"}));
  EXPECT_EQ(names_of(api.get("/api/models?max_size=0")), (Names{"bert-base-uncased"}));
  EXPECT_EQ(api.get("/api/models?status=gone").code(), "query_invalid");
  EXPECT_EQ(api.get("/api/models?min_size=-1").code(), "query_invalid");
  EXPECT_EQ(api.get("/api/models?max_size=1.5").code(), "query_invalid");
}

TEST(ModelList, ignores_keys_that_nobody_reads) {
  ApiFixture api;
  EXPECT_EQ(api.get("/api/models?utm=1&utm=2").status, 200);
}

}  // namespace
}  // namespace modelkeep::api
