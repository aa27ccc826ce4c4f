// What a Hub client reads of the mount: its own layout, by the files it opens.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "catalog/identity.h"
#include "catalog/revisions.h"
#include "storage/blob_store.h"
#include "storage/folder_list.h"
#include "storage/mount.h"
#include "tests/support/faulty_files.h"
#include "tests/support/test_store.h"
#include "view/follow.h"
#include "view/show.h"

namespace modelkeep::view {
namespace {

namespace fs = std::filesystem;

const std::string kFirst(40, 'a');
const std::string kSecond(40, 'b');

class ViewTest : public ::testing::Test {
 protected:
  void SetUp() override {
    must(storage::open_mount(posix_files(), layout_));
    must(posix_files().make_folders(layout_.locks_dir(), 0700));
  }

  catalog::PlannedFile git_file(const std::string& path, const std::string& content) {
    put_blob(content);
    auto file = TestStore::file(path, content);
    file.is_lfs = false;
    file.git_oid = catalog::git_blob_oid(content);
    return file;
  }
  catalog::PlannedFile lfs_file(const std::string& path, const std::string& content) {
    put_blob(content);
    return TestStore::file(path, content);
  }
  void put_blob(const std::string& content) {
    const std::string part = layout_.staging_root() + "/part";
    must(write_file_atomic(posix_files(), part, content, 0600));
    must(storage::BlobStore(posix_files(), layout_)
             .commit(part, sha256_hex(content), content.size()));
  }
  void store(const std::string& name, const std::string& revision, const std::string& commit,
             const std::vector<catalog::PlannedFile>& files) {
    store_.ask(name, "ada", revision);
    store_.finish(store_.claim(), files, commit);
  }
  void follow(Files& files = posix_files()) {
    static_cast<void>(follow_rows(store_.db(), files, layout_, seen_));
  }
  std::string cache(const std::string& path) { return layout_.hf_cache_dir() + "/" + path; }
  /// As a client does: through every symlink.
  std::string read(const std::string& path) {
    std::ifstream file(cache(path), std::ios::binary);
    if (!file) return "(absent)";
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// By the name of a branch or tag, as hf_hub_download does offline.
  std::string read_at(const std::string& repo, const std::string& ref, const std::string& path) {
    const std::string commit = read(repo + "/refs/" + ref);
    return read(repo + "/snapshots/" + commit + "/" + path);
  }
  catalog::Model model(const std::string& name) {
    return *must(catalog::find_model_named(store_.db(), name));
  }

  TestStore store_;
  TempFolder mount_;
  storage::Layout layout_{mount_.path(), store_.folder()};
  Seen seen_;
};

TEST_F(ViewTest, is_laid_out_as_the_hub_client_does_it) {
  store("acme/tiny", "main", kFirst,
        {git_file("config.json", "{}"), lfs_file("onnx/fp16/model.onnx", "weights")});
  follow();
  const std::string repo = "models--acme--tiny";
  EXPECT_EQ(read(repo + "/refs/main"), kFirst) << "no newline";
  EXPECT_EQ(fs::read_symlink(cache(repo + "/snapshots/" + kFirst + "/config.json")),
            "../../blobs/" + catalog::git_blob_oid("{}"));
  EXPECT_EQ(fs::read_symlink(cache(repo + "/snapshots/" + kFirst + "/onnx/fp16/model.onnx")),
            "../../../../blobs/" + sha256_hex("weights"));
  EXPECT_EQ(read_at(repo, "main", "onnx/fp16/model.onnx"), "weights");
  EXPECT_EQ(read("CACHEDIR.TAG").substr(0, 43), "Signature: 8a477f597d28d172789f06886806bc55");
  const std::string tree = read(repo + "/trees/" + kFirst + ".json");
  EXPECT_NE(tree.find("\"config.json\":{\"size\":2,\"blob_id\":\"" + catalog::git_blob_oid("{}")),
            std::string::npos)
      << tree;
  EXPECT_NE(tree.find("\"lfs_sha256\":\"" + sha256_hex("weights")), std::string::npos) << tree;
}

TEST_F(ViewTest, takes_no_space_and_anyone_may_read_it) {
  store("acme/tiny", "main", kFirst, {lfs_file("model.bin", std::string(200'000, 'x'))});
  const ::mode_t umask_before = ::umask(077);
  follow();
  ::umask(umask_before);
  const std::string sha = sha256_hex(std::string(200'000, 'x'));
  const auto shown = must(posix_files().stat(cache("models--acme--tiny/blobs/" + sha)));
  EXPECT_EQ(shown.inode, must(posix_files().stat(layout_.blob(sha))).inode);
  for (const auto& entry : fs::recursive_directory_iterator(layout_.hf_cache_dir())) {
    if (entry.is_symlink()) continue;
    const auto permissions = entry.status().permissions();
    EXPECT_NE(permissions & fs::perms::others_read, fs::perms::none) << entry.path();
    if (entry.is_regular_file()) {
      EXPECT_EQ(permissions & fs::perms::owner_write, fs::perms::none) << entry.path();
    }
  }
}

TEST_F(ViewTest, shows_revisions_side_by_side_and_what_they_share_once) {
  const auto shared = lfs_file("model.bin", "weights");
  store("acme/tiny", "main", kFirst, {shared, git_file("README.md", "one")});
  store("acme/tiny", "refs/pr/1", kSecond, {shared, git_file("README.md", "two")});
  follow();
  const std::string repo = "models--acme--tiny";
  EXPECT_EQ(read_at(repo, "main", "README.md"), "one");
  EXPECT_EQ(read_at(repo, "refs/pr/1", "README.md"), "two");
  EXPECT_EQ(must(storage::list_folder(cache(repo + "/blobs"))).size(), 3U);
  must(catalog::delete_revision(store_.db(), model("acme/tiny"), kSecond, store_.now()));
  follow();
  EXPECT_EQ(read_at(repo, "refs/pr/1", "README.md"), "(absent)");
  EXPECT_EQ(must(storage::list_folder(cache(repo + "/blobs"))).size(), 2U);
  EXPECT_EQ(read_at(repo, "main", "model.bin"), "weights");
}

TEST_F(ViewTest, follows_deletes_and_new_names) {
  store("gpt2", "main", kFirst, {git_file("config.json", "{}")});
  follow();
  EXPECT_EQ(read_at("models--gpt2", "main", "config.json"), "{}");
  must(catalog::delete_model(store_.db(), model("gpt2").id, store_.now()));
  follow();
  EXPECT_FALSE(fs::exists(cache("models--gpt2")));
  EXPECT_TRUE(fs::exists(cache("CACHEDIR.TAG")));
}

TEST_F(ViewTest, a_selection_has_no_listing_that_would_call_it_incomplete) {
  catalog::Asking asking{.name = "acme/tiny", .revision = "main", .allow_patterns = {"*.json"}};
  asking.username = "ada";
  must(catalog::ask_for_model(store_.db(), asking, store_.now()));
  const auto claim = store_.claim();
  catalog::ModelFacts facts;
  facts.commit = kFirst;
  must(catalog::save_facts(store_.db(), claim, facts));
  const std::vector files{git_file("config.json", "{}")};
  catalog::Plan plan{.files = files, .complete = false};
  plan.wanted_version = must(catalog::find_download(store_.db(), claim.download_id)).wanted_version;
  must(catalog::save_plan(store_.db(), claim, plan));
  for (const auto status :
       {catalog::DownloadStatus::downloading, catalog::DownloadStatus::verifying,
        catalog::DownloadStatus::publishing}) {
    must(catalog::move_to(store_.db(), claim, status));
  }
  must(catalog::publish(store_.db(), claim, TestStore::published(files), store_.now()));
  follow();
  EXPECT_EQ(read_at("models--acme--tiny", "main", "config.json"), "{}");
  EXPECT_FALSE(fs::exists(cache("models--acme--tiny/trees")));
}

TEST_F(ViewTest, repairs_whatever_someone_did_to_it) {
  store("acme/tiny", "main", kFirst, {lfs_file("model.bin", "weights"), git_file("a/b", "c")});
  follow();
  const std::string repo = "models--acme--tiny";
  const std::vector<std::string> damages = {"/refs/main",
                                            "/blobs/" + sha256_hex("weights"),
                                            "/snapshots/" + kFirst + "/model.bin",
                                            "/snapshots/" + kFirst,
                                            "/trees",
                                            ""};
  for (const std::string& damage : damages) {
    fs::remove_all(cache(repo + damage));
    seen_.clear();
    follow();
    EXPECT_EQ(read_at(repo, "main", "model.bin"), "weights") << damage;
    EXPECT_EQ(read_at(repo, "main", "a/b"), "c") << damage;
    EXPECT_TRUE(fs::exists(cache(repo + "/trees/" + kFirst + ".json"))) << damage;
  }
  fs::permissions(cache(repo + "/refs/main"), fs::perms::owner_all);
  std::ofstream(cache(repo + "/refs/main")) << kSecond;
  std::ofstream(cache(repo + "/refs/other")) << kSecond;
  seen_.clear();
  follow();
  EXPECT_EQ(read(repo + "/refs/main"), kFirst);
  EXPECT_FALSE(fs::exists(cache(repo + "/refs/other")));
}

TEST_F(ViewTest, changes_nothing_where_nothing_changed) {
  store("acme/tiny", "main", kFirst, {lfs_file("model.bin", "weights")});
  follow();
  FaultyFiles counting(posix_files(), 0);
  seen_.clear();
  follow(counting);
  EXPECT_EQ(counting.calls(), 0);
}

TEST_F(ViewTest, leaves_alone_what_a_client_downloaded_there) {
  fs::create_directories(cache("models--acme--tiny/blobs"));
  fs::create_directories(cache("models--else--where/blobs"));
  std::ofstream(cache("models--acme--tiny/blobs/abc")) << "mine";
  std::ofstream(cache("models--else--where/blobs/abc")) << "mine";
  store("acme/tiny", "main", kFirst, {lfs_file("model.bin", "weights")});
  follow();
  EXPECT_EQ(read("models--acme--tiny/blobs/abc"), "mine");
  EXPECT_EQ(read("models--else--where/blobs/abc"), "mine");
}

TEST_F(ViewTest, a_revision_that_lost_its_bytes_is_left_out) {
  store("acme/tiny", "main", kFirst, {lfs_file("model.bin", "weights")});
  store("acme/tiny", "dev", kSecond, {lfs_file("model.bin", "other weights")});
  fs::remove(layout_.blob(sha256_hex("weights")));
  follow();
  EXPECT_FALSE(fs::exists(cache("models--acme--tiny/refs/main")));
  EXPECT_EQ(read_at("models--acme--tiny", "dev", "model.bin"), "other weights");
}

TEST_F(ViewTest, links_to_the_blob_by_name_where_the_disk_has_no_hard_links) {
  class NoLinks : public FaultyFiles {
   public:
    NoLinks() : FaultyFiles(posix_files(), 0) {}
    Result<> link(const std::string& /*existing*/, const std::string& name) override {
      return tl::unexpected{errno_error(EPERM, "link", name)};
    }
  };
  store("acme/tiny", "main", kFirst, {lfs_file("d/model.bin", "weights")});
  NoLinks files;
  follow(files);
  EXPECT_TRUE(fs::is_symlink(cache("models--acme--tiny/blobs/" + sha256_hex("weights"))));
  EXPECT_EQ(read_at("models--acme--tiny", "main", "d/model.bin"), "weights");
  seen_.clear();
  FaultyFiles counting(posix_files(), 0);
  follow(counting);
  EXPECT_EQ(counting.calls(), 0);
}

TEST_F(ViewTest, a_tag_below_the_name_of_a_branch_gives_way) {
  store("acme/tiny", "v1", kFirst, {git_file("a", "1")});
  store("acme/tiny", "v1/rc", kSecond, {git_file("a", "2")});
  follow();
  EXPECT_EQ(read_at("models--acme--tiny", "v1", "a"), "1");
  EXPECT_EQ(read("models--acme--tiny/snapshots/" + kSecond + "/a"), "2");
}

TEST_F(ViewTest, F01_is_old_or_new_whichever_call_the_death_falls_on) {
  store("acme/tiny", "main", kFirst, {git_file("a", "1"), git_file("d/b", "2")});
  follow();
  store("acme/tiny", "dev", kSecond, {git_file("a", "3")});
  const std::string repo = "models--acme--tiny";
  for (int call = 1;; ++call) {
    ASSERT_LT(call, 200);
    seen_.clear();
    FaultyFiles dying(posix_files(), call, true);
    follow(dying);
    EXPECT_EQ(read_at(repo, "main", "a"), "1") << call;
    EXPECT_EQ(read_at(repo, "main", "d/b"), "2") << call;
    const std::string dev = read_at(repo, "dev", "a");
    EXPECT_TRUE(dev == "3" || dev == "(absent)") << call;
    if (dying.calls() < call) break;
    // The next round begins from the old one again.
    must(sweep_asides(posix_files(), layout_));
    seen_.clear();
    follow();
    EXPECT_EQ(read_at(repo, "dev", "a"), "3") << call;
    EXPECT_TRUE(must(storage::list_folder(layout_.staging_root())).empty()) << call;
    fs::remove_all(cache(repo + "/snapshots/" + kSecond));
  }
}

TEST_F(ViewTest, shows_what_is_about_to_be_ready_and_takes_it_back) {
  store("acme/tiny", "main", kFirst, {git_file("a", "1")});
  put_blob("new");
  Coming coming{.commit = kSecond, .revision = "main", .in_folder = true, .complete = true};
  coming.files.push_back({"a", 3, sha256_hex("new"), catalog::git_blob_oid("new"), {}});
  const FileLock lock = must(lock_view(layout_));
  must(show_coming(store_.db(), posix_files(), layout_, "acme/tiny", coming, lock));
  EXPECT_EQ(read_at("models--acme--tiny", "main", "a"), "new");
  EXPECT_EQ(read("models--acme--tiny/snapshots/" + kFirst + "/a"), "1");
  must(show_model(store_.db(), posix_files(), layout_, "acme/tiny", lock));
  EXPECT_EQ(read_at("models--acme--tiny", "main", "a"), "1");
  EXPECT_FALSE(fs::exists(cache("models--acme--tiny/snapshots/" + kSecond)));
}

}  // namespace
}  // namespace modelkeep::view
