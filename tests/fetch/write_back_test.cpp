#include "fetch/write_back.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "fetch/inbox.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"
#include "tests/support/test_store.h"

namespace modelkeep::fetch {
namespace {

const std::string kContent = "all of it";

class WriteBackTest : public ::testing::Test {
 protected:
  std::unique_ptr<Part> received(const std::string& name) {
    catalog::DownloadFile file;
    file.path = name;
    file.size_bytes = static_cast<std::int64_t>(kContent.size());
    const std::string path = folder_.path() + "/" + name;
    auto part = std::make_unique<Part>(
        posix_files(), PartPaths{path, path + ".ranges", path + ".synced"}, file, false);
    must(part->open());
    must(part->write(part->position().generation, 0, kContent));
    part->complete();
    return part;
  }

  static FileEvent right(Part& part) {
    return {.kind = FileEvent::Kind::right,
            .part = &part,
            .generation = part.position().generation,
            .bytes = part.size(),
            .sha256 = "digest"};
  }

  TempFolder folder_;
  ManualClock clock_;
  Inbox inbox_;
  WriteBack write_back_{
      posix_files(), clock_, {}, [this](FileEvent event) { inbox_.put(std::move(event)); }};
};

TEST_F(WriteBackTest, says_what_is_on_the_disk) {
  const auto part = received("a");
  write_back_.make_safe(right(*part));
  const std::jthread thread([&](std::stop_token stop) { write_back_.run(std::move(stop)); });
  const auto events = inbox_.wait(5'000);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, FileEvent::Kind::safe);
  EXPECT_EQ(events[0].part, part.get());
}

TEST_F(WriteBackTest, takes_no_verdict_for_what_was_begun_anew_since) {
  const auto begun_anew = received("a");
  const auto other = received("b");
  const FileEvent outdated = right(*begun_anew);
  must(begun_anew->restart());
  write_back_.add(*begun_anew);
  write_back_.make_safe(outdated);
  write_back_.make_safe(right(*other));
  const std::jthread thread([&](std::stop_token stop) { write_back_.run(std::move(stop)); });
  const auto events = inbox_.wait(5'000);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].part, other.get());
}

}  // namespace
}  // namespace modelkeep::fetch
