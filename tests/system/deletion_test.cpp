// Many askers, and deleting what is being fetched or read.
#include <filesystem>
#include <thread>
#include <vector>

#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMiB = 1 << 20;

class Deletion : public RunningStore {};

TEST_F(Deletion, F35_two_hundred_who_ask_at_once_get_one_download) {
  ASSERT_TRUE(start({}, {"--rate-total", "20MB"}));
  constexpr int kThreads = 20;
  constexpr int kEach = 10;
  std::atomic<int> accepted = 0;
  std::atomic<std::int64_t> ids = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        Client client = service().client();
        for (int i = 0; i < kEach; ++i) {
          const Answer answer = client.post(
              "/api/models/download",
              asking("test/medium", "\"username\":\"u" + std::to_string(thread) + "\""));
          if (answer.status == 202 || answer.status == 200) ++accepted;
          if (answer.has("download")) ids |= std::int64_t{1} << answer.number("download.id");
        }
      });
    }
  }
  EXPECT_EQ(accepted, kThreads * kEach);
  EXPECT_EQ(ids, 2) << "every answer names download 1";
  ASSERT_TRUE(wait_for(1, "ready"));
  EXPECT_EQ(api().get("/api/downloads").number("total"), 1);
  EXPECT_EQ(hub().log().number("calls.cdn.requests"), 1);
  EXPECT_EQ(model("test_medium").number("model.stats.download_count"), kThreads * kEach);
  EXPECT_EQ(model("test_medium").number("model.stats.unique_users"), kThreads + 1)
      << "and the one who looks";
  expect_whole(service());
}

TEST_F(Deletion, F36_of_a_model_that_is_being_fetched_leaves_nothing_and_it_can_be_asked_again) {
  ASSERT_TRUE(start({}, {"--rate-total", "8MB"}));
  hub().add_repo("long/one", 24 * kMiB, 3);
  const std::int64_t id = ask("long/one");
  ASSERT_TRUE(wait_for_bytes(id, 4 * kMiB));
  EXPECT_EQ(api().remove("/api/models/long_one").status, 200);
  EXPECT_EQ(model("long_one").status, 404);
  const std::int64_t next = ask("long/one");
  EXPECT_NE(next, id);
  EXPECT_TRUE(wait_until([&] { return !fs::exists(service().layout().staging_dir(id)); }, 5'000));
  ASSERT_TRUE(wait_for(next, "ready", 30'000));
  EXPECT_EQ(download(id).text("download.status"), "cancelled");
  expect_whole(service());
}

TEST_F(Deletion, F37_while_fifty_read_it_lets_them_finish_and_refuses_the_next) {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/medium"));
  const std::string request =
      plain_request("GET", "/api/models/test_medium/files/model.safetensors");
  std::vector<RawConnection> readers;
  for (int i = 0; i < 50; ++i) {
    auto connection = RawConnection::open(service().port());
    ASSERT_TRUE(connection.has_value());
    ASSERT_TRUE(connection->send(request));
    readers.push_back(std::move(*connection));
  }
  std::vector<std::size_t> bytes;
  for (RawConnection& reader : readers) bytes.push_back(reader.read_some(10'000).size());
  EXPECT_EQ(api().remove("/api/models/test_medium").status, 200);
  EXPECT_EQ(exchange(service().port(), request).status, 404);
  for (std::size_t i = 0; i < readers.size(); ++i) {
    for (std::string more; !(more = readers[i].read_some(10'000)).empty();) bytes[i] += more.size();
    EXPECT_GT(bytes[i], 8U * kMiB) << "reader " << i;
  }
  expect_whole(service());
}

TEST_F(Deletion, of_a_ready_model_does_not_disturb_the_download_of_its_twin) {
  ASSERT_TRUE(start({}, {"--rate-total", "8MB"}));
  ASSERT_TRUE(fetch("test/medium"));
  const std::int64_t twin = ask("test/twin-of-medium");
  EXPECT_EQ(api().remove("/api/models/test_medium").status, 200);
  ASSERT_TRUE(wait_for(twin, "ready"));
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
