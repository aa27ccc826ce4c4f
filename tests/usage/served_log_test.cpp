#include "usage/served_log.h"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "sqlite/transaction.h"
#include "tests/usage/usage_store.h"
#include "usage/journal_reader.h"

namespace modelkeep::usage {
namespace {

namespace fs = std::filesystem;

const std::string kCommit(40, 'c');

Served full_read() {
  return {.began_at = Time{1'769'077'800'000},
          .ended_at = Time{1'769'077'801'500},
          .bytes = 12'345,
          .model_pk = 7,
          .commit = kCommit,
          .client = "llama.cpp",
          .username = "ada",
          .ip_address = "2001:db8::1"};
}

/// As nginx writes it, without the newline.
std::string line_of(const Served& read, const std::string& mark) {
  const auto seconds = [](std::int64_t ms) {
    std::string text = std::to_string(1'000 + ms % 1'000).substr(1);
    return std::to_string(ms / 1'000) + '.' + text;
  };
  return "b1 " + seconds(read.ended_at.ms) + ' ' + seconds(read.ended_at.ms - read.began_at.ms) +
         ' ' + std::to_string(read.bytes) + ' ' + mark + ' ' + read.ip_address + " .";
}
std::string line_of(const Served& read) {
  return line_of(read, read_mark(read));
}

TEST(ServedLine, comes_back_as_it_was_marked) {
  const Served read = full_read();
  const auto parsed = parse_served(line_of(read));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->began_at, read.began_at);
  EXPECT_EQ(parsed->ended_at, read.ended_at);
  EXPECT_EQ(parsed->bytes, read.bytes);
  EXPECT_EQ(parsed->model_pk, read.model_pk);
  EXPECT_EQ(parsed->commit, read.commit);
  EXPECT_EQ(parsed->client, read.client);
  EXPECT_EQ(parsed->username, read.username);
  EXPECT_EQ(parsed->ip_address, read.ip_address);
  EXPECT_FALSE(parsed->from_upstream);
}

TEST(ServedLine, without_a_mark_is_part_of_no_download) {
  const auto parsed = parse_served(line_of(full_read(), "-"));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->model_pk, 0);
  EXPECT_EQ(parsed->bytes, 12'345);
}

TEST(ServedLine, holds_any_name) {
  for (const std::string& name :
       {std::string("Jörg :.- A%20"), std::string("a b1 1.000 0.000 99 - ::1 .\nb1 "),
        std::string("\0\x01\x7f\xff\"\\", 6), std::string(5'000, ':'), std::string()}) {
    Served read = full_read();
    read.username = name;
    read.from_upstream = true;
    const std::string line = line_of(read);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_LT(line.size(), 4'000u);
    const auto parsed = parse_served(line);
    ASSERT_TRUE(parsed) << line;
    EXPECT_EQ(parsed->username, name.substr(0, parsed->username.size()));
    EXPECT_EQ(parsed->username.size(), std::min<std::size_t>(name.size(), 512));
    EXPECT_TRUE(parsed->from_upstream);
    EXPECT_EQ(parsed->bytes, 12'345);
  }
}

TEST(ServedLine, is_refused_wherever_it_was_cut) {
  const std::string line = line_of(full_read());
  for (std::size_t length = 0; length < line.size(); ++length) {
    EXPECT_FALSE(parse_served(std::string_view(line).substr(0, length))) << length;
  }
  for (std::size_t from = 1; from < line.size(); ++from) {
    EXPECT_FALSE(parse_served(std::string_view(line).substr(from))) << from;
  }
}

TEST(ServedLine, is_found_behind_one_that_was_cut) {
  const std::string line = line_of(full_read());
  for (std::size_t length = 0; length < line.size(); ++length) {
    const auto parsed = parse_served(line.substr(0, length) + line);
    ASSERT_TRUE(parsed) << length;
    EXPECT_EQ(parsed->bytes, 12'345);
    EXPECT_EQ(parsed->username, "ada");
  }
}

TEST(ServedLine, that_nobody_wrote_is_none) {
  for (const char* line :
       {"", "b1", "b1 ", "GET / HTTP/1.1", "b1 1.000 0.000 -5 - ::1 .", "b1 1.000 0.000 x - ::1 .",
        "b1 1.00 0.000 5 - ::1 .", "b1 1 0 5 - ::1 .", "b1 1.000 0.000 5 7:c:x:s ::1 .",
        "b1 1.000 0.000 5 7:c:x:q:ada ::1 .", "b1 1.000 0.000 5 -7:c:x:s:ada ::1 .",
        "b1 1.000 0.000 5 7:c:x:s:%zz ::1 .", "b1 1.000 0.000 5 - ::1 . ",
        "b1 99999999999999999999.000 0.000 5 - ::1 .", "b1 1.000 0.000 99999999999999999999 - a .",
        "b1 1.000 0.000 5  ::1 .", "b2 1.000 0.000 5 - ::1 ."}) {
    EXPECT_FALSE(parse_served(line)) << line;
  }
}

class ServedLog : public testing::Test {
 protected:
  const std::string& folder() { return folder_; }
  std::string link() { return folder_ + "/bytes.log"; }
  std::string current() { return fs::read_symlink(link()); }
  /// As nginx opens it.
  Fd nginx() { return Fd(::open(link().c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644)); }
  static void write(const Fd& file, const std::string& text) {
    ASSERT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  static std::string line(std::int64_t bytes, const std::string& user = "ada") {
    Served read = full_read();
    read.bytes = bytes;
    read.username = user;
    return line_of(read) + '\n';
  }
  /// The symlink was turned long ago.
  void let_it_rest() {
    const timespec long_ago[2] = {{1'700'000'000, 0}, {1'700'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, link().c_str(), long_ago, AT_SYMLINK_NOFOLLOW), 0);
  }
  std::int64_t served() { return store_.totals().bytes_served; }
  std::size_t logs() { return must(record_names(folder_)).served_logs.size(); }

  UsageStore store_;
  std::string folder_ = store_.drains().journals;
};

TEST_F(ServedLog, is_imported_once_line_by_line) {
  must(begin_served_log(folder()));
  const Fd file = nginx();
  write(file, line(100) + line(20).substr(0, 30));
  EXPECT_EQ(store_.drain().transfers, 1);
  write(file, line(20).substr(30));
  EXPECT_EQ(store_.drain().transfers, 1);
  EXPECT_EQ(store_.drain().transfers, 0);
  EXPECT_EQ(served(), 120);
}

TEST_F(ServedLog, loses_a_torn_line_and_no_other) {
  must(begin_served_log(folder()));
  const Fd file = nginx();
  write(file,
        line(1) + "b1 17690" + line(20) + std::string(5'000, '\0') + "\nnonsense\n" + line(300));
  const Drained drained = store_.drain();
  EXPECT_EQ(drained.transfers, 3);
  EXPECT_EQ(drained.damaged_lines, 2);
  EXPECT_EQ(served(), 321);
}

TEST_F(ServedLog, keeps_a_file_that_somebody_still_writes) {
  must(begin_served_log(folder()));
  const std::string first = current();
  Fd old_worker = nginx();
  write(old_worker, line(1));
  must(begin_served_log(folder()));
  EXPECT_NE(current(), first);
  const Fd new_worker = nginx();
  write(new_worker, line(20));
  store_.drain();
  let_it_rest();
  store_.drain();
  EXPECT_EQ(logs(), 2u);
  write(old_worker, line(300));
  old_worker = Fd();
  store_.drain();
  EXPECT_EQ(served(), 321);
  EXPECT_EQ(logs(), 1u);
  EXPECT_FALSE(fs::exists(folder() + '/' + first));
  EXPECT_EQ(store_.drain().transfers, 0);
  EXPECT_EQ(must(catalog::journal_offsets(store_.db())).size(), 1u);
}

TEST_F(ServedLog, keeps_a_file_that_was_turned_away_from_a_moment_ago) {
  must(begin_served_log(folder()));
  must(begin_served_log(folder()));
  store_.drain();
  EXPECT_EQ(logs(), 2u);
  let_it_rest();
  store_.drain();
  EXPECT_EQ(logs(), 1u);
}

TEST_F(ServedLog, drops_a_last_line_that_was_never_finished) {
  must(begin_served_log(folder()));
  { write(nginx(), line(1) + "b1 17690"); }
  must(begin_served_log(folder()));
  let_it_rest();
  store_.drain();
  EXPECT_EQ(logs(), 1u);
  EXPECT_EQ(served(), 1);
}

TEST_F(ServedLog, is_fresh_when_full_or_lost) {
  EXPECT_TRUE(needs_fresh_served_log(folder()));
  must(begin_served_log(folder()));
  EXPECT_FALSE(needs_fresh_served_log(folder()));
  fs::resize_file(folder() + '/' + current(), kServedLogMax);
  EXPECT_TRUE(needs_fresh_served_log(folder()));
  must(begin_served_log(folder()));
  EXPECT_FALSE(needs_fresh_served_log(folder()));
  fs::remove(folder() + '/' + current());
  EXPECT_TRUE(needs_fresh_served_log(folder()));
}

TEST_F(ServedLog, takes_in_what_nginx_wrote_without_the_symlink) {
  {
    const Fd file = nginx();
    write(file, line(77));
    store_.drain();
    EXPECT_TRUE(needs_fresh_served_log(folder()));
    must(begin_served_log(folder()));
    write(file, line(1));
  }
  store_.drain();
  EXPECT_EQ(served(), 78);
  let_it_rest();
  store_.drain();
  EXPECT_EQ(logs(), 1u);
}

TEST_F(ServedLog, has_its_space_before_it_is_written) {
  must(begin_served_log(folder()));
  struct stat found {};
  ASSERT_EQ(::stat(link().c_str(), &found), 0);
  EXPECT_EQ(found.st_size, 0);
  if (found.st_blocks == 0) GTEST_SKIP() << "this file system sets no space aside";
  EXPECT_GE(found.st_blocks * 512, kServedLogMax);
}

TEST_F(ServedLog, begins_again_where_a_transaction_was_lost) {
  must(begin_served_log(folder()));
  write(nginx(), line(5));
  {
    auto writing = must(sqlite::WriteTransaction::begin(store_.db()));
    catalog::EventNumbers numbers;
    must(catalog::add_events(store_.db(), numbers, {}, {full_read()}));
    must(catalog::set_journal_offset(store_.db(), current(), 9'999));
  }
  store_.drain();
  EXPECT_EQ(served(), 5);
}

TEST_F(ServedLog, is_waited_for_by_who_asks_for_figures) {
  must(begin_served_log(folder()));
  Pulse pulse = store_.pulse();
  const Fd file = nginx();
  for (int n = 1; n <= 3; ++n) {
    write(file, line(10));
    must(settle(store_.db(), store_.drains(), pulse, store_.clock(), Exactness::always));
    EXPECT_EQ(served(), 10 * n);
  }
}

}  // namespace
}  // namespace modelkeep::usage
