#include "catalog/selections.h"

#include <gtest/gtest.h>

namespace modelkeep::catalog {
namespace {

TEST(Selections, widened_are_never_smaller_than_either) {
  struct Row {
    const char* what;
    FileSelection a;
    FileSelection b;
    FileSelection expected;
  };
  const Row rows[] = {
      {"everything and a part", {}, {{"*.json"}, {}}, {}},
      {"two parts", {{"*.json"}, {}}, {{"*.txt"}, {}}, {{"*.json", "*.txt"}, {}}},
      {"the same part", {{"*.json"}, {}}, {{"*.json"}, {}}, {{"*.json"}, {}}},
      {"one leaves out", {{}, {"*.bin"}}, {}, {}},
      {"both leave out", {{}, {"*.bin", "*.h5"}}, {{}, {"*.h5"}}, {{}, {"*.h5"}}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(widened(row.a, row.b), row.expected) << row.what;
    EXPECT_TRUE(covers(row.expected, row.a)) << row.what;
    EXPECT_TRUE(covers(row.expected, row.b)) << row.what;
  }
}

TEST(Selections, cover_another_only_when_that_is_sure) {
  struct Row {
    const char* what;
    FileSelection stored;
    FileSelection asked;
    bool expected;
  };
  const Row rows[] = {
      {"everything has everything", {}, {}, true},
      {"everything has a part", {}, {{"*.json"}, {"x"}}, true},
      {"a part has not everything", {{"*.json"}, {}}, {}, false},
      {"one of the stored patterns", {{"*.json", "*.txt"}, {}}, {{"*.txt"}, {}}, true},
      {"another pattern", {{"*.json"}, {}}, {{"*.txt"}, {}}, false},
      {"less was left out", {{}, {"*.bin"}}, {{}, {"*.bin", "*.h5"}}, true},
      {"more was left out", {{}, {"*.bin", "*.h5"}}, {{}, {"*.bin"}}, false},
  };
  for (const Row& row : rows) EXPECT_EQ(covers(row.stored, row.asked), row.expected) << row.what;
}

}  // namespace
}  // namespace modelkeep::catalog
