#include "cli/spelling.h"

#include <gtest/gtest.h>

namespace modelkeep::cli {
namespace {

using Words = std::vector<std::string>;

const std::vector<Option> kOptions = {
    {"i", "id", "ID", "", {}, false, false},
    {"n", "name", "NAME", "", {}, false, false},
    {"s", "server", "URL", "", {}, false, true},
    {"y", "yes", "", "", {}, false, false},
    {"v", "verbose", "", "", {}, false, false},
    {"", "json", "", "", {}, false, true},
    {"", "include", "PATTERN", "", {}, true, false, true},
};

TEST(Spelling, every_accepted_form_becomes_the_plain_one) {
  const std::pair<Words, Words> rows[] = {
      {{"--id", "x"}, {"--id", "x"}},
      {{"--id=x"}, {"--id", "x"}},
      {{"-i", "x"}, {"--id", "x"}},
      {{"-ix"}, {"--id", "x"}},
      {{"-i=x"}, {"--id", "x"}},
      {{"-id", "x"}, {"--id", "x"}},  // the Go client
      {{"-id=x"}, {"--id", "x"}},
      {{"-name", "google/flan-t5-small"}, {"--name", "google/flan-t5-small"}},
      {{"-server", "http://h:1"}, {"--server", "http://h:1"}},
      {{"-yv"}, {"--yes", "--verbose"}},
      {{"-yix"}, {"--yes", "--id", "x"}},
      {{"word", "--yes", "other"}, {"word", "--yes", "other"}},
      {{"--id", "-x"}, {"--id", "-x"}},  // a value may begin with a dash
      {{"--", "word"}, {"word"}},
      {{"--name="}, {"--name", ""}},
      // the Hub's client: many values behind one option, once the name is known
      {{"a/b", "--include", "x", "y", "-v"},
       {"a/b", "--include", "x", "--include", "y", "--verbose"}},
      {{"-n", "a/b", "--include=x", "y"}, {"--name", "a/b", "--include", "x", "--include", "y"}},
      {{"--include", "x", "a/b"}, {"--include", "x", "a/b"}},
  };
  for (const auto& [given, expected] : rows) {
    const Result<Words> plain = plain_spelling(given, kOptions);
    ASSERT_TRUE(plain.has_value()) << given.front() << ": " << plain.error().message;
    EXPECT_EQ(*plain, expected) << given.front();
  }
}

TEST(Spelling, what_is_unknown_or_incomplete_is_wrong_usage_and_says_why) {
  const std::pair<Words, std::string> rows[] = {
      {{"--idd", "x"}, "did you mean --id?"},
      {{"--frobnicate"}, "unknown option '--frobnicate'"},
      {{"-x"}, "unknown option '-x'"},
      {{"-yz"}, "unknown option '-yz'"},
      {{"--id"}, "--id needs a value"},
      {{"-i"}, "--id needs a value"},
      {{"--yes=1"}, "--yes takes no value"},
      {{"--", "-x"}, "no name starts with '-'"},
      {{"--token", "hf_secret"}, "MODELKEEP_TOKEN"},
  };
  for (const auto& [given, reason] : rows) {
    const Result<Words> plain = plain_spelling(given, kOptions);
    ASSERT_FALSE(plain.has_value()) << given.front();
    EXPECT_EQ(plain.error().code, codes::usage_invalid);
    EXPECT_NE(plain.error().message.find(reason), std::string::npos) << plain.error().message;
  }
}

TEST(Spelling, a_token_on_the_command_line_is_refused_without_repeating_it) {
  const Result<Words> plain = plain_spelling({"--token=hf_secret"}, kOptions);
  ASSERT_FALSE(plain.has_value());
  EXPECT_EQ(plain.error().message.find("hf_secret"), std::string::npos);
}

TEST(Spelling, the_command_word_is_found_behind_global_options) {
  EXPECT_EQ(command_index({"list"}), 0u);
  EXPECT_EQ(command_index({"-s", "http://h:1", "list"}), 2u);
  EXPECT_EQ(command_index({"--server=http://h:1", "--json", "list", "-s", "x"}), 2u);
  EXPECT_EQ(command_index({"-server", "http://h:1", "list"}), 2u);
  EXPECT_EQ(command_index({"--token-file", "f", "list"}), 2u);
  EXPECT_EQ(command_index({"--json"}), 1u);
  EXPECT_EQ(command_index({"-s"}), 1u);
  EXPECT_EQ(command_index({}), 0u);
}

TEST(Spelling, the_nearest_word_is_offered_only_when_it_is_near) {
  const Words known = {"list", "get", "download", "delete", "stats"};
  EXPECT_EQ(nearest("lst", known), "list");
  EXPECT_EQ(nearest("donwload", known), "download");
  EXPECT_EQ(nearest("frobnicate", known), "");
  EXPECT_EQ(nearest(std::string(100'000, 'x'), known), "");
}

}  // namespace
}  // namespace modelkeep::cli
