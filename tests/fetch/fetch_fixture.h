#pragma once
// A store, its catalog and a fetcher's surroundings on the real disk, fetching from a stand-in hub
// on loopback.
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/file_lock.h"
#include "catalog/ask.h"
#include "catalog/publish.h"
#include "catalog/queue.h"
#include "fetch/job.h"
#include "storage/blob_store.h"
#include "storage/folder_list.h"
#include "storage/mount.h"
#include "tests/hub/catalogs.h"
#include "tests/hub/repo_builder.h"
#include "tests/hub/standin_hub.h"
#include "tests/support/test_store.h"
#include "view/follow.h"

namespace modelkeep::fetch {

class FetchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    must(storage::open_mount(posix_files(), layout()));
    for (const std::string& folder :
         {layout().locks_dir(), layout().run_dir(), layout().backups_dir()})
      must(posix_files().make_folders(folder, 0700));
    config_.state = {.folder = layout().state_dir(),
                     .database = layout().database(),
                     .write_lock = layout().db_write_lock(),
                     .prepare_lock = layout().lock("prepare"),
                     .backups = layout().backups_dir(),
                     .ballast = layout().ballast()};
    must(catalog::prepare(config_.state, system_clock()));
    db_ = std::make_unique<sqlite::Connection>(must(catalog::open(config_.state)));
    hub_ = must(standin::StandinHub::start());
    standin::add_test_catalog(hub_->repos());
    config_.upstream.endpoint = hub_->url();
    // Short enough to end, long enough for a machine that does much else.
    config_.upstream.patience = {.connect_ms = 10'000,
                                 .first_byte_ms = 30'000,
                                 .low_speed_bytes_per_second = 100,
                                 .low_speed_seconds = 30};
    config_.retry = {.base_ms = 10, .ceiling_ms = 50};
    around_.config = &config_;
    around_.files = &posix_files();
    around_.clock = &system_clock();
    around_.open_transport = [this] { return upstream::make_transport(config_.upstream); };
    around_.environment = [this](std::string_view name) -> std::optional<std::string> {
      if (name == "HF_TOKEN" && !token_.empty()) return token_;
      return std::nullopt;
    };
    around_.random = [] { return 0.5; };
    around_.look_every_ms = 20;
    around_.show_every_ms = 20;
  }

  const storage::Layout& layout() const { return config_.layout; }
  sqlite::Connection& db() { return *db_; }
  void fault(std::string_view json) { must(hub_->add_faults(json)); }

  std::int64_t ask(catalog::Asking asking) {
    asking.username = "ada";
    asking.ip_address = "10.0.0.7";
    const auto asked = must(catalog::ask_for_model(db(), asking, system_clock().now()));
    return asked.download ? asked.download->id : 0;
  }
  std::int64_t ask(const std::string& name) { return ask(catalog::Asking{.name = name}); }

  catalog::Download row(std::int64_t id) { return must(catalog::find_download(db(), id)); }

  /// One claim of the queue's first, run to its end. False when nothing could be claimed.
  bool take_turn(std::stop_token stop = {}) {
    const auto claimed = must(catalog::claim_next_queued(db(), system_clock().now()));
    if (!claimed) return false;
    const auto lock = must(FileLock::try_take(layout().download_lock(claimed->id)));
    must(run_job(around_, db(), *claimed, std::move(stop)));
    return true;
  }

  /// Turns until the download is neither queued nor running.
  catalog::Download finish(std::int64_t id) {
    for (int i = 0; i < 400; ++i) {
      const catalog::Download now = row(id);
      if (now.status != catalog::DownloadStatus::queued) return now;
      if (!take_turn()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return row(id);
  }
  catalog::Download bring(const char* name) { return finish(ask(std::string(name))); }
  catalog::Download bring(const std::string& name) { return finish(ask(name)); }
  catalog::Download bring(catalog::Asking asking) { return finish(ask(std::move(asking))); }

  std::string read(const std::string& model_id, const std::string& path) {
    return read_file(posix_files(), layout().model_file(model_id, path), std::uint64_t{1} << 30)
        .value_or("(absent)");
  }

  /// What the promise of a ready model is: every file of upstream's revision, byte for byte.
  void expect_whole(const std::string& model_id, const std::string& repo) {
    const auto found = hub_->repos().find(repo);
    ASSERT_TRUE(found) << repo;
    std::size_t files = 0;
    for (const auto& file : found->head()->files) {
      EXPECT_TRUE(read(model_id, file->path) == file->content.all()) << file->path;
      EXPECT_TRUE(read_cached(repo, "main", file->path) == file->content.all()) << file->path;
      ++files;
    }
    const auto model = must(catalog::find_model(db(), model_id));
    EXPECT_EQ(must(catalog::model_files(db(), model.pk)).size(), files);
  }

  /// The chores that bring the cache view to what rows say.
  void follow_in_view() {
    view::Seen seen;
    must(view::sweep_asides(posix_files(), layout()));
    must(view::follow_rows(db(), posix_files(), layout(), seen));
  }

  /// What a Hub client reads offline that is pointed at the store's cache folder.
  std::string read_cached(const std::string& repo, const std::string& revision,
                          const std::string& path) {
    const std::string root = layout().hf_cache_repo(storage::hf_cache_folder(repo));
    const auto commit = read_file(posix_files(), root + "/refs/" + revision, 100);
    std::ifstream file(root + "/snapshots/" + commit.value_or("none") + "/" + path);
    if (!file) return "(absent)";
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /// Nothing of a finished or failed download may stay behind but what a resume needs.
  std::vector<std::string> staged() { return must(storage::list_folder(layout().staging_root())); }

  TempFolder mount_;
  FetcherConfig config_{.layout = storage::Layout(mount_.path())};
  Surroundings around_;
  std::unique_ptr<sqlite::Connection> db_;
  std::unique_ptr<standin::StandinHub> hub_;
  std::string token_;
};

inline std::string status_of(const catalog::Download& download) {
  return std::string(text(download.status)) +
         (download.error_code.empty() ? "" : " " + download.error_code);
}

}  // namespace modelkeep::fetch
