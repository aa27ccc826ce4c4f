#include "catalog/migrations.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/store.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

/// The statements of a script, cut where SQLite would: after a semicolon that ends a line outside a
/// trigger.
std::vector<std::string> statements_of(std::string_view script) {
  std::vector<std::string> statements;
  std::string statement;
  bool in_trigger = false;
  while (!script.empty()) {
    const std::size_t end = script.find('\n');
    const std::string line(script.substr(0, end));
    script.remove_prefix(end == std::string_view::npos ? script.size() : end + 1);
    statement += line + '\n';
    if (line.starts_with("CREATE TRIGGER")) in_trigger = true;
    if (line.starts_with("END;")) in_trigger = false;
    const std::string code = line.substr(0, line.find("--"));
    const std::size_t last = code.find_last_not_of(' ');
    if (in_trigger || last == std::string::npos || code[last] != ';') continue;
    statements.push_back(statement);
    statement.clear();
  }
  return statements;
}

/// In a child that is killed after `count` statements of the migration.
void migrate_until(const StatePaths& paths, std::size_t count) {
  const pid_t child = ::fork();
  if (child == 0) {
    sqlite::OpenOptions options;
    options.path = paths.database;
    options.write_lock_path = paths.write_lock;
    options.create = true;
    auto db = must(sqlite::Connection::open(options));
    auto writing = must(sqlite::WriteTransaction::begin(db));
    const auto statements = statements_of(migrations().front().sql);
    for (std::size_t n = 0; n < count; ++n) must(db.execute(statements[n]));
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
}

std::string schema_text(sqlite::Connection& db) {
  std::string text;
  must(db.each("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name",
               [&](const sqlite::Row& row) {
                 text += std::string(row.text(0)) + ": " + std::string(row.text(1)) + "\n";
               }));
  return text;
}

TEST(Migrations, are_numbered_without_a_gap) {
  std::size_t number = 0;
  for (const Migration& migration : migrations()) {
    char prefix[8];
    std::snprintf(prefix, sizeof prefix, "%04zu_", ++number);
    EXPECT_TRUE(migration.name.starts_with(prefix)) << migration.name;
  }
}

TEST(Migrations, killed_after_any_statement_leave_nothing_and_run_again) {
  TestStore whole;
  const std::string expected = schema_text(whole.db());
  const std::size_t count = statements_of(migrations().front().sql).size();
  ASSERT_GT(count, 30u);
  for (std::size_t killed_after = 0; killed_after <= count; ++killed_after) {
    TempFolder folder;
    const StatePaths paths = state_paths(folder.path());
    migrate_until(paths, killed_after);
    sqlite::OpenOptions options;
    options.path = paths.database;
    options.write_lock_path = paths.write_lock;
    auto db = must(sqlite::Connection::open(options));
    EXPECT_EQ(schema_text(db), "") << killed_after;
    must(migrate(db));
    EXPECT_EQ(schema_text(db), expected) << killed_after;
  }
}

TEST(Migrations, two_starts_at_once_make_one_database) {
  TempFolder folder;
  const StatePaths paths = state_paths(folder.path());
  std::vector<pid_t> children;
  for (int n = 0; n < 4; ++n) {
    const pid_t child = ::fork();
    if (child == 0) {
      ManualClock clock;
      const bool usable = prepare(paths, clock).has_value() && open(paths).has_value();
      ::_exit(usable ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
}

}  // namespace
}  // namespace modelkeep::catalog
