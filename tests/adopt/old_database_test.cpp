#include "adopt/old_database.h"

#include <gtest/gtest.h>

#include "base/time_text.h"

namespace modelkeep::adopt {
namespace {

TEST(OldDatabase, is_read_with_the_fields_of_the_old_api) {
  const OldDatabase old = read_old_database(R"({"models": [
    {"id": "google_flan-t5-small", "name": "google/flan-t5-small", "size_bytes": 5,
     "status": "ready",
     "downloaded_by": "john", "downloaded_at": "2025-11-02T08:15:30.123456",
     "stats": {"download_count": 5, "access_count": 12, "total_requests": 17,
               "first_downloaded_by": "john", "first_downloaded_from": "192.168.1.100"}}],
    "usage": [{"timestamp": "2026-01-22T10:30:00Z", "action": "download",
               "model_id": "google_flan-t5-small", "username": "john",
               "ip_address": "192.168.1.100"}]})");
  EXPECT_TRUE(old.complaints.empty());
  ASSERT_EQ(old.models.size(), 1u);
  const OldModel& model = old.models[0];
  EXPECT_EQ(model.id, "google_flan-t5-small");
  EXPECT_EQ(model.name, "google/flan-t5-small");
  EXPECT_EQ(model.downloaded_by, "john");
  EXPECT_EQ(model.downloaded_from, "192.168.1.100");
  EXPECT_EQ(model.downloaded_at, parse_rfc3339("2025-11-02T08:15:30.123Z"));
  EXPECT_EQ(model.download_count, 5);
  EXPECT_EQ(model.access_count, 12);
  ASSERT_EQ(old.uses.size(), 1u);
  EXPECT_EQ(old.uses[0].action, "download");
  EXPECT_EQ(old.uses[0].username, "john");
}

TEST(OldDatabase, may_be_an_object_by_id_or_the_collection_itself) {
  for (const char* text : {
           R"({"models": {"a_b": {"name": "a/b"}, "gpt2": {"name": "gpt2"}}})",
           R"({"a_b": {"name": "a/b"}, "gpt2": {}})",
           R"([{"name": "a/b"}, {"id": "gpt2"}])",
           R"({"a_b": {"name": "a/b"}, "gpt2": {}, "requests": [], "version": 1})",
       }) {
    const OldDatabase old = read_old_database(text);
    ASSERT_EQ(old.models.size(), 2u) << text;
    EXPECT_EQ(old.models[0].id, "a_b") << text;
    EXPECT_EQ(old.models[0].name, "a/b") << text;
    EXPECT_EQ(old.models[1].id, "gpt2") << text;
    EXPECT_TRUE(old.complaints.empty()) << text;
  }
}

TEST(OldDatabase, finds_use_under_each_of_its_names) {
  const std::string record =
      R"({"timestamp":"2026-01-22T10:30:00","action":"get","model_id":"a/b"})";
  for (const std::string& text : {
           R"({"models": [], "activity": [)" + record + "]}",
           R"({"models": [], "requests": {"a_b": [)" + record + "]}}",
           R"({"models": [{"id": "a_b", "usage": [)" + record + "]}]}",
       }) {
    const OldDatabase old = read_old_database(text);
    ASSERT_EQ(old.uses.size(), 1u) << text;
    EXPECT_EQ(old.uses[0].model_id, "a_b");
    EXPECT_EQ(old.uses[0].username, "anonymous");
  }
}

TEST(OldDatabase, gives_the_good_rows_and_says_what_the_others_lack) {
  const OldDatabase old = read_old_database(R"({"models": [
    {"id": "good"}, 17, {"name": ""}, {"id": "good", "name": "other"}, {"id": "../x"},
    {"id": "fine", "name": "not a repo name"}, {"id": "x", "x": "\ud800"}],
    "usage": [{"action": "get"}, {"timestamp": "yesterday", "action": "get"}, "x",
              {"timestamp": 1769077800.5, "action": "get"}]})");
  ASSERT_EQ(old.models.size(), 2u);
  EXPECT_EQ(old.models[0].id, "good");
  EXPECT_EQ(old.models[1].id, "fine");
  EXPECT_EQ(old.models[1].name, "");
  ASSERT_EQ(old.uses.size(), 1u);
  EXPECT_EQ(old.uses[0].at, Time{1'769'077'800'500});
  EXPECT_EQ(old.complaints.size(), 9u);
}

TEST(OldDatabase, torn_anywhere_gives_what_was_whole_before) {
  const std::string whole = R"({"models": [{"id": "one"}, {"id": "two"}], "usage": [)"
                            R"({"timestamp": "2026-01-22T10:30:00Z", "action": "get"}]})";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const OldDatabase old = read_old_database(std::string_view(whole).substr(0, length));
    EXPECT_FALSE(old.complaints.empty()) << length;
    if (length >= whole.find("}, {\"id\": \"two") + 1) {
      ASSERT_FALSE(old.models.empty()) << length;
      EXPECT_EQ(old.models[0].id, "one");
    }
    if (length > whole.find("]")) {
      EXPECT_EQ(old.models.size(), 2u) << length;
    }
  }
}

TEST(OldDatabase, of_a_hundred_thousand_models_is_read_whole) {
  std::string text = R"({"models": {)";
  for (int n = 0; n < 100'000; ++n) {
    text += (n == 0 ? "\"m" : ",\"m") + std::to_string(n) + R"(": {"name": "org/m)" +
            std::to_string(n) + "\"}";
  }
  text += "}}";
  EXPECT_EQ(read_old_database(text).models.size(), 100'000u);
}

TEST(OldDatabase, that_is_something_else_is_one_complaint) {
  for (const char* text : {"", "null", "\xff\xfe", "hello", "17"}) {
    const OldDatabase old = read_old_database(text);
    EXPECT_TRUE(old.models.empty());
    EXPECT_EQ(old.complaints.size(), 1u) << text;
  }
}

}  // namespace
}  // namespace modelkeep::adopt
