#include "storage/layout.h"

#include <gtest/gtest.h>

namespace modelkeep::storage {
namespace {

constexpr std::string_view kSha =
    "aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899";

TEST(Layout, keeps_its_own_things_below_one_folder_of_the_mount) {
  const Layout layout("/mnt/models/");
  EXPECT_EQ(layout.model_dir("gpt2"), "/mnt/models/gpt2");
  EXPECT_EQ(layout.blob(kSha), "/mnt/models/.modelkeep/blobs/aa/" + std::string(kSha));
  EXPECT_EQ(layout.part(7, 3), "/mnt/models/.modelkeep/staging/7/3.part");
  EXPECT_EQ(layout.database(), "/mnt/models/.modelkeep/state/modelkeep.db");
  EXPECT_EQ(layout.download_lock(7), "/mnt/models/.modelkeep/state/locks/download-7.lock");
}

TEST(Layout, puts_state_where_it_is_told) {
  const Layout layout("/mnt/models", "/var/lib/modelkeep");
  EXPECT_EQ(layout.database(), "/var/lib/modelkeep/modelkeep.db");
  EXPECT_EQ(layout.fetch_socket(), "/var/lib/modelkeep/run/fetch.sock");
}

TEST(Layout, moves_sockets_below_tmp_where_their_path_would_be_too_long) {
  const Layout deep("/mnt/" + std::string(90, 'x'));
  EXPECT_TRUE(deep.fetch_socket().starts_with("/tmp/modelkeep-"));
  EXPECT_LT(deep.worker_socket(Pool::long_answers, 999999).size(), 100U);
  EXPECT_NE(deep.run_dir(), Layout("/mnt/" + std::string(90, 'y')).run_dir());
}

TEST(Layout, parses_only_names_it_makes) {
  EXPECT_EQ(parse_part_name("12.part"), 12);
  EXPECT_EQ(parse_part_name("012.part"), std::nullopt);
  EXPECT_EQ(parse_part_name("x.part"), std::nullopt);
  EXPECT_EQ(parse_part_name(".part"), std::nullopt);
  EXPECT_EQ(parse_staging_name("9"), 9);
  EXPECT_EQ(parse_staging_name("-9"), std::nullopt);
  EXPECT_EQ(parse_journal_name("worker-1.journal"), "worker-1");
  EXPECT_TRUE(is_blob_name(kSha));
  EXPECT_FALSE(is_blob_name("AABB"));
}

}  // namespace
}  // namespace modelkeep::storage
