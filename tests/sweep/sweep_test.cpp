#include <filesystem>

#include <gtest/gtest.h>

#include "base/file_lock.h"
#include "storage/blob_store.h"
#include "storage/folder_list.h"
#include "storage/mount.h"
#include "sweep/blobs.h"
#include "sweep/folders.h"
#include "sweep/leftovers.h"
#include "tests/support/faulty_files.h"
#include "tests/support/test_store.h"

namespace modelkeep::sweep {
namespace {

class SweepTest : public ::testing::Test {
 protected:
  void SetUp() override { must(storage::open_mount(posix_files(), layout_)); }

  void put_blob(const std::string& content) {
    const std::string part = layout_.staging_root() + "/part";
    must(write_file_atomic(posix_files(), part, content, 0600));
    must(storage::BlobStore(posix_files(), layout_)
             .commit(part, sha256_hex(content), content.size()));
  }
  bool has_blob(const std::string& content) {
    return must(storage::BlobStore(posix_files(), layout_).find(sha256_hex(content))).has_value();
  }
  catalog::Model model(const std::string& name, const std::vector<std::string>& contents) {
    std::vector<catalog::PlannedFile> files;
    for (const std::string& content : contents) {
      put_blob(content);
      files.push_back(TestStore::file("f-" + content, content));
    }
    return store_.ready_model(name, files);
  }
  int sweep(Files& files = posix_files()) {
    return sweep_blobs(store_.db(), files, layout_).value_or(-1);
  }
  void remove(const catalog::Model& gone) {
    must(catalog::delete_model(store_.db(), gone.id, store_.now()));
  }

  TestStore store_;
  TempFolder mount_;
  storage::Layout layout_{mount_.path(), store_.folder()};
};

TEST_F(SweepTest, frees_only_what_no_other_model_uses) {
  const auto one = model("a/one", {"shared", "only one's"});
  model("a/other", {"shared", "the other's"});
  remove(one);
  EXPECT_EQ(sweep(), 1);
  EXPECT_FALSE(has_blob("only one's"));
  EXPECT_TRUE(has_blob("shared"));
  EXPECT_TRUE(has_blob("the other's"));
  EXPECT_EQ(sweep(), 0);
}

TEST_F(SweepTest, keeps_what_an_unfinished_download_has_planned) {
  remove(model("a/one", {"wanted again"}));
  store_.ask("a/two");
  const auto claim = store_.claim();
  must(catalog::save_plan(store_.db(), claim, {.files = {TestStore::file("x", "wanted again")}}));
  EXPECT_EQ(sweep(), 0);
  EXPECT_TRUE(has_blob("wanted again"));
}

TEST_F(SweepTest, never_leaves_a_row_without_its_blob_whichever_unlink_fails) {
  const auto gone = model("a/one", {"1", "2", "3"});
  model("a/other", {"4"});
  remove(gone);
  for (int failing_call = 1; failing_call <= 3; ++failing_call) {
    FaultyFiles faulty(posix_files(), failing_call, true);
    EXPECT_EQ(sweep(faulty), -1);
    EXPECT_TRUE(has_blob("4"));
  }
  EXPECT_EQ(sweep(), 3);
  EXPECT_TRUE(must(storage::BlobStore(posix_files(), layout_).list()).size() == 1);
}

TEST_F(SweepTest, finds_blobs_that_a_crash_left_without_a_row) {
  put_blob("stray");
  model("a/one", {"known"});
  EXPECT_EQ(must(suspect_stray_blobs(store_.db(), posix_files(), layout_)), 1);
  EXPECT_EQ(sweep(), 1);
  EXPECT_FALSE(has_blob("stray"));
  EXPECT_TRUE(has_blob("known"));
}

TEST_F(SweepTest, notices_folders_that_someone_took_away_or_brought_back) {
  const auto model_row = model("a/one", {"1"});
  const auto integrity = [&] {
    return text(must(catalog::find_model(store_.db(), model_row.id)).integrity);
  };
  EXPECT_EQ(must(note_missing_folders(store_.db(), posix_files(), layout_)), 1);
  EXPECT_EQ(integrity(), "missing");
  EXPECT_EQ(must(note_missing_folders(store_.db(), posix_files(), layout_)), 0);
  must(posix_files().make_folders(layout_.model_dir(model_row.id), 0755));
  EXPECT_EQ(must(note_missing_folders(store_.db(), posix_files(), layout_)), 1);
  EXPECT_EQ(integrity(), "unverified");
}

TEST_F(SweepTest, does_not_take_an_unmounted_disk_for_missing_models_or_freed_blobs) {
  remove(model("a/one", {"1"}));
  model("a/two", {"2"});
  std::filesystem::remove(layout_.marker());
  EXPECT_EQ(code_of(note_missing_folders(store_.db(), posix_files(), layout_)),
            codes::storage_missing);
  EXPECT_EQ(code_of(sweep_blobs(store_.db(), posix_files(), layout_)), codes::storage_missing);
  EXPECT_TRUE(has_blob("1"));
}

TEST_F(SweepTest, empties_the_trash) {
  must(posix_files().make_folders(layout_.trash_entry("x") + "/deep", 0700));
  must(empty_trash(posix_files(), layout_));
  EXPECT_TRUE(must(storage::list_folder(layout_.trash_dir())).empty());
}

TEST_F(SweepTest, keeps_the_parts_of_whatever_may_go_on) {
  const std::int64_t id = store_.ask("a/one").download->id;
  const Time now = system_clock().now();
  must(posix_files().make_folders(layout_.staging_dir(id), 0700));
  EXPECT_EQ(must(sweep_staging(store_.db(), posix_files(), layout_, now)), 0);
  const auto claim = store_.claim();
  must(catalog::fail_download(store_.db(), claim,
                              {ErrorKind::invalid, codes::upstream_gated, "x", ""}, now));
  EXPECT_EQ(must(sweep_staging(store_.db(), posix_files(), layout_, now)), 0);
  const Time tomorrow{now.ms + std::int64_t{25} * 3600 * 1000};
  EXPECT_EQ(must(sweep_staging(store_.db(), posix_files(), layout_, tomorrow)), 1);
}

TEST_F(SweepTest, takes_the_parts_of_what_is_over_unless_someone_holds_its_lock) {
  const std::int64_t id = store_.ask("a/one").download->id;
  must(catalog::cancel_download(store_.db(), id, store_.now()));
  must(posix_files().make_folders(layout_.staging_dir(id), 0700));
  {
    const auto held = must(FileLock::try_take(layout_.download_lock(id)));
    EXPECT_EQ(must(sweep_staging(store_.db(), posix_files(), layout_, store_.now())), 0);
  }
  EXPECT_EQ(must(sweep_staging(store_.db(), posix_files(), layout_, store_.now())), 1);
}

}  // namespace
}  // namespace modelkeep::sweep
