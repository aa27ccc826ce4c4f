#include "cli/terminal_text.h"

#include <gtest/gtest.h>

namespace modelkeep::cli {
namespace {

TEST(TerminalText, what_steers_a_terminal_is_shown_as_an_escape) {
  const std::pair<std::string, std::string> rows[] = {
      {"plain name", "plain name"},
      {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
      {"two\nlines\r\t", "two\\nlines\\r\\t"},
      {std::string("a\0b\x7f", 4), "a\\x00b\\x7f"},
      {"\xc2\x9b"
       "2J",
       "\\x9b2J"},  // CSI as one C1 character
      {"\xe2\x80\xae"
       "evil",
       "\\u202eevil"},  // right-to-left override
      {"a\xe2\x80\x8b"
       "b",
       "a\\u200bb"},               // zero-width space
      {"\xff\xfe", "\\xff\\xfe"},  // no UTF-8
      {"\xc0\xaf", "\\xc0\\xaf"},  // overlong
      {"\xe2\x82", "\\xe2\\x82"},  // cut off
      {"Größe 模型 🤗", "Größe 模型 🤗"},
  };
  for (const auto& [text, expected] : rows) EXPECT_EQ(shown(text), expected);
}

TEST(TerminalText, widths_are_those_of_a_terminal) {
  EXPECT_EQ(columns_of("abc"), 3);
  EXPECT_EQ(columns_of("Größe"), 5);
  EXPECT_EQ(columns_of("模型"), 4);
  EXPECT_EQ(columns_of("🤗"), 2);
  EXPECT_EQ(columns_of("e\xcc\x81"), 1);
}

TEST(TerminalText, a_long_text_ends_in_an_ellipsis_and_never_takes_more_columns) {
  EXPECT_EQ(fitted("google/flan-t5-small", 20, true), "google/flan-t5-small");
  EXPECT_EQ(fitted("google/flan-t5-small", 10, true), "google/fl…");
  EXPECT_EQ(fitted("google/flan-t5-small", 10, false), "google/...");
  EXPECT_EQ(fitted("模型模型", 6, true), "模型…");
  EXPECT_EQ(fitted("abcdef", 1, true), "…");
  EXPECT_EQ(fitted("abcdef", 2, false), ".");
}

TEST(TerminalText, json_keeps_its_meaning_and_loses_its_power) {
  EXPECT_EQ(json_for_terminal("{\"a\": \"\xc2\x9b\x7f\"}\n"), "{\"a\": \"\\u009b\\u007f\"}\n");
  EXPECT_EQ(json_for_terminal("{\"name\":\"模型\"}"), "{\"name\":\"模型\"}");
}

}  // namespace
}  // namespace modelkeep::cli
