#pragma once
// The service's database seen from outside, as an administrator with the sqlite3 shell sees it.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "base/handle.h"

namespace modelkeep::system_test {

using Rows = std::vector<std::vector<std::string>>;

/// Its errors are test failures.
class OutsideDatabase {
 public:
  explicit OutsideDatabase(const std::string& path);

  Rows query(const std::string& sql);
  void run(const std::string& sql) { query(sql); }
  std::int64_t number(const std::string& sql);
  std::string text(const std::string& sql);

 private:
  Handle<sqlite3, sqlite3_close_v2> db_;
};

}  // namespace modelkeep::system_test
