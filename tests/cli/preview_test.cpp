#include <gtest/gtest.h>

#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

constexpr const char* kCall = "GET /api/preview?model_name=org%2Fm";
const std::string kPreview =
    R"({"success":true,"preview":{"model_name":"org/m","canonical_name":"org/m","revision":"main",)"
    R"("commit":"0123","license":"mit","gated":true,"accessible":false,"groups":[)"
    R"({"kind":"weights","format":"safetensors","file_count":2,"size_bytes":3000000,)"
    R"("stored_bytes":1000000,"files":[]},)"
    R"({"kind":"weights","format":"pytorch","duplicate_of":"safetensors","file_count":1,)"
    R"("size_bytes":3000000,"stored_bytes":0,"files":[]}],)"
    R"("quants":[{"name":"Q4_K_M","pattern":"*Q4_K_M*","file_count":2,"size_bytes":5000000}],)"
    R"("suggested_ignore_patterns":["*.bin"],)"
    R"("suggested":{"file_count":2,"size_bytes":3000000,"fetch_bytes":2000000},)"
    R"("selected":{"file_count":3,"size_bytes":6000000,"fetch_bytes":5000000},)"
    R"("disk":{"free_bytes":9000000,"after_bytes":4000000,"after_queue_bytes":0,"fits":false}}})";

TEST(Preview, shows_what_a_download_would_bring) {
  FakeWorld world;
  world.answers(kCall, 200, kPreview);
  EXPECT_EQ(world.run("preview org/m"), kDone) << world.talk();
  const std::string out = world.out();
  for (const char* part :
       {"weights, safetensors", "1.0 MB here", "the same as safetensors", "--include '*Q4_K_M*'",
        "does not open it", "6.0 MB in 3 files, 5.0 MB to fetch", "it does not fit", "mit"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part << " in\n" << out;
  }
  EXPECT_EQ(world.talk(),
            "without what is there twice: 3.0 MB in 2 files, 2.0 MB to fetch; add --exclude "
            "'*.bin'\n");
}

TEST(Preview, passes_on_revision_and_patterns) {
  FakeWorld world;
  world.run({"preview", "-n", "org/m", "-r", "refs/pr/1", "--include", "*.json", "a b", "--exclude",
             "x"});
  EXPECT_EQ(world.calls(),
            (std::vector<std::string>{"GET /api/preview?model_name=org%2Fm&revision=refs%2Fpr%2F1"
                                      "&allow_patterns=%2A.json&allow_patterns=a%20b"
                                      "&ignore_patterns=x"}));
}

TEST(Preview, json_is_what_the_server_sent) {
  FakeWorld world;
  world.answers(kCall, 200, kPreview);
  EXPECT_EQ(world.run("preview org/m --json"), kDone);
  EXPECT_EQ(world.out(), kPreview + "\n");
}

}  // namespace
}  // namespace modelkeep::cli
