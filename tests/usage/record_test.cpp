#include "usage/record.h"

#include <gtest/gtest.h>

namespace modelkeep::usage {
namespace {

Event full_event() {
  return {.at = Time{1'769'077'800'123},
          .action = "download",
          .model_pk = 42,
          .counts = Counts::download,
          .status = 202,
          .username = "Jörg A%20\n\0 B",
          .ip_address = "2001:db8::1"};
}

std::string line_of(const Event& event) {
  std::string line = record_line(event);
  line.pop_back();
  return line;
}

TEST(Record, comes_back_as_it_was_written) {
  const Event event = full_event();
  const auto read = parse_record(line_of(event));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at, event.at);
  EXPECT_EQ(read->action, event.action);
  EXPECT_EQ(read->model_pk, event.model_pk);
  EXPECT_EQ(read->counts, event.counts);
  EXPECT_EQ(read->status, event.status);
  EXPECT_EQ(read->username, event.username);
  EXPECT_EQ(read->ip_address, event.ip_address);
}

TEST(Record, may_lack_a_model_a_name_and_an_address) {
  const auto read = parse_record(line_of({.at = Time{1}, .action = "list"}));
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->model_pk);
  EXPECT_EQ(read->username, "");
}

TEST(Record, is_one_line_whatever_its_texts_hold) {
  Event event = full_event();
  event.username = std::string("a\nb\r\n") + std::string(5000, ' ');
  const std::string line = record_line(event);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_LT(line.size(), 4000u);
  EXPECT_TRUE(parse_record(std::string_view(line).substr(0, line.size() - 1)));
}

TEST(Record, is_refused_when_any_byte_of_it_changed) {
  const std::string line = line_of(full_event());
  for (std::size_t at = 0; at < line.size(); ++at) {
    std::string changed = line;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(parse_record(changed)) << at;
  }
  for (std::size_t length = 0; length < line.size(); ++length) {
    EXPECT_FALSE(parse_record(std::string_view(line).substr(0, length))) << length;
  }
  EXPECT_FALSE(parse_record(line + " "));
}

}  // namespace
}  // namespace modelkeep::usage
