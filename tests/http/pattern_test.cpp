#include "http/pattern.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::http {
namespace {

struct Row {
  const char* pattern;
  const char* path;
  bool matches;
  std::string first = {};
  std::string rest = {};
};

TEST(Pattern, takes_one_segment_or_all_that_are_left) {
  const std::vector<Row> rows{
      {"/api/models", "/api/models", true},
      {"/api/models", "/api/mod%65ls", true},
      {"/api/models", "/api/models/", false},
      {"/api/models", "/api//models", false},
      {"/api/models", "/api/Models", false},
      {"/api/models", "/api", false},
      {"/api/models/{id}", "/api/models/gpt2", true, "gpt2"},
      {"/api/models/{id}", "/api/models/a%2Fb", true, "a/b"},
      {"/api/models/{id}", "/api/models/", false},
      {"/api/models/{id}", "/api/models/a/b", false},
      {"/api/downloads/{id}/pause", "/api/downloads/7/pause", true, "7"},
      {"/api/downloads/{id}/pause", "/api/downloads/7/resume", false},
      {"/api/models/{id}/files/{path...}", "/api/models/m/files/a/b.txt", true, "m", "a/b.txt"},
      {"/api/models/{id}/files/{path...}", "/api/models/m/files/a%2Fb.txt", true, "m", "a/b.txt"},
      {"/api/models/{id}/files/{path...}", "/api/models/m/files/a//b", true, "m", "a//b"},
      {"/api/models/{id}/files/{path...}", "/api/models/m/files//etc/passwd", true, "m",
       "/etc/passwd"},
      {"/api/models/{id}/files/{path...}", "/api/models/m/files/", true, "m", ""},
      {"/api/models/{id}/files/{path...}", "/api/models/m/files", false},
  };
  for (const Row& row : rows) {
    const auto path = Path::parse(row.path);
    ASSERT_TRUE(path) << row.path;
    const Pattern pattern{row.pattern};
    ASSERT_EQ(pattern.matches(*path), row.matches) << row.pattern << " " << row.path;
    if (!row.matches) continue;
    const Params params = pattern.params(*path);
    EXPECT_EQ(params.first, row.first) << row.path;
    EXPECT_EQ(params.rest, row.rest) << row.path;
  }
}

}  // namespace
}  // namespace modelkeep::http
