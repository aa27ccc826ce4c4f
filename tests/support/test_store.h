#pragma once
// A store in a fresh folder with its real catalog, and the few steps that most tests begin with.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "catalog/ask.h"
#include "catalog/publish.h"
#include "catalog/store.h"
#include "tests/support/manual_clock.h"
#include "tests/support/temp_folder.h"

namespace modelkeep {

/// The value, or a test that stops here with the error.
template <class T>
T must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().code << ": " << result.error().message << " ("
                  << result.error().cause << ")";
    std::abort();
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "" : std::string(result.error().code);
}

inline catalog::StatePaths state_paths(const std::string& folder) {
  catalog::StatePaths paths;
  paths.folder = folder;
  paths.database = folder + "/modelkeep.db";
  paths.write_lock = folder + "/locks/db-write.lock";
  paths.prepare_lock = folder + "/locks/prepare.lock";
  paths.backups = folder + "/backups";
  paths.ballast = folder + "/ballast";
  for (const char* name : {"/locks", "/backups", "/journal"}) {
    std::filesystem::create_directories(folder + name);
  }
  return paths;
}

class TestStore {
 public:
  TestStore() : paths_(state_paths(folder_.path())), db_(prepared()) {}

  sqlite::Connection& db() { return db_; }
  sqlite::Connection another() { return must(catalog::open(paths_)); }
  ManualClock& clock() { return clock_; }
  Time now() { return clock_.now(); }
  const catalog::StatePaths& paths() const { return paths_; }
  const std::string& folder() const { return folder_.path(); }

  catalog::Asked ask(const std::string& name, const std::string& username = "ada",
                     const std::string& revision = "main") {
    catalog::Asking asking;
    asking.name = name;
    asking.revision = revision;
    asking.username = username;
    asking.ip_address = "10.0.0.7";
    return must(catalog::ask_for_model(db_, asking, now()));
  }

  catalog::Claim claim() {
    const auto claimed = must(catalog::claim_next_queued(db_, now()));
    EXPECT_TRUE(claimed.has_value());
    return claimed ? catalog::Claim{claimed->id, claimed->epoch} : catalog::Claim{};
  }

  /// A file as upstream lists it; its sha256 is made of its content.
  static catalog::PlannedFile file(const std::string& path, const std::string& content) {
    catalog::PlannedFile file;
    file.path = path;
    file.size_bytes = static_cast<std::int64_t>(content.size());
    file.sha256 = sha256_hex(content);
    file.is_lfs = true;
    return file;
  }

  /// Brings a claimed download all the way.
  void finish(const catalog::Claim& claim, const std::vector<catalog::PlannedFile>& files,
              const std::string& commit = std::string(40, 'c')) {
    catalog::ModelFacts facts;
    facts.commit = commit;
    must(catalog::save_facts(db_, claim, facts));
    catalog::Plan plan;
    plan.files = files;
    plan.wanted_version = must(catalog::find_download(db_, claim.download_id)).wanted_version;
    must(catalog::save_plan(db_, claim, plan));
    for (const auto status :
         {catalog::DownloadStatus::downloading, catalog::DownloadStatus::verifying,
          catalog::DownloadStatus::publishing}) {
      must(catalog::move_to(db_, claim, status));
    }
    must(catalog::publish(db_, claim, published(files), now()));
  }

  static catalog::Published published(const std::vector<catalog::PlannedFile>& files) {
    catalog::Published published;
    for (const auto& file : files) {
      published.files.push_back(
          {file.path, file.size_bytes, file.sha256, file.git_oid, Time{1'769'077'800'000}});
    }
    return published;
  }

  /// Asked for, fetched and ready.
  catalog::Model ready_model(const std::string& name,
                             const std::vector<catalog::PlannedFile>& files) {
    const catalog::Asked asked = ask(name);
    finish(claim(), files);
    return must(catalog::find_model(db_, asked.model.id));
  }

 private:
  TempFolder folder_;
  ManualClock clock_;
  catalog::StatePaths paths_;
  sqlite::Connection db_;

  sqlite::Connection prepared() {
    must(catalog::prepare(paths_, clock_));
    return must(catalog::open(paths_));
  }
};

}  // namespace modelkeep
