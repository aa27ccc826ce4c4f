// A folder of this machine becomes a model: what is taken, what is refused, and what a death
// leaves.
#include "fetch/import/import.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/local_models.h"
#include "catalog/revisions.h"
#include "fetch/local_job.h"
#include "fetch/queue.h"
#include "sweep/blobs.h"
#include "tests/fetch/fetch_fixture.h"
#include "tests/support/faulty_files.h"

namespace modelkeep::fetch {
namespace {

namespace fs = std::filesystem;

struct stat facts_of(const std::string& path) {
  struct stat facts {};
  EXPECT_EQ(::stat(path.c_str(), &facts), 0) << path;
  return facts;
}

/// Dies as by kill -9 in the place of its N-th call that changes something.
class KilledFiles final : public FaultyFiles {
 public:
  KilledFiles(Files& real, int at) : FaultyFiles(real, at, true) {}
  [[noreturn]] static void end() {
    ::kill(::getpid(), SIGKILL);
    std::abort();
  }

 private:
  Error at_failing_call(std::string_view) override { end(); }
};

class ImportTest : public FetchTest {
 protected:
  void put(const std::string& path, const std::string& text) {
    const fs::path file = fs::path(source()) / path;
    fs::create_directories(file.parent_path());
    fs::remove(file);
    std::ofstream(file, std::ios::binary) << text;
  }
  std::string source() const { return folder_.path() + "/tuned"; }
  ImportOrder order(const std::string& name = "team/tuned") {
    return {.folder = source(), .name = name, .username = "ada"};
  }
  Result<ImportReport> import(const ImportOrder& what) {
    return import_folder(db(), posix_files(), layout(), system_clock(), what);
  }
  ImportReport import() { return must(import(order())); }
  catalog::Model model() { return must(catalog::find_model(db(), "team_tuned")); }
  void put_small_model() {
    put("config.json", "{\"a\":1}\n");
    put("weights/model.safetensors", std::string(100'000, 'w'));
    put("empty.txt", "");
  }
  TempFolder folder_;
};

TEST_F(ImportTest, makes_a_model_with_a_commit_of_its_own) {
  put_small_model();
  const ImportReport report = import();
  EXPECT_EQ(report.files, 3);
  EXPECT_TRUE(is_lower_hex(report.commit, 40)) << report.commit;
  EXPECT_EQ(model().status, catalog::ModelStatus::ready);
  EXPECT_EQ(model().integrity, catalog::Integrity::unverified);
  EXPECT_TRUE(model().complete);
  EXPECT_TRUE(model().is_local);
  EXPECT_EQ(model().commit, report.commit);
  EXPECT_EQ(model().format, "safetensors");
  EXPECT_EQ(model().first_downloaded_by, "ada");
  EXPECT_EQ(read("team_tuned", "config.json"), "{\"a\":1}\n");
  EXPECT_EQ(read("team_tuned", "empty.txt"), "");
  const auto held = must(catalog::find_revision(db(), model().pk, "main"));
  ASSERT_TRUE(held);
  EXPECT_EQ(held->commit, report.commit);
  const auto files = must(catalog::revision_files(db(), held->pk));
  ASSERT_EQ(files.size(), 3U);
  EXPECT_FALSE(files[0].git_oid.empty()) << "a small text is what git keeps";
  EXPECT_EQ(facts_of(layout().blob(files[2].sha256)).st_ino,
            facts_of(layout().model_file("team_tuned", files[2].path)).st_ino);
  EXPECT_EQ(facts_of(source() + "/config.json").st_mode & 0200U, 0200U) << "a copy leaves it alone";
  EXPECT_TRUE(storage::list_folder(layout().staging_root())->empty());
}

TEST_F(ImportTest, again_is_the_same_commit_and_a_change_is_another) {
  put_small_model();
  const ImportReport first = import();
  const ImportReport same = import();
  EXPECT_TRUE(same.is_same);
  EXPECT_EQ(same.commit, first.commit);
  EXPECT_EQ(same.stored_before, 3);
  put("config.json", "{\"a\":2}\n");
  fs::remove(source() + "/empty.txt");
  const ImportReport next = import();
  EXPECT_FALSE(next.is_same);
  EXPECT_NE(next.commit, first.commit);
  EXPECT_EQ(read("team_tuned", "config.json"), "{\"a\":2}\n");
  EXPECT_EQ(read("team_tuned", "empty.txt"), "(absent)");
  EXPECT_EQ(must(catalog::model_revisions(db(), model().pk)).size(), 2U);
  EXPECT_TRUE(fs::exists(layout().revision_dir("team_tuned", first.commit) + "/empty.txt"));
}

TEST_F(ImportTest, a_branch_lies_beside_the_folder) {
  put_small_model();
  import();
  put("config.json", "{\"a\":3}\n");
  ImportOrder dev = order();
  dev.revision = "dev";
  const ImportReport report = must(import(dev));
  EXPECT_EQ(read("team_tuned", "config.json"), "{\"a\":1}\n");
  EXPECT_EQ(report.path, layout().revision_dir("team_tuned", report.commit));
  EXPECT_EQ(must(catalog::find_revision(db(), model().pk, "dev"))->commit, report.commit);
}

TEST_F(ImportTest, links_where_told_to_and_makes_the_originals_read_only) {
  put_small_model();
  ImportOrder linked = order();
  linked.taking = Taking::link;
  const ImportReport report = must(import(linked));
  EXPECT_EQ(report.shared, 3);
  const struct stat original = facts_of(source() + "/weights/model.safetensors");
  EXPECT_EQ(original.st_ino,
            facts_of(layout().model_file("team_tuned", "weights/model.safetensors")).st_ino);
  EXPECT_EQ(original.st_mode & 0777U, 0444U);
}

TEST_F(ImportTest, names_every_file_that_cannot_be_a_models) {
  put("good.txt", "x");
  put("inside.txt", "y");
  put("bad\nname", "x");
  put(".modelkeep/blob", "x");
  put(std::string("not utf8 \xff"), "x");
  fs::create_symlink("inside.txt", source() + "/link-inside");
  fs::create_symlink("/etc/passwd", source() + "/link-out");
  fs::create_symlink("../elsewhere", source() + "/link-up");
  ASSERT_EQ(::mkfifo((source() + "/pipe").c_str(), 0600), 0);
  const auto refused = import(order());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, codes::path_invalid);
  const std::string& text = refused.error().message;
  for (const char* part : {"bad\\x0aname", ".modelkeep/blob", "not utf8 \\xff", "link-out",
                           "link-up", "pipe: it is not a regular file"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
  EXPECT_EQ(text.find("link-inside"), std::string::npos) << text;
  EXPECT_FALSE(catalog::find_model(db(), "team_tuned")) << "nothing was begun";
}

TEST_F(ImportTest, follows_a_link_that_stays_inside_and_leaves_what_clients_keep) {
  put("real.txt", "real");
  fs::create_symlink("real.txt", source() + "/alias.txt");
  put(".git/HEAD", "ref");
  put(".cache/huggingface/download/x.metadata", "x");
  const ImportReport report = import();
  EXPECT_EQ(read("team_tuned", "alias.txt"), "real");
  EXPECT_EQ(report.files, 2);
  EXPECT_EQ(report.left, (std::vector<std::string>{".cache/huggingface", ".git"}));
}

TEST_F(ImportTest, refuses_two_names_that_are_one_elsewhere) {
  put("Readme.md", "a");
  put("README.md", "b");
  const auto refused = import(order());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("only by case"), std::string::npos);
}

TEST_F(ImportTest, refuses_orders_that_make_no_sense) {
  put("x", "x");
  EXPECT_EQ(code_of(import(order("no good name"))), codes::repo_id_invalid);
  ImportOrder bad = order();
  bad.revision = std::string(40, 'a');
  EXPECT_EQ(code_of(import(bad)), codes::revision_invalid);
  bad = order();
  bad.folder = folder_.path() + "/absent";
  EXPECT_EQ(code_of(import(bad)), codes::path_invalid);
  bad.folder = layout().mount();
  EXPECT_EQ(code_of(import(bad)), codes::path_invalid);
  fs::create_directories(layout().mount() + "/by-hand");
  bad.folder = layout().mount() + "/by-hand";
  EXPECT_EQ(code_of(import(bad)), codes::path_invalid);
  fs::create_directories(folder_.path() + "/nothing");
  bad.folder = folder_.path() + "/nothing";
  EXPECT_EQ(code_of(import(bad)), codes::path_invalid);
}

TEST_F(ImportTest, leaves_alone_what_a_hub_has) {
  put("x", "x");
  EXPECT_EQ(bring("test/tiny").status, catalog::DownloadStatus::ready);
  EXPECT_EQ(code_of(import(order("test/tiny"))), codes::state_conflict);
  expect_whole("test_tiny", "test/tiny");
  // And no hub is asked about what was imported.
  import();
  catalog::Asking other{.name = "team/tuned", .revision = "other"};
  EXPECT_EQ(code_of(catalog::ask_for_model(db(), other, system_clock().now())),
            codes::state_conflict);
  EXPECT_EQ(code_of(catalog::ask_for_update(db(), "team_tuned", {}, system_clock().now())),
            codes::state_conflict);
  const auto due = must(catalog::next_lookout(db(), Time{system_clock().now().ms + 1'000'000}));
  ASSERT_TRUE(due);
  EXPECT_EQ(due->name, "test/tiny");
}

TEST_F(ImportTest, one_at_a_time_into_one_model) {
  put("x", "x");
  std::optional<FileLock> lock;
  must(catalog::begin_import(
      db(), {.name = "team/tuned"},
      [&](std::int64_t id) -> Result<> {
        lock = must(FileLock::try_take(layout().download_lock(id)));
        return {};
      },
      system_clock().now()));
  const auto second = import(order());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, codes::lock_held);
  lock.reset();
  EXPECT_EQ(import().files, 1);
}

TEST_F(ImportTest, a_fetcher_says_of_one_that_broke_off_how_to_go_on) {
  put_small_model();
  catalog::DownloadPage page;
  for (int at = 9; page.downloads.empty(); ++at) {
    FaultyFiles dying(posix_files(), at, true);
    EXPECT_FALSE(import_folder(db(), dying, layout(), system_clock(), order()));
    page = must(catalog::list_downloads(db(), {}));
  }
  const std::int64_t id = page.downloads.front().id;
  EXPECT_EQ(row(id).status, catalog::DownloadStatus::failed);
  must(catalog::retry_download(db(), id));
  EXPECT_FALSE(must(catalog::claim_next_queued(db(), system_clock().now())))
      << "no hub can bring it";
  EXPECT_TRUE(must(finish_next_local(around_, db())));
  EXPECT_EQ(row(id).error_code, codes::import_broken_off);
  EXPECT_EQ(import().files, 3);
  EXPECT_EQ(row(id).status, catalog::DownloadStatus::ready) << "the same one goes on";
}

TEST_F(ImportTest, killed_at_any_call_it_goes_on_where_it_was) {
  put("x", "before");
  const std::string old_commit = import().commit;
  put_small_model();
  put("x", "after");
  int at = 1;
  for (bool lives = false; !lives && at < 200; ++at) {
    SCOPED_TRACE(at);
    const pid_t child = ::fork();
    if (child == 0) {
      // Its own connection: SQLite's does not outlive a fork.
      auto own = catalog::open(config_.state);
      KilledFiles killed(posix_files(), at);
      const auto done = import_folder(*own, killed, layout(), system_clock(), order());
      ::_exit(done ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    lives = WIFEXITED(status);
    must(sweep::sweep_blobs(db(), posix_files(), layout()));
    const std::string shown = read("team_tuned", "x");
    EXPECT_TRUE(shown == "before" || shown == "after") << shown;
    if (shown == "before") {
      EXPECT_EQ(read("team_tuned", "config.json"), "(absent)");
    }
  }
  EXPECT_GT(at, 20);
  EXPECT_EQ(import().is_same, true);
  EXPECT_EQ(read("team_tuned", "x"), "after");
  EXPECT_EQ(read("team_tuned", "weights/model.safetensors"), std::string(100'000, 'w'));
  EXPECT_EQ(model().status, catalog::ModelStatus::ready);
  EXPECT_NE(model().commit, old_commit);
}

TEST_F(ImportTest, one_that_died_at_the_very_end_is_finished_by_a_fetcher) {
  put_small_model();
  import();
  put("config.json", "{\"a\":2}\n");
  ::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    auto own = catalog::open(config_.state);
    // Dead right behind the swap that shows its folder.
    struct Behind final : FaultyFiles {
      using FaultyFiles::FaultyFiles;
      Result<> exchange(const std::string& a, const std::string& b) override {
        auto swapped = posix_files().exchange(a, b);
        if (b.ends_with("/team_tuned")) KilledFiles::end();
        return swapped;
      }
    } files(posix_files(), 0);
    static_cast<void>(import_folder(*own, files, layout(), system_clock(), order()));
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  Recovery recovery;
  must(recovery.look(layout(), db()));
  EXPECT_EQ(must(recovery.look(layout(), db())), 1);
  EXPECT_TRUE(must(finish_next_local(around_, db())));
  EXPECT_EQ(read("team_tuned", "config.json"), "{\"a\":2}\n");
  const auto held = must(catalog::find_revision(db(), model().pk, "main"));
  EXPECT_EQ(held->commit, model().commit);
  EXPECT_EQ(must(catalog::model_revisions(db(), model().pk)).size(), 2U);
}

}  // namespace
}  // namespace modelkeep::fetch
