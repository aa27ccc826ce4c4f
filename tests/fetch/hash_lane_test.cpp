// What is hashed, how often, and what is said of it.
#include "fetch/hash_lane.h"

#include <atomic>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "fetch/inbox.h"
#include "tests/support/faulty_files.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

class CountingFiles : public FaultyFiles {
 public:
  CountingFiles() : FaultyFiles(posix_files(), 0) {}
  Result<std::size_t> read_at(const Fd& file, std::span<std::byte> into,
                              std::uint64_t offset) override {
    auto got = FaultyFiles::read_at(file, into, offset);
    if (got) read_bytes += *got;
    return got;
  }
  std::atomic<std::uint64_t> read_bytes = 0;
};

std::string digest_of_zeros_with_an_x_at(std::uint64_t size, std::uint64_t place) {
  std::string bytes(size, '\0');
  bytes[place] = 'x';
  return sha256_hex(bytes);
}

TEST(HashLane, hashes_only_what_follows_a_piece_that_was_replaced) {
  constexpr std::uint64_t kSize = 140 * kMiB;
  constexpr std::uint64_t kWrong = 139 * kMiB;
  const TempFolder folder;
  CountingFiles files;
  const std::string path = folder.path() + "/1.part";
  must(files.truncate(must(files.open(path, OpenMode::write, 0600)), kSize));
  Part part(files, {.bytes = path},
            {.path = "x",
             .size_bytes = static_cast<std::int64_t>(kSize),
             .sha256 = digest_of_zeros_with_an_x_at(kSize, kWrong),
             .is_lfs = true},
            false);
  must(part.open());
  part.complete();
  Inbox inbox;
  HashLane lane(files, [&](FileEvent event) { inbox.put(std::move(event)); });
  const std::jthread hashing([&](std::stop_token stop) { lane.run(std::move(stop)); });
  const auto verdict = [&] {
    lane.add(part);
    const auto events = inbox.wait(60'000);
    return events.empty() ? FileEvent::Kind::failed : events.front().kind;
  };
  EXPECT_EQ(verdict(), FileEvent::Kind::corrupt);
  EXPECT_EQ(files.read_bytes, kSize);
  files.read_bytes = 0;
  EXPECT_TRUE(must(part.correct(kWrong, std::string_view("x"))));
  files.read_bytes = 0;
  EXPECT_EQ(verdict(), FileEvent::Kind::right);
  EXPECT_EQ(files.read_bytes, kSize - 128 * kMiB);
}

TEST(HashLane, begins_anew_with_a_part_that_did) {
  constexpr std::uint64_t kSize = 80 * kMiB;
  const TempFolder folder;
  CountingFiles files;
  const std::string path = folder.path() + "/1.part";
  must(files.truncate(must(files.open(path, OpenMode::write, 0600)), kSize));
  Part part(files, {.bytes = path},
            {.path = "x",
             .size_bytes = static_cast<std::int64_t>(kSize),
             .sha256 = digest_of_zeros_with_an_x_at(kSize, 0),
             .is_lfs = true},
            false);
  must(part.open());
  part.complete();
  Inbox inbox;
  HashLane lane(files, [&](FileEvent event) { inbox.put(std::move(event)); });
  const std::jthread hashing([&](std::stop_token stop) { lane.run(std::move(stop)); });
  lane.add(part);
  EXPECT_EQ(inbox.wait(60'000).front().kind, FileEvent::Kind::corrupt);
  must(part.restart());
  std::string fresh(kSize, '\0');
  fresh[0] = 'x';
  must(part.write(part.position().generation, 0, fresh));
  part.complete();
  lane.add(part);
  EXPECT_EQ(inbox.wait(60'000).front().kind, FileEvent::Kind::right);
}

}  // namespace
}  // namespace modelkeep::fetch
