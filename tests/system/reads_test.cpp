// File bytes are counted by nginx: what really left, once, whoever is killed meanwhile.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "tests/system/database.h"
#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"
#include "usage/served_log.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMiB = 1 << 20;
const char* const kConfig = "/hf/test/tiny/resolve/main/config.json";
const char* const kWeights = "/hf/test/tiny/resolve/main/model.safetensors";

class Reads : public RunningStore {
 protected:
  RawAnswer raw(const std::string& target, const std::string& lines = {},
                const std::string& method = "GET") {
    return exchange(service().port(), plain_request(method, target, lines));
  }
  std::int64_t figure(const std::string& name) {
    return service().client().get("/api/stats").number("stats." + name);
  }
  /// nginx writes its line when the last byte has left, which is a moment before or after the
  /// client has it.
  bool served_is(std::int64_t bytes) {
    const bool is = wait_until([&] { return figure("bytes_served") == bytes; }, 5'000, 20);
    EXPECT_TRUE(is) << figure("bytes_served") << " instead of " << bytes;
    return is;
  }
  Rows rows() {
    figure("bytes_served");
    return OutsideDatabase(service().layout().database())
        .query(
            "SELECT u.name, a.address, r.client, r.requests, r.bytes_served, r.commit_hash"
            " FROM hub_reads r JOIN users u ON u.pk = r.user_pk"
            " JOIN addresses a ON a.pk = r.address_pk ORDER BY r.pk");
  }
  std::size_t logs() {
    std::size_t found = 0;
    for (const auto& entry : fs::directory_iterator(service().layout().journal_dir())) {
      if (entry.path().filename().string().starts_with("bytes-")) ++found;
    }
    return found;
  }
  std::string current_log() { return fs::read_symlink(service().layout().bytes_log()).string(); }
  /// Fills the log until the master gives nginx another one.
  void turn_log() {
    const std::string before = current_log();
    {
      std::ofstream log(service().layout().bytes_log(), std::ios::app | std::ios::binary);
      for (std::int64_t filled = 0; filled < usage::kServedLogMax; filled += 1'000) {
        log << std::string(999, 'x') << '\n';
      }
    }
    EXPECT_TRUE(wait_until([&] { return current_log() != before; }, 15'000, 50));
  }
};

TEST_F(Reads, count_the_bytes_that_left_and_fold_into_one_download) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const std::string agent = "User-Agent: transformers/4.50; hf_hub/1.2; python/3.11\r\n";
  const auto size = static_cast<std::int64_t>(raw(kConfig, agent).body.size());
  ASSERT_TRUE(served_is(size));
  EXPECT_EQ(raw(kConfig, agent + "Range: bytes=0-9\r\n").status, 206);
  ASSERT_TRUE(served_is(size + 10));
  EXPECT_EQ(raw(kConfig, agent, "HEAD").status, 200);
  const std::string etag = raw(kConfig, agent, "HEAD").header("ETag");
  EXPECT_EQ(raw(kConfig, agent + "If-None-Match: " + etag + "\r\n").status, 304);
  EXPECT_EQ(raw(kConfig, agent + "Range: bytes=99999999-\r\n").status, 416);
  EXPECT_EQ(raw("/hf/test/tiny/resolve/main/none", agent).status, 404);
  const auto weights = static_cast<std::int64_t>(raw(kWeights, agent).body.size());
  ASSERT_TRUE(served_is(size + 10 + weights));
  // Git's side of an LFS file is a text of a worker's own.
  const auto pointer =
      static_cast<std::int64_t>(raw("/hf/test/tiny/raw/main/model.safetensors", agent).body.size());
  ASSERT_TRUE(served_is(size + 10 + weights + pointer));

  const auto found = rows();
  ASSERT_EQ(found.size(), 1U);
  const std::string commit = raw(kConfig, agent, "HEAD").header("X-Repo-Commit");
  EXPECT_EQ(found[0],
            (std::vector<std::string>{"anonymous", "127.0.0.1", "transformers", "6",
                                      std::to_string(size + 10 + weights + pointer), commit}));
  // The asking, and the reads.
  EXPECT_EQ(model("test_tiny").number("model.stats.download_count"), 2);
  EXPECT_EQ(figure("bytes_saved"), figure("bytes_served"));
  expect_whole(service());
}

TEST_F(Reads, over_the_api_count_bytes_and_no_download) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const std::string file = "/api/models/test_tiny/files/config.json";
  const auto size = static_cast<std::int64_t>(api().get(file).body.size());
  ASSERT_TRUE(served_is(size));
  raw(file, {}, "HEAD");
  raw(file, "Range: bytes=3-6\r\n");
  ASSERT_TRUE(served_is(size + 4));
  EXPECT_TRUE(rows().empty());
  EXPECT_EQ(model("test_tiny").number("model.stats.download_count"), 1);
}

TEST_F(Reads, are_told_apart_by_name_and_never_betray_the_mark) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  for (const char* name : {"ada", "b%20o:b", "%D0%90%D0%BD%D1%8F", "b1%201.000%200.000%20999999"}) {
    for (const char* target : {kConfig, kWeights, "/hf/test/tiny/raw/main/model.safetensors"}) {
      const RawAnswer answer =
          raw(target, "X-Username: " + std::string(name) + "\r\nX-Modelkeep-Read: 1:c:x:s:eve\r\n");
      EXPECT_EQ(answer.status, 200);
      EXPECT_EQ(answer.head.find("Modelkeep-Read"), std::string::npos) << answer.head;
    }
  }
  const auto all_in = [&] {
    const auto found = rows();
    return found.size() == 4 && std::all_of(found.begin(), found.end(), [&](const auto& row) {
             return row[4] == found[0][4] && row[3] == "3" && row[4] != "0";
           });
  };
  EXPECT_TRUE(wait_until(all_in, 5'000, 50));
  EXPECT_EQ(rows()[1][0], "b o:b");
  EXPECT_EQ(rows()[3][0], "b1 1.000 0.000 999999");
  EXPECT_EQ(model("test_tiny").number("model.stats.download_count"), 5);
}

TEST_F(Reads, that_are_broken_off_count_what_left) {
  ASSERT_TRUE(start());
  hub().add_repo("long/one", 64 * kMiB, 3);
  ASSERT_TRUE(fetch("long/one"));
  const std::string file = "/hf/long/one/resolve/main/model.bin";
  const auto whole = parse_decimal(raw(file, {}, "HEAD").header("Content-Length"));
  ASSERT_TRUE(whole);
  std::size_t received = 0;
  auto slow = RawConnection::open(service().port());
  ASSERT_TRUE(slow && slow->send(plain_request("GET", file)));
  for (std::string some = "-"; received < 3 * kMiB && !some.empty(); received += some.size()) {
    some = slow->read_some(5'000);
  }
  slow->reset();
  slow.reset();
  ASSERT_TRUE(wait_until([&] { return figure("bytes_served") > 0; }, 5'000, 50));
  const std::int64_t served = figure("bytes_served");
  EXPECT_GE(served, 3 * kMiB - 1'024);
  // What the kernel held for a client that did not take it.
  EXPECT_LT(served, static_cast<std::int64_t>(*whole));
  EXPECT_EQ(rows().at(0)[4], std::to_string(served));
}

/// Clients that read without end, and know exactly what they have been given.
class Readers {
 public:
  Readers(int port, std::int64_t size) : size_(size) {
    for (int number = 0; number < kCount; ++number) {
      threads_.emplace_back([this, port](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          ++begun_;
          const RawAnswer answer = exchange(port, plain_request("GET", kWeights), 5'000);
          if (answer.whole && answer.status == 200) ++whole_;
        }
      });
    }
  }
  static constexpr int kCount = 4;
  void stop() { threads_.clear(); }
  std::int64_t whole_bytes() const { return whole_ * size_; }
  std::int64_t begun_bytes() const { return begun_ * size_; }

 private:
  std::int64_t size_;
  std::atomic<std::int64_t> begun_ = 0;
  std::atomic<std::int64_t> whole_ = 0;
  std::vector<std::jthread> threads_;
};

TEST_F(Reads, count_once_while_workers_and_the_drainer_are_killed) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const auto size = static_cast<std::int64_t>(raw(kWeights).body.size());
  Readers readers(service().port(), size);
  for (int round = 0; round < 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    EXPECT_GT(service().signal_role(Role::worker, SIGKILL), 0);
    if (round == 1) turn_log();
    ASSERT_TRUE(service().wait_healthy(10'000));
  }
  readers.stop();
  EXPECT_GT(readers.whole_bytes(), 100 * size);
  ASSERT_TRUE(service().wait_healthy(10'000));
  ASSERT_TRUE(served_is(readers.whole_bytes() + size));
  const auto found = rows();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0][4], std::to_string(readers.whole_bytes() + size));
  service().kill_everything();
  ASSERT_TRUE(service().start());
  ASSERT_TRUE(served_is(readers.whole_bytes() + size));
  expect_whole(service());
}

TEST_F(Reads, lose_no_more_than_what_was_under_way_when_nginx_was_killed) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
  const auto size = static_cast<std::int64_t>(raw(kWeights).body.size());
  Readers readers(service().port(), size);
  int kills = 0;
  for (int round = 0; round < 6; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    kills +=
        service().signal_role(round % 2 == 0 ? Role::nginx_worker : Role::nginx_master, SIGKILL);
  }
  readers.stop();
  ASSERT_TRUE(service().wait_healthy(10'000));
  const std::int64_t in_flight = kills * Readers::kCount * size;
  std::int64_t served = 0;
  ASSERT_TRUE(wait_until(
      [&] {
        served = figure("bytes_served");
        return served >= readers.whole_bytes() + size - in_flight;
      },
      5'000, 50));
  EXPECT_LE(served, readers.begun_bytes() + size);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const std::int64_t last = figure("bytes_served");
  for (int round = 0; round < 2; ++round) {
    service().kill_everything();
    ASSERT_TRUE(service().start());
    EXPECT_EQ(figure("bytes_served"), last) << "a line was imported twice";
  }
  expect_whole(service());
}

TEST_F(Reads, of_an_nginx_that_was_reloaded_meanwhile_are_counted_too) {
  ASSERT_TRUE(start());
  hub().add_repo("long/one", 24 * kMiB, 3);
  ASSERT_TRUE(fetch("long/one"));
  ASSERT_TRUE(fetch("test/tiny"));
  auto slow = RawConnection::open(service().port());
  ASSERT_TRUE(slow && slow->send(plain_request("GET", "/hf/long/one/resolve/main/model.bin")));
  std::size_t received = slow->read_some(5'000).size();
  // The old worker keeps its file, whatever the symlink leads to.
  const std::string first = current_log();
  EXPECT_EQ(service().signal_role(Role::nginx_master, SIGHUP), 1);
  service().signal_master(SIGHUP);
  turn_log();
  ASSERT_TRUE(service().wait_healthy(10'000));
  const auto size = static_cast<std::int64_t>(raw(kConfig).body.size());
  ASSERT_TRUE(served_is(size));
  EXPECT_NE(current_log(), first);
  for (std::string some = slow->read_some(5'000); !some.empty(); some = slow->read_some(5'000)) {
    received += some.size();
  }
  EXPECT_GT(received, 24U * kMiB);
  EXPECT_TRUE(wait_until([&] { return figure("bytes_served") > 24 * kMiB; }, 5'000, 50));
  // Both old ones go once nobody can write to them.
  EXPECT_TRUE(wait_until([&] { return logs() == 1; }, 20'000, 200)) << logs();
  const std::int64_t last = figure("bytes_served");
  service().stop();
  ASSERT_TRUE(service().start());
  EXPECT_EQ(figure("bytes_served"), last);
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
