#include "fetch/look_up.h"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/names.h"
#include "catalog/settings.h"
#include "catalog/upstream_answers.h"
#include "fetch/sources.h"
#include "storage/file_path.h"
#include "upstream/hub.h"

namespace modelkeep::fetch {
namespace {

// Those who ask for the same find the answer there. Few files, since none is ever removed.
constexpr std::size_t kLocks = 32;
constexpr std::chrono::milliseconds kOthersMayTake{60'000};
constexpr std::int64_t kJustNowMs = 2'000;
constexpr std::int64_t kPatienceMs = 55'000;

std::vector<catalog::ListedFile> files_of(upstream::Manifest& manifest) {
  std::vector<catalog::ListedFile> files;
  for (upstream::File& file : manifest.files) {
    files.push_back({.path = std::move(file.path),
                     .size_bytes = static_cast<std::int64_t>(file.size_bytes),
                     .sha256 = std::move(file.sha256),
                     .git_oid = std::move(file.git_oid),
                     .is_lfs = file.is_lfs});
  }
  return files;
}

/// A list with a path that may not become a file is not shown either.
Result<> check_paths(const Surroundings& around, const upstream::Manifest& manifest) {
  std::vector<std::string> paths;
  for (const upstream::File& file : manifest.files) paths.push_back(file.path);
  return storage::check_snapshot_paths(paths, around.folds_case);
}

class LookUp {
 public:
  LookUp(const Surroundings& around, sqlite::Connection& db, const std::string& repo,
         const std::string& revision, std::function<bool()> keep_going)
      : around_(around),
        db_(db),
        repo_(repo),
        revision_(revision),
        keep_going_(std::move(keep_going)) {}

  Result<catalog::UpstreamAnswer> ask(const std::optional<catalog::UpstreamAnswer>& known) {
    Error trouble{
        ErrorKind::unavailable, codes::upstream_unavailable, "The Hub does not answer.", {}};
    bool is_first = true;
    for (const Source& source : sources_of(around_)) {
      auto answer = ask(source, known);
      if (answer || answer.error().code == codes::database_unavailable) return answer;
      const bool next_may_help =
          source.is_mirror ? is_of_source(answer.error()) : is_outage(answer.error());
      if (is_first || !next_may_help) trouble = answer.error();
      is_first = false;
      if (!next_may_help) break;
    }
    if (trouble.code == codes::interrupted) trouble.code = codes::upstream_unavailable;
    catalog::UpstreamAnswer refused{.answered_at = around_.clock->now()};
    refused.error = std::move(trouble);
    return refused;
  }

 private:
  Result<catalog::UpstreamAnswer> ask(const Source& source,
                                      const std::optional<catalog::UpstreamAnswer>& known) {
    const std::string token = TRY(token_for(around_, source));
    const auto transport = TRY(source.open_transport());
    upstream::Hub hub(*transport, *around_.clock, source.config, token);
    catalog::UpstreamAnswer answer;
    const bool was_there = known && !known->commit.empty();
    const auto resolved =
        TRY(hub.resolve(repo_, revision_, was_there ? known->etag : std::string(), keep_going_));
    answer.commit = resolved.commit.value_or(was_there ? known->commit : std::string());
    answer.etag = resolved.etag;
    if (!TRY(catalog::find_listing(db_, repo_, answer.commit))) TRY(list(hub, answer.commit));
    answer.answered_at = around_.clock->now();
    if (!source.is_mirror) static_cast<void>(catalog::note_upstream(db_, answer.answered_at, {}));
    return answer;
  }

  Result<> list(upstream::Hub& hub, const std::string& commit) {
    upstream::Manifest manifest = TRY(hub.list_revision(repo_, commit, keep_going_));
    TRY(check_paths(around_, manifest));
    const upstream::ModelInfo& info = manifest.info;
    catalog::Listing listing{.commit = commit,
                             .canonical_name = info.canonical_name,
                             .task = info.task,
                             .license = info.license,
                             .library = info.library,
                             .gated = info.gated,
                             .listed_at = around_.clock->now()};
    return catalog::save_listing(db_, repo_, listing, files_of(manifest));
  }

  const Surroundings& around_;
  sqlite::Connection& db_;
  const std::string& repo_;
  const std::string& revision_;
  std::function<bool()> keep_going_;
};

}  // namespace

Result<> look_up(const Surroundings& around, sqlite::Connection& db, const std::string& repo,
                 const std::string& revision, const std::function<bool()>& keep_going) {
  TRY(catalog::check_repo_name(repo));
  TRY(catalog::check_revision(revision));
  const std::size_t stripe = std::hash<std::string>{}(repo + "@" + revision) % kLocks;
  const auto alone = TRY(FileLock::take(
      around.config->layout.lock("look-up-" + std::to_string(stripe)), kOthersMayTake));
  const auto known = TRY(catalog::find_upstream_answer(db, repo, revision));
  if (known && around.clock->now().ms - known->answered_at.ms < kJustNowMs) return {};
  const std::int64_t until_ms = around.clock->mono_ms() + kPatienceMs;
  const auto in_time = [&] { return keep_going() && around.clock->mono_ms() < until_ms; };
  const auto answer = TRY(LookUp(around, db, repo, revision, in_time).ask(known));
  if (answer.error) log::failure("look_up.refused", *answer.error, {{"model", repo}});
  return catalog::save_upstream_answer(db, repo, revision, answer);
}

}  // namespace modelkeep::fetch
