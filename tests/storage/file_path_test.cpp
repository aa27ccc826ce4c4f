#include "storage/file_path.h"

#include <gtest/gtest.h>

namespace modelkeep::storage {
namespace {

TEST(FilePath, of_an_ordinary_repo_is_fine) {
  for (const char* path :
       {"config.json", ".gitattributes", "a/b/c.txt", "custom code/we ird#name+100%.txt",
        "a..b.txt", "...", "\xd0\xb6.bin", ".gitignore", "git", "x.git", "-", "~"}) {
    EXPECT_TRUE(is_valid_file_path(path)) << path;
  }
}

TEST(FilePath, that_could_leave_its_folder_or_deceive_is_refused) {
  const std::string rows[] = {"",
                              "/etc/passwd",
                              "../x",
                              "a/../b",
                              "a/..",
                              "./a",
                              "a/./b",
                              "a//b",
                              "a/",
                              "a\\b",
                              std::string("a\0b", 3),
                              "a\nb",
                              "a\x7f",
                              "a\xc2\x85",
                              "a\xe2\x80\xae.txt",
                              "a\xe2\x81\xa6",
                              "\xef\xbb\xbf.txt",
                              "\xc0\xae\xc0\xae/x",
                              "\xff",
                              ".git/config",
                              "a/.GIT/b",
                              ".modelkeep/x",
                              ".ModelKeep2",
                              std::string(256, 'a'),
                              std::string(1025, 'a')};
  for (const std::string& path : rows) EXPECT_FALSE(is_valid_file_path(path)) << path;
}

TEST(FilePath, has_limits_that_its_longest_forms_just_reach) {
  const auto deep = [](int levels) {
    std::string path = "a";
    for (int i = 1; i < levels; ++i) path += "/a";
    return path;
  };
  EXPECT_TRUE(is_valid_file_path(deep(32)));
  EXPECT_FALSE(is_valid_file_path(deep(33)));
  EXPECT_TRUE(is_valid_file_path(std::string(255, 'a')));
}

std::string_view verdict(const std::vector<std::string>& paths, bool portable = false) {
  const auto checked = check_snapshot_paths(paths, portable);
  return checked ? "" : checked.error().code;
}

TEST(SnapshotPaths, must_not_meet_on_any_file_system) {
  EXPECT_EQ(verdict({"a", "b/c", "b/d"}), "");
  EXPECT_EQ(verdict({"a", "a"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"README.md", "readme.md"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"a/x", "A/X"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"\xc3\x84", "\xc3\xa4"}), codes::upstream_path_rejected);
  // Composed and decomposed, marks in another order, Hangul.
  EXPECT_EQ(verdict({"\xc3\xa9", "e\xcc\x81"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"\xc3\x89", "e\xcc\x81"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"a\xcc\xa3\xcc\x81", "a\xcc\x81\xcc\xa3"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"\xea\xb0\x80", "\xe1\x84\x80\xe1\x85\xa1"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"\xc3\xa9", "e", "\xc3\xa8"}), "");
  EXPECT_EQ(verdict({"a", "a/b"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"A/b", "a"}), codes::upstream_path_rejected);
  EXPECT_EQ(verdict({"../x"}), codes::upstream_path_rejected);
}

TEST(SnapshotPaths, on_a_mount_that_folds_case_are_portable_too) {
  for (const char* path : {"a.", "a ", "a:b", "a?", "con", "COM1.txt", "x/nul"}) {
    EXPECT_EQ(verdict({path}), "") << path;
    EXPECT_EQ(verdict({path}, true), codes::upstream_path_rejected) << path;
  }
  EXPECT_EQ(verdict({"console", "com10", "a.b"}, true), "");
}

}  // namespace
}  // namespace modelkeep::storage
