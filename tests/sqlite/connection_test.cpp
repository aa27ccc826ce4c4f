#include "sqlite/connection.h"

#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "sqlite/transaction.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::sqlite {
namespace {

struct Pair {
  std::int64_t key = 0;
  std::optional<std::string> word;
};
void read_row(const Row& row, Pair& out) {
  row.read(out.key, out.word);
}

class ConnectionTest : public ::testing::Test {
 protected:
  OpenOptions options(int busy_timeout_ms = 5000) const {
    return {.path = folder_.path() + "/t.db",
            .write_lock_path = folder_.path() + "/t.lock",
            .create = true,
            .busy_timeout_ms = busy_timeout_ms};
  }
  Connection open(int busy_timeout_ms = 5000) {
    return Connection::open(options(busy_timeout_ms)).value();
  }
  void create_table(Connection& db) {
    auto writing = WriteTransaction::begin(db);
    ASSERT_TRUE(writing.has_value());
    ASSERT_TRUE(
        db.execute("CREATE TABLE t(key INTEGER PRIMARY KEY, word TEXT) STRICT").has_value());
    ASSERT_TRUE(writing->commit().has_value());
  }
  std::int64_t count(Connection& db) {
    return db.one<std::int64_t>("SELECT count(*) FROM t").value().value();
  }

  TempFolder folder_;
};

TEST_F(ConnectionTest, gives_back_what_was_bound) {
  Connection db = open();
  create_table(db);
  auto writing = WriteTransaction::begin(db);
  ASSERT_TRUE(db.run("INSERT INTO t VALUES(?1, ?2)", 1, "one").has_value());
  ASSERT_TRUE(db.run("INSERT INTO t VALUES(?1, ?2)", 2, std::optional<std::string>{}).has_value());
  EXPECT_EQ(db.last_insert_id(), 2);
  ASSERT_TRUE(writing->commit().has_value());
  const auto rows = db.all<Pair>("SELECT key, word FROM t ORDER BY key").value();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].word, "one");
  EXPECT_FALSE(rows[1].word.has_value());
  EXPECT_FALSE(db.one<Pair>("SELECT key, word FROM t WHERE key = ?1", 3).value().has_value());
}

TEST_F(ConnectionTest, its_moment_is_another_after_every_commit_and_no_other_time) {
  Connection db = open();
  create_table(db);
  Connection other = open();
  const Moment before = db.moment().value();
  EXPECT_EQ(count(db), 0);
  EXPECT_EQ(db.moment().value(), before);
  {
    auto writing = WriteTransaction::begin(other);
    ASSERT_TRUE(other.run("INSERT INTO t VALUES(1, 'theirs')").has_value());
    EXPECT_EQ(db.moment().value(), before);
    ASSERT_TRUE(writing->commit().has_value());
  }
  const Moment after_theirs = db.moment().value();
  EXPECT_NE(after_theirs, before);
  auto writing = WriteTransaction::begin(db);
  ASSERT_TRUE(db.run("INSERT INTO t VALUES(2, 'ours')").has_value());
  ASSERT_TRUE(writing->commit().has_value());
  EXPECT_NE(db.moment().value(), after_theirs);
}

TEST_F(ConnectionTest, undoes_a_transaction_that_is_not_committed) {
  Connection db = open();
  create_table(db);
  {
    auto writing = WriteTransaction::begin(db);
    ASSERT_TRUE(db.run("INSERT INTO t VALUES(1, 'one')").has_value());
  }
  EXPECT_EQ(count(db), 0);
}

TEST_F(ConnectionTest, one_writer_at_a_time_over_connections_and_threads) {
  {
    Connection db = open();
    create_table(db);
  }
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      Connection db = open();
      for (int i = 0; i < 50; ++i) {
        auto writing = WriteTransaction::begin(db);
        ASSERT_TRUE(writing.has_value());
        ASSERT_TRUE(db.run("INSERT INTO t(word) VALUES('x')").has_value());
        ASSERT_TRUE(writing->commit().has_value());
      }
    });
  }
  threads.clear();
  Connection db = open();
  EXPECT_EQ(count(db), 200);
}

TEST_F(ConnectionTest, a_busy_database_is_unavailable_not_broken) {
  Connection first = open();
  create_table(first);
  Connection second = open(50);
  const auto held = WriteTransaction::begin(first);
  const auto refused = WriteTransaction::begin(second);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(refused.error().code, codes::database_unavailable);
}

TEST_F(ConnectionTest, the_next_writer_need_not_wait_for_the_end_of_a_scope) {
  Connection db = open();
  create_table(db);
  auto first = WriteTransaction::begin(db);
  ASSERT_TRUE(first->commit().has_value());
  EXPECT_TRUE(WriteTransaction::begin(db).has_value());
}

TEST_F(ConnectionTest, a_unique_key_given_twice_is_a_conflict) {
  Connection db = open();
  create_table(db);
  auto writing = WriteTransaction::begin(db);
  ASSERT_TRUE(db.run("INSERT INTO t VALUES(1, 'one')").has_value());
  EXPECT_EQ(db.run("INSERT INTO t VALUES(1, 'two')").error().kind, ErrorKind::conflict);
}

TEST_F(ConnectionTest, the_same_statement_can_be_used_inside_itself) {
  Connection db = open();
  create_table(db);
  {
    auto writing = WriteTransaction::begin(db);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(db.run("INSERT INTO t(word) VALUES('x')").has_value());
    ASSERT_TRUE(writing->commit().has_value());
  }
  int pairs = 0;
  constexpr std::string_view kAll = "SELECT key, word FROM t";
  ASSERT_TRUE(db.each(kAll, [&](const Row&) {
                  ASSERT_TRUE(db.each(kAll, [&](const Row&) { ++pairs; }).has_value());
                }).has_value());
  EXPECT_EQ(pairs, 9);
}

TEST_F(ConnectionTest, what_is_no_database_is_damaged) {
  ASSERT_TRUE(
      write_file_atomic(posix_files(), options().path, std::string(8192, 'x'), 0600).has_value());
  const auto opened = Connection::open(options());
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, codes::database_damaged);
}

TEST_F(ConnectionTest, a_backup_is_the_database_of_one_moment) {
  Connection db = open();
  create_table(db);
  {
    auto writing = WriteTransaction::begin(db);
    ASSERT_TRUE(db.run("INSERT INTO t VALUES(1, 'one')").has_value());
    ASSERT_TRUE(writing->commit().has_value());
  }
  OpenOptions copy = options();
  copy.path = folder_.path() + "/copy.db";
  ASSERT_TRUE(backup_to(db, copy.path).has_value());
  Connection restored = Connection::open(copy).value();
  EXPECT_EQ(count(restored), 1);
}

TEST_F(ConnectionTest, the_log_is_checkpointed_as_it_grows) {
  Connection db = open();
  create_table(db);
  const std::string word(3000, 'x');
  for (int i = 0; i < 40; ++i) {
    auto writing = WriteTransaction::begin(db);
    for (int k = 0; k < 200; ++k)
      ASSERT_TRUE(db.run("INSERT INTO t(word) VALUES(?1)", word).has_value());
    ASSERT_TRUE(writing->commit().has_value());
  }
  const auto wal = posix_files().stat(options().path + "-wal");
  ASSERT_TRUE(wal.has_value());
  EXPECT_LT(wal->size_bytes, 12u << 20);
}

using ConnectionDeathTest = ConnectionTest;

TEST_F(ConnectionDeathTest, writing_outside_a_transaction_is_a_bug) {
  Connection db = open();
  create_table(db);
  EXPECT_DEATH((void)db.run("INSERT INTO t VALUES(1, 'one')"), "check.failed");
}

}  // namespace
}  // namespace modelkeep::sqlite
