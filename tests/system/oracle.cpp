#include "tests/system/oracle.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file_lock.h"
#include "tests/system/database.h"
#include "tests/system/wait_until.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReadyFiles =
    "SELECT m.id, f.path, f.sha256, f.size_bytes FROM models m"
    " JOIN revisions r ON r.model_pk = m.pk AND r.in_folder = 1"
    " JOIN revision_files f ON f.revision_pk = r.pk WHERE m.status IN ('ready', 'archived')";
constexpr const char* kReadyNames =
    "SELECT m.name, r.commit_hash, f.path, f.sha256 FROM models m"
    " JOIN revisions r ON r.model_pk = m.pk JOIN revision_files f ON f.revision_pk = r.pk"
    " WHERE m.status IN ('ready', 'archived') AND r.commit_hash <> ''";
constexpr const char* kUnfinished =
    "SELECT id FROM downloads WHERE status NOT IN ('ready', 'cancelled')";

void expect_right_file(const storage::Layout& layout, const std::vector<std::string>& row) {
  const std::string path = layout.model_file(row[0], row[1]);
  struct stat file {};
  struct stat blob {};
  if (stat(path.c_str(), &file) != 0) {
    ADD_FAILURE() << path << " is not there";
    return;
  }
  EXPECT_EQ(file.st_mode & 07777, 0444U) << path;
  EXPECT_EQ(std::to_string(file.st_size), row[3]) << path;
  EXPECT_EQ(stat(layout.blob(row[2]).c_str(), &blob), 0) << path;
  EXPECT_EQ(file.st_ino, blob.st_ino) << path << " is not its blob";
  EXPECT_EQ(sha256_of_file(path), row[2]) << path;
}

/// Through the cache view, as a client that is offline opens it.
bool is_in_view(const storage::Layout& layout, const std::vector<std::string>& row) {
  const std::string repo = layout.hf_cache_repo(storage::hf_cache_folder(row[0]));
  struct stat file {};
  struct stat blob {};
  return stat((repo + "/snapshots/" + row[1] + "/" + row[2]).c_str(), &file) == 0 &&
         stat(layout.blob(row[3]).c_str(), &blob) == 0 && file.st_ino == blob.st_ino;
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    names.insert(entry->path().filename().string());
  }
  return names;
}

std::set<std::string> unfinished_downloads(const storage::Layout& layout) {
  std::set<std::string> ids;
  for (const auto& row : OutsideDatabase(layout.database()).query(kUnfinished)) ids.insert(row[0]);
  return ids;
}

}  // namespace

std::string sha256_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return {};
  Digest digest = Digest::sha256();
  std::array<char, 65536> chunk;
  while (in.read(chunk.data(), chunk.size()), in.gcount() > 0) {
    digest.update(std::string_view(chunk.data(), static_cast<std::size_t>(in.gcount())));
  }
  return digest.finish_hex();
}

void expect_sound_database(const storage::Layout& layout) {
  OutsideDatabase db(layout.database());
  EXPECT_EQ(db.text("PRAGMA integrity_check"), "ok");
  EXPECT_TRUE(db.query("PRAGMA foreign_key_check").empty());
}

void expect_ready_files_are_right(const storage::Layout& layout) {
  for (const auto& row : OutsideDatabase(layout.database()).query(kReadyFiles)) {
    expect_right_file(layout, row);
  }
}

void expect_view_is_right(const storage::Layout& layout) {
  std::set<std::string> missing;
  // What a fault kept from it a chore brings within seconds.
  wait_until(
      [&] {
        missing.clear();
        for (const auto& row : OutsideDatabase(layout.database()).query(kReadyNames)) {
          if (!is_in_view(layout, row)) missing.insert(row[0] + " " + row[1] + " " + row[2]);
        }
        return missing.empty();
      },
      15'000, 200);
  for (const std::string& file : missing) ADD_FAILURE() << "not in the cache view: " << file;
}

void expect_nothing_orphaned(const storage::Layout& layout) {
  // The removal of what a finished download leaves may come a moment after its last row.
  std::set<std::string> orphans;
  wait_until(
      [&] {
        orphans = names_in(layout.staging_root());
        // Made with the first push; what was committed is gone from it.
        if (orphans.erase("pushed") > 0) orphans.merge(names_in(layout.pushed_dir()));
        for (const std::string& id : unfinished_downloads(layout)) orphans.erase(id);
        return orphans.empty();
      },
      5'000, 100);
  for (const std::string& name : orphans) ADD_FAILURE() << "orphan in staging: " << name;

  const std::set<std::string> unfinished = unfinished_downloads(layout);
  for (const std::string& name : names_in(layout.locks_dir())) {
    const std::string prefix = "download-";
    if (!name.starts_with(prefix)) continue;
    const std::string id = name.substr(prefix.size(), name.find('.') - prefix.size());
    if (unfinished.contains(id)) continue;
    const auto taken =
        FileLock::take(layout.locks_dir() + "/" + name, std::chrono::milliseconds(3'000));
    EXPECT_TRUE(taken.has_value()) << name << " is held";
  }
}

void expect_counters_agree(Service& service) {
  // Asking for the figures imports every answer that was given before.
  const Answer stats = service.client().get("/api/stats");
  EXPECT_EQ(stats.status, 200) << stats.brief();
  OutsideDatabase db(service.layout().database());
  EXPECT_EQ(db.number("SELECT total_requests - (SELECT count(seq) FROM events) FROM totals"), 0);
  EXPECT_EQ(db.number("SELECT count(model_pk) FROM model_counters"
                      " WHERE total_requests <> download_count + access_count"),
            0);
}

void expect_whole(Service& service) {
  EXPECT_TRUE(service.wait_healthy(5'000));
  expect_counters_agree(service);
  expect_sound_database(service.layout());
  expect_ready_files_are_right(service.layout());
  expect_view_is_right(service.layout());
  expect_nothing_orphaned(service.layout());
}

}  // namespace modelkeep::system_test
