#include "catalog/words.h"

#include <set>

#include <gtest/gtest.h>

#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

TEST(Words, allow_the_same_moves_as_the_database) {
  TestStore store;
  std::set<std::string> in_sql;
  must(store.db().each("SELECT before || '>' || after FROM download_moves",
                       [&](const sqlite::Row& row) { in_sql.emplace(row.text(0)); }));
  std::set<std::string> in_code;
  for (int before = 0; before <= static_cast<int>(DownloadStatus::cancelled); ++before) {
    for (int after = 0; after <= static_cast<int>(DownloadStatus::cancelled); ++after) {
      const auto from = static_cast<DownloadStatus>(before);
      const auto to = static_cast<DownloadStatus>(after);
      if (may_move(from, to)) {
        in_code.insert(std::string(text(from)) + ">" + std::string(text(to)));
      }
    }
  }
  EXPECT_EQ(in_sql, in_code);
}

TEST(Words, come_back_as_they_were_written) {
  for (const auto status : {DownloadStatus::queued, DownloadStatus::cancelled}) {
    EXPECT_EQ(parse_download_status(text(status)), status);
  }
  EXPECT_EQ(parse_priority("urgent"), std::nullopt);
  EXPECT_EQ(split_lines(join_lines({"a b", "", "c"})), (std::vector<std::string>{"a b", "c"}));
}

}  // namespace
}  // namespace modelkeep::catalog
