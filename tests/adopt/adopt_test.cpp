#include "adopt/adopt.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file_lock.h"
#include "catalog/stats.h"
#include "storage/model_folder.h"
#include "storage/mount.h"
#include "tests/support/test_store.h"

namespace modelkeep::adopt {
namespace {

/// A mount with an open catalog, and whatever a test puts there by hand.
class Mount {
 public:
  Mount() : layout_(folder_.path()) {
    must(storage::open_mount(posix_files(), layout_));
    for (const std::string& name :
         {layout_.state_dir(), layout_.locks_dir(), layout_.backups_dir()}) {
      std::filesystem::create_directories(name);
    }
    paths_ = {layout_.state_dir(),     layout_.database(),    layout_.db_write_lock(),
              layout_.lock("prepare"), layout_.backups_dir(), layout_.ballast()};
    must(catalog::prepare(paths_, clock_));
    db_.emplace(must(catalog::open(paths_)));
  }

  void put(const std::string& path, const std::string& content) {
    const std::string whole = folder_.path() + "/" + path;
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    std::ofstream(whole, std::ios::binary) << content;
  }
  Report adopt() { return must(adopt::adopt(*db_, posix_files(), layout_, clock_)); }
  catalog::Asked ask(const std::string& name) {
    catalog::Asking asking;
    asking.name = name;
    asking.username = "eve";
    return must(catalog::ask_for_model(*db_, asking, clock_.now()));
  }
  sqlite::Connection& db() { return *db_; }
  ManualClock& clock() { return clock_; }
  const storage::Layout& layout() const { return layout_; }
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

 private:
  TempFolder folder_;
  storage::Layout layout_;
  ManualClock clock_;
  catalog::StatePaths paths_;
  std::optional<sqlite::Connection> db_;
};

ino_t inode(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

TEST(Adopt, offers_folders_that_were_put_there_by_hand) {
  Mount mount;
  mount.put("gpt2/config.json", "{}");
  mount.put("loose file", "x");
  const Waiting waiting = must(find_waiting(mount.db(), mount.layout()));
  EXPECT_EQ(waiting.folders, (std::vector<std::string>{"gpt2"}));
  EXPECT_FALSE(waiting.has_old_database);
  EXPECT_TRUE(must(catalog::recent_activity(mount.db())).empty());
}

TEST(Adopt, hashes_links_and_registers_a_folder) {
  Mount mount;
  mount.put("gpt2/config.json", "{}");
  mount.put("gpt2/onnx/model.onnx", "weights");
  const Report report = mount.adopt();
  EXPECT_TRUE(report.complaints.empty());
  ASSERT_EQ(report.folders.size(), 1u);
  EXPECT_EQ(report.folders[0].files, 2);
  const catalog::Model model = must(catalog::find_model(mount.db(), "gpt2"));
  EXPECT_EQ(model.status, catalog::ModelStatus::ready);
  EXPECT_EQ(model.integrity, catalog::Integrity::unverified);
  EXPECT_EQ(model.size_bytes, 9);
  const auto files = must(catalog::model_files(mount.db(), model.pk));
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[1].path, "onnx/model.onnx");
  EXPECT_EQ(files[1].sha256, sha256_hex("weights"));
  EXPECT_EQ(files[0].git_oid, "9e26dfeeb6e641a33dae4961196235bdb965b21b");
  EXPECT_EQ(inode(mount.path("gpt2/onnx/model.onnx")), inode(mount.layout().blob(files[1].sha256)));
  struct stat found {};
  ::stat(mount.path("gpt2/config.json").c_str(), &found);
  EXPECT_EQ(found.st_mode & 0777u, 0444u);
  EXPECT_TRUE(must(find_waiting(mount.db(), mount.layout())).empty());
  EXPECT_TRUE(mount.adopt().folders.empty());
}

TEST(Adopt, stores_the_same_content_once) {
  Mount mount;
  mount.put("a/w", "same");
  mount.put("b/w", "same");
  EXPECT_EQ(mount.adopt().folders.size(), 2u);
  EXPECT_EQ(inode(mount.path("a/w")), inode(mount.path("b/w")));
  EXPECT_EQ(must(catalog::totals(mount.db())).stored_bytes, 4);
  EXPECT_EQ(must(catalog::totals(mount.db())).total_size_bytes, 8);
}

TEST(Adopt, keeps_what_the_old_database_knows) {
  Mount mount;
  mount.put("google_flan-t5-small/w", "weights");
  mount.put("models_db.json", R"({"models": [
    {"id": "google_flan-t5-small", "name": "google/flan-t5-small", "status": "ready",
     "downloaded_at": "2025-11-02T08:15:30Z",
     "stats": {"download_count": 5, "access_count": 2, "first_downloaded_by": "john",
               "first_downloaded_from": "192.168.1.100"}},
    {"id": "gone", "name": "gone"}],
    "usage": [
     {"timestamp": "2025-11-02T08:15:30Z", "action": "download", "model_id": "google_flan-t5-small",
      "username": "john", "ip_address": "192.168.1.100"},
     {"timestamp": "2025-11-02T08:16:00Z", "action": "list", "username": "mary",
      "ip_address": "::1"}]})");
  EXPECT_TRUE(must(find_waiting(mount.db(), mount.layout())).has_old_database);
  const Report report = mount.adopt();
  EXPECT_EQ(report.uses, 2);
  ASSERT_EQ(report.complaints.size(), 1u);
  EXPECT_NE(report.complaints[0].what.find("gone"), std::string::npos);
  const catalog::Model model = must(catalog::find_model(mount.db(), "google_flan-t5-small"));
  EXPECT_EQ(model.name, "google/flan-t5-small");
  EXPECT_EQ(model.first_downloaded_by, "john");
  EXPECT_EQ(model.first_downloaded_from, "192.168.1.100");
  EXPECT_EQ(model.downloaded_at->ms, 1'762'071'330'000);
  EXPECT_EQ(model.stats.download_count, 5);
  EXPECT_EQ(model.stats.access_count, 2);
  EXPECT_EQ(must(catalog::totals(mount.db())).total_requests, 2);
  EXPECT_EQ(must(catalog::totals(mount.db())).unique_users, 2);
  EXPECT_EQ(mount.ask("google/flan-t5-small").outcome, catalog::AskOutcome::already_there);
  // Its records are not counted again.
  EXPECT_EQ(mount.adopt().uses, 0);
  EXPECT_EQ(must(catalog::totals(mount.db())).total_requests, 2);
  EXPECT_TRUE(std::filesystem::exists(mount.path("models_db.json")));
}

TEST(Adopt, of_a_damaged_old_database_keeps_its_good_rows) {
  Mount mount;
  mount.put("one/w", "1");
  mount.put("two/w", "2");
  mount.put("models_db.json",
            R"({"models": [{"id": "one", "name": "org/one"}, {"id": "one", "name": "org/x"}, )"
            R"({"id": "two", "name": "org/t)");
  const Report report = mount.adopt();
  EXPECT_EQ(report.folders.size(), 2u);
  EXPECT_EQ(must(catalog::find_model(mount.db(), "one")).name, "org/one");
  EXPECT_EQ(must(catalog::find_model(mount.db(), "two")).name, "two");
  EXPECT_GE(report.complaints.size(), 2u);
}

TEST(Adopt, lets_the_first_to_ask_say_what_an_unnamed_folder_is) {
  Mount mount;
  mount.put("google_flan-t5-small/w", "weights");
  mount.adopt();
  const catalog::Asked asked = mount.ask("google/flan-t5-small");
  EXPECT_EQ(asked.outcome, catalog::AskOutcome::queued);
  EXPECT_EQ(asked.model.id, "google_flan-t5-small");
  EXPECT_EQ(asked.model.name, "google/flan-t5-small");
  EXPECT_EQ(asked.model.status, catalog::ModelStatus::ready);
  EXPECT_TRUE(asked.download->in_folder);
  const std::string id_as_name = "google_flan-t5-small";
  EXPECT_EQ(mount.ask(id_as_name).model.id, id_as_name + "~" + sha256_hex(id_as_name).substr(0, 8));
  EXPECT_TRUE(must(catalog::blob_exists(mount.db(), sha256_hex("weights"))));
}

TEST(Adopt, leaves_a_folder_that_a_store_may_swap) {
  Mount mount;
  mount.put("gpt2/w", "weights");
  mount.put("gpt2/.cache/huggingface/download/w.metadata", "trace of a Hub client");
  const Report report = mount.adopt();
  EXPECT_TRUE(report.complaints.empty());
  EXPECT_EQ(report.folders[0].files, 1);
  const std::string aside = mount.layout().staged_tree(1);
  must(storage::build_folder(posix_files(), mount.layout(), aside, {{"w", sha256_hex("weights")}}));
  EXPECT_TRUE(storage::swap_in(posix_files(), aside, mount.path("gpt2")));
}

TEST(Adopt, takes_a_folder_that_was_asked_for_before_anyone_looked) {
  Mount mount;
  mount.put("gpt2/w", "weights");
  const auto pk = mount.ask("gpt2").model.pk;
  EXPECT_EQ(mount.adopt().folders.size(), 1u);
  const catalog::Model model = must(catalog::find_model(mount.db(), "gpt2"));
  EXPECT_EQ(model.pk, pk);
  EXPECT_EQ(model.status, catalog::ModelStatus::ready);
  EXPECT_FALSE(model.complete);
  EXPECT_EQ(mount.ask("gpt2").outcome, catalog::AskOutcome::joined);
}

TEST(Adopt, says_what_it_could_not_use) {
  Mount mount;
  mount.put("good/w", "1");
  std::filesystem::create_symlink("/etc/hostname", mount.path("good/link"));
  mount.put("bad name/w", "1");
  std::filesystem::create_directories(mount.path("empty"));
  std::filesystem::create_directory_symlink(mount.path("good"), mount.path("other"));
  const Report report = mount.adopt();
  ASSERT_EQ(report.folders.size(), 1u);
  EXPECT_EQ(report.complaints.size(), 3u);
  for (const Complaint& complaint : report.complaints) {
    EXPECT_FALSE(complaint.why.empty()) << complaint.what;
  }
  EXPECT_EQ(must(catalog::model_files(mount.db(), must(catalog::find_model(mount.db(), "good")).pk))
                .size(),
            1u);
}

TEST(Adopt, works_beside_another_writer_and_leaves_a_folder_that_is_being_published) {
  Mount mount;
  mount.put("a/w", "1");
  mount.put("b/w", "2");
  const auto publisher = must(FileLock::try_take(mount.layout().folder_lock("a")));
  const Report report = mount.adopt();
  ASSERT_EQ(report.folders.size(), 1u);
  EXPECT_EQ(report.folders[0].id, "b");
  EXPECT_EQ(report.complaints.size(), 1u);
}

}  // namespace
}  // namespace modelkeep::adopt
