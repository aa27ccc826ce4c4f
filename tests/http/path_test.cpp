#include "http/path.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::http {
namespace {

std::vector<std::string> segments_of(const Path& path) {
  std::vector<std::string> found;
  for (const std::string_view segment : path.segments()) found.emplace_back(segment);
  return found;
}

struct Split {
  const char* what;
  const char* path;
  std::vector<std::string> segments;
};

TEST(Path, is_split_while_encoded_and_decoded_once) {
  const std::vector<Split> rows{
      {"plain", "/api/models", {"api", "models"}},
      {"an encoded slash stays inside its segment", "/a/refs%2Fpr%2F1", {"a", "refs/pr/1"}},
      {"B36 double encoding is undone once", "/a/%252e%252e", {"a", "%2e%2e"}},
      {"dots are text", "/a/%2e%2e/b", {"a", "..", "b"}},
      {"an empty segment is kept for the rules to refuse", "/a//b", {"a", "", "b"}},
      {"a trailing slash is an empty segment", "/a/", {"a", ""}},
      {"the root", "/", {""}},
      {"UTF-8", "/a/%C3%A9", {"a", "\u00e9"}},
      {"either case of hex", "/%4a%4A", {"JJ"}},
      {"plus is plus", "/a+b", {"a+b"}},
      {"an encoded question mark is no query", "/a%3Fb%23c", {"a?b#c"}},
  };
  for (const Split& row : rows) {
    const auto path = Path::parse(row.path);
    ASSERT_TRUE(path) << row.what;
    EXPECT_EQ(segments_of(*path), row.segments) << row.what;
  }
}

TEST(Path, B32_B33_B34_is_refused_when_it_cannot_be_decoded) {
  const std::vector<std::string> rows{"/%00",
                                      "/a%00b",
                                      "/%zz",
                                      "/%",
                                      "/a%4",
                                      "/%c0%ae%c0%ae",
                                      "/%ff",
                                      "",
                                      "a/b",
                                      "/%ed%a0%80",
                                      std::string("/a\0b", 4),
                                      "/" + std::string(100, '/')};
  for (const std::string& row : rows) {
    const auto path = Path::parse(row);
    ASSERT_FALSE(path) << row;
    EXPECT_EQ(path.error().code, codes::path_invalid) << row;
  }
}

TEST(Path, can_be_moved) {
  auto parsed = Path::parse("/%61/b");
  ASSERT_TRUE(parsed);
  const Path moved = std::move(*parsed);
  EXPECT_EQ(segments_of(moved), (std::vector<std::string>{"a", "b"}));
}

TEST(Target, is_cut_at_the_first_question_mark) {
  EXPECT_EQ(split_target("/a?b?c").path, "/a");
  EXPECT_EQ(split_target("/a?b?c").query, "b?c");
  EXPECT_EQ(split_target("/a").query, "");
}

TEST(AccelPath, B45_encodes_what_nginx_would_read_otherwise) {
  EXPECT_EQ(accel_encoded("/internal/a?b#c%41 d"), "/internal/a%3Fb%23c%2541%20d");
  EXPECT_EQ(accel_encoded("/x\r\ny"), "/x%0D%0Ay");
}

}  // namespace
}  // namespace modelkeep::http
