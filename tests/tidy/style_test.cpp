// What a formatter cannot check: sizes, words that must not be there, files in the wrong dress.
#include <algorithm>
#include <regex>

#include <gtest/gtest.h>

#include "tests/tidy/tree.h"

namespace modelkeep::tidy {
namespace {

std::string at(const SourceFile& file, std::size_t line) {
  return file.path + ":" + std::to_string(line + 1);
}

/// This folder names the words it looks for.
bool is_tidy_itself(const SourceFile& file) {
  return file.path.starts_with("tests/tidy/");
}

TEST(Style, files_stay_small) {
  for (const SourceFile& file : all_sources()) {
    const std::size_t most = file.path.ends_with(".h") ? 250 : 500;
    EXPECT_LE(file.lines.size(), most) << file.path << ": look for the second concept in it";
  }
  for (const SourceFile& file : files_in("frontend/src", {".ts", ".tsx"})) {
    if (file.path.ends_with("schema.d.ts")) continue;  // Generated.
    EXPECT_LE(file.lines.size(), 400u) << file.path;
  }
}

TEST(Style, lines_end_by_column_110) {
  for (const SourceFile& file : all_sources()) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (file.lines[i].find("R\"") != std::string::npos) continue;
      EXPECT_LE(file.lines[i].size(), 110u) << at(file, i);
    }
  }
}

TEST(Style, banned_words_do_not_occur) {
  struct Ban {
    std::regex word;
    const char* reason;
  };
  const Ban bans[] = {
      {std::regex("SELECT \\*"), "name the columns"},
      {std::regex("\\b(std::)?system\\("), "no shell"},
      {std::regex("\\b(TODO|FIXME|XXX)\\b"), "finish it or leave it out"},
      {std::regex("\\bnew [A-Z][A-Za-z:]*[({]"), "make_unique or a value"},
      {std::regex("\\bdelete [a-z_]+;"), "owners delete"},
      {std::regex("\\bstrcpy\\(|\\bsprintf\\(|\\bgets\\("), "no unbounded writes"},
      {std::regex("\\bthrow \\w"), "errors are values"},
  };
  for (const SourceFile& file : all_sources()) {
    if (is_tidy_itself(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      for (const Ban& ban : bans) {
        EXPECT_FALSE(std::regex_search(file.lines[i], ban.word))
            << at(file, i) << ": " << ban.reason;
      }
    }
  }
}

TEST(Style, headers_begin_with_pragma_once_and_say_what_they_are) {
  for (const char* folder : {"backend", "cli"}) {
    for (const SourceFile& file : files_in(folder, {".h"})) {
      ASSERT_GT(file.lines.size(), 2u) << file.path;
      EXPECT_EQ(file.lines[0], "#pragma once") << file.path;
      const auto says = [](const std::string& line) { return line.starts_with("//"); };
      EXPECT_TRUE(std::any_of(file.lines.begin(), file.lines.begin() + 3, says))
          << file.path << ": its first lines say what it is";
    }
  }
}

TEST(Style, no_file_is_named_for_being_useful) {
  const std::regex vague("(^|[/_])(utils?|helpers?|common|manager|misc)([/_.]|$)");
  for (const SourceFile& file : all_sources()) {
    EXPECT_FALSE(std::regex_search(file.path, vague)) << file.path;
  }
}

TEST(Style, sql_stands_in_the_catalog_only) {
  const std::regex sql("\"\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM) ");
  for (const SourceFile& file : files_in("backend", {".h", ".cpp"})) {
    const std::string room = room_of(file);
    if (room == "catalog") continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(std::regex_search(file.lines[i], sql)) << at(file, i);
    }
  }
}

TEST(Style, a_skipped_test_says_why) {
  const std::regex silent("GTEST_SKIP\\(\\);");
  for (const SourceFile& file : files_in("tests", {".cpp"})) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      EXPECT_FALSE(!is_tidy_itself(file) && std::regex_search(file.lines[i], silent))
          << at(file, i);
    }
  }
}

}  // namespace
}  // namespace modelkeep::tidy
