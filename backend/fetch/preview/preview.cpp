#include "fetch/preview/preview.h"

#include <optional>
#include <utility>

#include "base/error_codes.h"
#include "catalog/queue.h"
#include "catalog/reservations.h"
#include "catalog/settings.h"
#include "fetch/preview/preview_json.h"
#include "fetch/sources.h"
#include "storage/file_path.h"
#include "storage/space.h"
#include "upstream/hub.h"

namespace modelkeep::fetch {
namespace {

// A person waits for it, and the worker that asks waits a little longer than this.
constexpr std::int64_t kPatienceMs = 22'000;

Error in_time(Error error) {
  if (error.code != codes::interrupted) return error;
  return {ErrorKind::unavailable, codes::upstream_unavailable,
          "The Hub takes too long to answer; try again.", std::move(error.cause)};
}

Result<bool> is_stored(sqlite::Connection& db, const upstream::File& file) {
  if (!file.sha256.empty()) return catalog::blob_exists(db, file.sha256);
  const auto known =
      TRY(catalog::blob_of_git_oid(db, file.git_oid, static_cast<std::int64_t>(file.size_bytes)));
  return known.has_value();
}

Result<> add_local_facts(const Surroundings& around, sqlite::Connection& db, PreviewFacts& facts) {
  for (const upstream::File& file : facts.manifest.files)
    facts.stored.push_back(TRY(is_stored(db, file)));
  facts.space = TRY(around.files->space(around.config->layout.staging_root()));
  facts.reserve_bytes =
      around.config->reserve_now().value_or(storage::default_reserve_bytes(facts.space));
  const auto staged = [&](std::int64_t id) {
    return storage::staged_bytes(*around.files, around.config->layout, id);
  };
  const auto beside =
      TRY(catalog::space_beside(db, facts.question.model_name, facts.question.revision, staged));
  facts.staged_bytes = beside.staged;
  facts.queue_bytes = beside.outstanding;
  return {};
}

Result<PreviewFacts> ask(const Surroundings& around, const Source& source,
                         const PreviewQuestion& question, const std::function<bool()>& keep_going) {
  const std::string token = TRY(token_for(around, source));
  const auto transport = TRY(source.open_transport());
  upstream::Hub hub(*transport, *around.clock, source.config, token);
  PreviewFacts facts{.question = question};
  facts.manifest = TRY(hub.list_revision(question.model_name, question.revision, keep_going));
  if (!facts.manifest.info.gated.empty()) {
    facts.accessible = hub.may_read(facts.manifest.info.canonical_name, keep_going);
  }
  return facts;
}

/// What is wrong with the Hub is told, not what its mirrors say then.
Result<PreviewFacts> ask_upstream(const Surroundings& around, const PreviewQuestion& question,
                                  const std::function<bool()>& keep_going) {
  std::optional<Error> outage;
  for (const Source& source : sources_of(around)) {
    auto facts = ask(around, source, question, keep_going);
    if (facts || (!source.is_mirror && !is_outage(facts.error()))) return facts;
    if (!outage) outage = std::move(facts).error();
  }
  return tl::unexpected{*std::move(outage)};
}

}  // namespace

Result<std::string> make_preview(const Surroundings& around, sqlite::Connection& db,
                                 const PreviewQuestion& question,
                                 const std::function<bool()>& keep_going) {
  const std::int64_t deadline_ms = around.clock->mono_ms() + kPatienceMs;
  const auto in_patience = [&] { return keep_going() && around.clock->mono_ms() < deadline_ms; };
  auto facts = ask_upstream(around, question, in_patience);
  if (!facts) return tl::unexpected{in_time(std::move(facts).error())};
  // Health shows when upstream was last seen; it is no reason to fail.
  static_cast<void>(catalog::note_upstream(db, around.clock->now(), {}));
  std::vector<std::string> paths;
  for (const upstream::File& file : facts->manifest.files) paths.push_back(file.path);
  TRY(storage::check_snapshot_paths(paths, around.folds_case));
  TRY(add_local_facts(around, db, *facts));
  return preview_json(*facts);
}

}  // namespace modelkeep::fetch
