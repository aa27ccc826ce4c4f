// Updates and revisions side by side: what is fetched, what readers keep, what stays and what goes.
#include "catalog/revisions.h"

#include <fcntl.h>
#include <unistd.h>

#include "fetch/lookout.h"
#include "fetch/removals.h"
#include "sweep/blobs.h"
#include "sweep/folders.h"
#include "tests/fetch/fetch_fixture.h"
#include "tests/support/faulty_files.h"

namespace modelkeep::fetch {
namespace {

using standin::Call;

/// From the swap of a folder on, the database takes nothing any more, as from a process that died.
class DiesAfterTheSwap : public FaultyFiles {
 public:
  DiesAfterTheSwap() : FaultyFiles(posix_files(), 0) {}
  Result<> exchange(const std::string& a, const std::string& b) override {
    TRY(FaultyFiles::exchange(a, b));
    swapped();
    return {};
  }
  std::function<void()> swapped = [] {};
};

class Revisions : public FetchTest {
 protected:
  std::int64_t update(const std::string& id) {
    const auto asked =
        must(catalog::ask_for_update(db(), id, {"ada", "10.0.0.7"}, system_clock().now()));
    return asked.download->id;
  }
  void push(const char* repo) { hub_->repos().change(repo, standin::with_a_new_commit); }
  catalog::Model model(const std::string& id) { return must(catalog::find_model(db(), id)); }
  std::string commit_of(const char* repo, const char* revision = "main") {
    return hub_->repos().find(repo)->resolve(revision)->commit;
  }
  std::string read_revision(const std::string& id, const std::string& commit,
                            const std::string& path) {
    return read_file(posix_files(), layout().revision_dir(id, commit) + "/" + path,
                     std::uint64_t{1} << 30)
        .value_or("(absent)");
  }
};

TEST_F(Revisions, an_update_fetches_only_what_changed) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  push("test/tiny");
  const auto before = hub_->log();
  EXPECT_EQ(status_of(finish(update("test_tiny"))), "ready");
  const auto after = hub_->log();
  EXPECT_EQ(after.count(Call::resolve) - before.count(Call::resolve), 2U) << "README and MOVED";
  EXPECT_EQ(after.count(Call::cdn), before.count(Call::cdn));
  expect_whole("test_tiny", "test/tiny");
  EXPECT_EQ(model("test_tiny").commit, commit_of("test/tiny"));
}

TEST_F(Revisions, an_update_that_died_after_its_swap_and_is_cancelled_leaves_what_the_rows_say) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const std::string old_readme = read("test_tiny", "README.md");
  push("test/tiny");
  const std::int64_t id = update("test_tiny");
  DiesAfterTheSwap files;
  files.swapped = [this] { must(db().execute("PRAGMA query_only = ON")); };
  around_.files = &files;
  const auto claimed = must(catalog::claim_next_queued(db(), system_clock().now()));
  EXPECT_FALSE(run_job(around_, db(), *claimed, {}));
  around_.files = &posix_files();
  must(db().execute("PRAGMA query_only = OFF"));
  EXPECT_NE(read("test_tiny", "README.md"), old_readme);
  EXPECT_EQ(read_cached("test/tiny", "main", "README.md"), old_readme) << "the row did not move";
  must(catalog::cancel_download(db(), id, system_clock().now()));
  must(execute_removals(around_, db()));
  EXPECT_EQ(read_cached("test/tiny", "main", "README.md"), old_readme);
  EXPECT_EQ(read("test_tiny", "README.md"), old_readme);
  EXPECT_TRUE(staged().empty());
}

TEST_F(Revisions, readers_keep_their_open_files_through_an_update) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const std::string old_readme = read("test_tiny", "README.md");
  const Fd open_file(::open(layout().model_file("test_tiny", "README.md").c_str(), O_RDONLY));
  push("test/tiny");
  EXPECT_EQ(status_of(finish(update("test_tiny"))), "ready");
  std::string bytes(old_readme.size() + 100, '\0');
  const ssize_t got = ::pread(open_file.get(), bytes.data(), bytes.size(), 0);
  EXPECT_EQ(bytes.substr(0, static_cast<std::size_t>(got)), old_readme);
  EXPECT_NE(read("test_tiny", "README.md"), old_readme);
}

TEST_F(Revisions, the_old_one_stays_readable_until_it_is_removed) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const std::string old_readme = read("test_tiny", "README.md");
  const std::string old_commit = commit_of("test/tiny");
  push("test/tiny");
  EXPECT_EQ(status_of(finish(update("test_tiny"))), "ready");
  EXPECT_EQ(read_revision("test_tiny", old_commit, "README.md"), old_readme);
  EXPECT_EQ(read_revision("test_tiny", old_commit, "model.safetensors"),
            read("test_tiny", "model.safetensors"));
  const auto blobs = must(storage::BlobStore(posix_files(), layout()).list()).size();

  must(catalog::delete_revision(db(), model("test_tiny"), old_commit, system_clock().now()));
  must(execute_removals(around_, db()));
  must(sweep::sweep_blobs(db(), posix_files(), layout()));
  EXPECT_EQ(read_revision("test_tiny", old_commit, "README.md"), "(absent)");
  EXPECT_EQ(must(storage::BlobStore(posix_files(), layout()).list()).size(), blobs - 1);
  expect_whole("test_tiny", "test/tiny");
}

TEST_F(Revisions, the_cache_view_follows_updates_and_removals) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const std::string old_readme = read("test_tiny", "README.md");
  const std::string old_commit = commit_of("test/tiny");
  const std::string root = layout().hf_cache_repo("models--test--tiny");
  push("test/tiny");
  EXPECT_EQ(status_of(finish(update("test_tiny"))), "ready");
  EXPECT_NE(read_cached("test/tiny", "main", "README.md"), old_readme);
  EXPECT_TRUE(std::filesystem::exists(root + "/snapshots/" + old_commit + "/README.md"));

  must(catalog::delete_revision(db(), model("test_tiny"), old_commit, system_clock().now()));
  must(execute_removals(around_, db()));
  EXPECT_FALSE(std::filesystem::exists(root + "/snapshots/" + old_commit));
  expect_whole("test_tiny", "test/tiny");

  must(catalog::delete_model(db(), "test_tiny", system_clock().now()));
  must(execute_removals(around_, db()));
  EXPECT_FALSE(std::filesystem::exists(root));
}

TEST_F(Revisions, an_update_without_news_changes_nothing_and_fetches_nothing) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const auto before = hub_->log().count(Call::resolve);
  EXPECT_EQ(status_of(finish(update("test_tiny"))), "ready");
  EXPECT_EQ(hub_->log().count(Call::resolve), before);
  EXPECT_EQ(must(catalog::model_revisions(db(), model("test_tiny").pk)).size(), 1U);
  expect_whole("test_tiny", "test/tiny");
}

TEST_F(Revisions, of_every_kind_live_side_by_side) {
  EXPECT_EQ(status_of(bring("test/history")), "ready");
  const std::string first = commit_of("test/history", "v1");
  for (const std::string& revision :
       {std::string("v1"), std::string("dev"), std::string("refs/pr/1"), first}) {
    const std::int64_t id = ask(catalog::Asking{.name = "test/history", .revision = revision});
    if (id != 0) {
      EXPECT_EQ(status_of(finish(id)), "ready") << revision;
    }
  }
  EXPECT_EQ(must(catalog::model_revisions(db(), model("test_history").pk)).size(), 4U);
  EXPECT_EQ(read("test_history", "old.txt"), "(absent)");
  EXPECT_EQ(read_revision("test_history", first, "old.txt"), "only in the first commit\n");
  EXPECT_EQ(read_revision("test_history", commit_of("test/history", "refs/pr/1"), "proposal.txt"),
            "only in the proposal\n");
  EXPECT_EQ(model("test_history").commit, commit_of("test/history"));
}

TEST_F(Revisions, a_second_selection_of_the_same_commit_takes_nothing_away) {
  catalog::Asking one{.name = "test/formats", .allow_patterns = {"*Q4_K_M*"}};
  EXPECT_EQ(status_of(bring(one)), "ready");
  catalog::Asking other{.name = "test/formats", .allow_patterns = {"*Q8_0*"}};
  EXPECT_EQ(status_of(bring(other)), "ready");
  EXPECT_NE(read("test_formats", "tiny.Q4_K_M.gguf"), "(absent)");
  EXPECT_NE(read("test_formats", "tiny.Q8_0.gguf"), "(absent)");
  EXPECT_EQ(read("test_formats", "config.json"), "(absent)");
  EXPECT_EQ(ask(one), 0) << "it is there, in words that it was made from";
}

TEST_F(Revisions, the_same_commit_by_another_name_loses_no_file) {
  EXPECT_EQ(status_of(bring("test/history")), "ready");
  const std::string commit = commit_of("test/history");
  catalog::Asking part{.name = "test/history", .revision = commit, .allow_patterns = {"*.txt"}};
  const std::int64_t id = ask(part);
  if (id != 0) {
    EXPECT_EQ(status_of(finish(id)), "ready");
  }
  EXPECT_TRUE(model("test_history").complete);
  expect_whole("test_history", "test/history");
}

TEST_F(Revisions, a_lost_folder_is_built_again_out_of_blobs) {
  EXPECT_EQ(status_of(bring("test/history")), "ready");
  EXPECT_EQ(status_of(bring(catalog::Asking{.name = "test/history", .revision = "v1"})), "ready");
  const std::string first = commit_of("test/history", "v1");
  std::filesystem::remove_all(layout().model_dir("test_history"));
  std::filesystem::remove_all(layout().revision_dir("test_history", first));
  must(sweep::note_missing_folders(db(), posix_files(), layout()));
  EXPECT_EQ(text(model("test_history").integrity), "missing");
  EXPECT_EQ(must(sweep::rebuild_lost_folders(db(), posix_files(), layout())), 2);
  EXPECT_EQ(text(model("test_history").integrity), "verified");
  expect_whole("test_history", "test/history");
  EXPECT_EQ(read_revision("test_history", first, "old.txt"), "only in the first commit\n");
  EXPECT_EQ(must(sweep::rebuild_lost_folders(db(), posix_files(), layout())), 0);
}

TEST_F(Revisions, a_folder_whose_bytes_are_lost_too_stays_missing) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  const auto files = must(catalog::model_files(db(), model("test_tiny").pk));
  std::filesystem::remove_all(layout().model_dir("test_tiny"));
  std::filesystem::remove(layout().blob(files.front().sha256));
  must(sweep::note_missing_folders(db(), posix_files(), layout()));
  EXPECT_EQ(must(sweep::rebuild_lost_folders(db(), posix_files(), layout())), 0);
  EXPECT_EQ(text(model("test_tiny").integrity), "missing");
  EXPECT_FALSE(std::filesystem::exists(layout().model_dir("test_tiny")));
}

class LookForNewer : public Revisions {
 protected:
  void SetUp() override {
    Revisions::SetUp();
    config_.look_for_newer_every_ms = [] { return std::int64_t{3'600'000}; };
  }
  bool look(int hours_from_now) {
    const Time then{system_clock().now().ms + std::int64_t{hours_from_now} * 3'600'000 + 1'000};
    return must(look_for_newer(around_, db(), then));
  }
};

TEST_F(LookForNewer, notices_a_push_and_asks_no_more_often_than_told) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  EXPECT_FALSE(look(0));
  EXPECT_TRUE(look(1));
  EXPECT_EQ(model("test_tiny").newer_commit, "");
  EXPECT_FALSE(look(1));
  push("test/tiny");
  EXPECT_TRUE(look(3));
  EXPECT_EQ(model("test_tiny").newer_commit, commit_of("test/tiny"));
}

TEST_F(LookForNewer, asks_conditionally_and_for_little) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  look(1);
  look(3);
  const auto log = hub_->log();
  const auto& last = log.requests.back();
  EXPECT_EQ(last.status, 304);
  EXPECT_EQ(last.body_bytes, 0U);
  EXPECT_NE(last.target.find("expand=sha"), std::string::npos);
}

TEST_F(LookForNewer, is_off_when_switched_off) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  config_.look_for_newer_every_ms = [] { return std::int64_t{0}; };
  EXPECT_FALSE(look(100));
}

TEST_F(LookForNewer, takes_a_refusal_for_an_answer_and_an_outage_for_none) {
  EXPECT_EQ(status_of(bring("test/tiny")), "ready");
  fault(R"({"kind":"status","status":503,"call":"info"})");
  const Time later{system_clock().now().ms + 2 * 3'600'000};
  EXPECT_EQ(code_of(look_for_newer(around_, db(), later)), "upstream_unavailable");
  fault(R"({"kind":"repo_deleted","call":"info"})");
  EXPECT_TRUE(look(2)) << "still due after the outage";
  EXPECT_FALSE(look(2));
  EXPECT_EQ(text(model("test_tiny").status), "ready");
}

}  // namespace
}  // namespace modelkeep::fetch
