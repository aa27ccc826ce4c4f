#include "fetch/job.h"

#include <algorithm>
#include <utility>

#include "base/error_codes.h"
#include "base/log.h"
#include "catalog/queue.h"
#include "catalog/settings.h"
#include "fetch/full_disk.h"
#include "fetch/plan.h"
#include "fetch/publish.h"
#include "fetch/reserve.h"
#include "fetch/sources.h"
#include "fetch/transfer.h"
#include "storage/mount.h"

namespace modelkeep::fetch {
namespace {

using catalog::DownloadStatus;
using catalog::WaitReason;

constexpr std::int64_t kDiskWaitMs = 10'000;
constexpr std::int64_t kMountWaitMs = 5'000;
constexpr std::int64_t kDatabaseWaitMs = 1'000;
constexpr int kUnreadableTriesMax = 4;
constexpr int kDiskTriesMax = 3;
// An asker may widen the patterns while we publish, and again; a queue of such people is no loop of
// ours.
constexpr int kPlansMax = 10;

Trouble trouble_of(Error error) {
  return {.error = std::move(error)};
}

Verdict wait(WaitReason reason, std::int64_t wait_ms, int tries = 0) {
  return {.action = Verdict::Action::wait, .reason = reason, .wait_ms = wait_ms, .tries = tries};
}

// Looks at the row a few times a second at most, however often it is asked.
std::function<bool()> still_wanted(const Surroundings& around, sqlite::Connection& db,
                                   catalog::Claim claim, std::stop_token stop) {
  return [&around, &db, claim, stop = std::move(stop), looked_at_ms = std::int64_t{0},
          wanted = true]() mutable {
    const std::int64_t now_ms = around.clock->mono_ms();
    if (now_ms - looked_at_ms >= around.look_every_ms) {
      looked_at_ms = now_ms;
      const auto checked = catalog::check_claim(db, claim);
      wanted = checked || checked.error().code != codes::claim_lost;
    }
    return wanted && !stop.stop_requested();
  };
}

class Job {
 public:
  Job(const Surroundings& around, sqlite::Connection& db, const catalog::Download& download,
      std::stop_token stop)
      : around_(around), there_(around), db_(db), download_(download), stop_(std::move(stop)) {}

  std::optional<Trouble> run();
  std::optional<Trouble> plan_only();

 private:
  template <class Work>
  std::optional<Trouble> with_hub(Work&& work);
  template <class Work>
  std::optional<Trouble> with_source(const Source& source, Work&& work);
  std::optional<Trouble> trouble_of_plan(upstream::Hub& hub, Error error) const;
  std::optional<Trouble> bring_in(upstream::Hub& hub);
  Result<Planned> plan(upstream::Hub& hub);
  Result<std::vector<catalog::DownloadFile>> more_of(upstream::Hub& hub);

  const Surroundings& around_;
  Surroundings there_;  // The same, at the source that is asked.
  Known known_;         // By the Hub, when a mirror is asked.
  bool at_mirror_ = false;
  sqlite::Connection& db_;
  catalog::Download download_;
  std::stop_token stop_;
};

Result<std::vector<catalog::DownloadFile>> Job::more_of(upstream::Hub& hub) {
  const std::int64_t wanted = TRY(catalog::wanted_version(db_, download_.id));
  if (wanted == download_.wanted_version) return std::vector<catalog::DownloadFile>{};
  auto planned = TRY(plan(hub));
  download_.wanted_version = wanted;
  return std::move(planned.files);
}

template <class Work>
std::optional<Trouble> Job::with_hub(Work&& work) {
  if (auto there = storage::check_writable(*around_.files, around_.config->layout); !there) {
    return trouble_of(std::move(there).error());
  }
  std::optional<Trouble> of_hub;
  for (const Source& source : sources_of(around_)) {
    auto trouble = with_source(source, work);
    if (!trouble) return std::nullopt;
    const bool next_may_help =
        source.is_mirror ? is_of_source(trouble->error) : is_outage(trouble->error);
    if (!next_may_help) return trouble;
    if (!around_.config->mirrors.empty())
      log::failure("download.source_failed", trouble->error,
                   {{"download", download_.id}, {"source", source.config.endpoint}});
    if (!of_hub) of_hub = std::move(trouble);
    // What the Hub has said of the revision holds for its mirrors.
    known_.commit = download_.commit;
  }
  return of_hub;
}

template <class Work>
std::optional<Trouble> Job::with_source(const Source& source, Work&& work) {
  auto token = token_for(around_, source);
  if (!token) return trouble_of(std::move(token).error());
  there_.open_transport = source.open_transport;
  at_mirror_ = source.is_mirror;
  auto transport = source.open_transport();
  if (!transport) return trouble_of(std::move(transport).error());
  upstream::Hub hub(**transport, *around_.clock, source.config, *token);
  return work(hub);
}

std::optional<Trouble> Job::run() {
  // One that waits for space knows how much: upstream is asked again only when there is some.
  if (download_.bytes_total > 0) {
    if (auto fits = reserve_space(around_, db_, download_); !fits)
      return trouble_of(std::move(fits).error());
  }
  return with_hub([this](upstream::Hub& hub) -> std::optional<Trouble> {
    for (int plans = 0; plans < kPlansMax; ++plans) {
      auto trouble = bring_in(hub);
      if (!trouble || trouble->error.code != codes::plan_stale) return trouble;
      auto again = catalog::find_download(db_, download_.id);
      if (!again) return trouble_of(std::move(again).error());
      download_ = std::move(*again);
    }
    return trouble_of(
        {ErrorKind::unavailable, codes::plan_stale, "More files are asked for all the time.", ""});
  });
}

std::optional<Trouble> Job::plan_only() {
  return with_hub([this](upstream::Hub& hub) -> std::optional<Trouble> {
    auto planned = plan(hub);
    return planned ? std::nullopt : trouble_of_plan(hub, std::move(planned).error());
  });
}

std::optional<Trouble> Job::trouble_of_plan(upstream::Hub& hub, Error error) const {
  Trouble trouble = trouble_of(std::move(error));
  if (const auto wish = hub.wished_wait_s())
    trouble.retry_in_ms = std::min<std::int64_t>(*wish, 1'000'000'000) * 1000;
  return trouble;
}

Result<Planned> Job::plan(upstream::Hub& hub) {
  const catalog::Claim claim{download_.id, download_.epoch};
  auto planned =
      make_plan(around_, db_, hub, download_, known_, still_wanted(around_, db_, claim, stop_));
  if (!planned) return planned;
  // Health shows when upstream was last seen; it is no reason to fail.
  if (!at_mirror_ && planned->was_asked)
    static_cast<void>(catalog::note_upstream(db_, around_.clock->now(), {}));
  download_.commit = planned->commit;
  return planned;
}

std::optional<Trouble> Job::bring_in(upstream::Hub& hub) {
  const catalog::Claim claim{download_.id, download_.epoch};
  auto planned = plan(hub);
  if (!planned) return trouble_of_plan(hub, std::move(planned).error());
  if (auto moved = catalog::move_to(db_, claim, DownloadStatus::downloading); !moved) {
    return trouble_of(std::move(moved).error());
  }
  // A mirror has tags of its own; the digest tells whether the rest belongs to the beginning.
  if (at_mirror_) {
    for (catalog::DownloadFile& file : planned->files) file.etag.clear();
  }
  TransferOrder order{.claim = claim,
                      .files = planned->files,
                      .repo = planned->repo,
                      .commit = planned->commit,
                      .tries_before = download_.stalled_tries};
  if (download_.streams) order.more = [this, &hub] { return more_of(hub); };
  if (auto trouble = transfer(there_, db_, hub, order, stop_)) return trouble;
  if (auto moved = catalog::move_to(db_, claim, DownloadStatus::verifying); !moved) {
    return trouble_of(std::move(moved).error());
  }
  auto files = catalog::download_files(db_, download_.id);
  if (!files) return trouble_of(std::move(files).error());
  if (auto published = publish(around_, db_, download_, *files); !published) {
    return trouble_of(std::move(published).error());
  }
  return std::nullopt;
}

Result<> settle(const Surroundings& around, sqlite::Connection& db,
                const catalog::Download& download, const Trouble& trouble) {
  const catalog::Claim claim{download.id, download.epoch};
  const Verdict verdict =
      judge(around.config->retry, trouble, download.stalled_tries, around.random());
  const Time now = around.clock->now();
  log::failure("download.stopped", trouble.error,
               {{"download", download.id}, {"model", download.model_name}});
  if (verdict.reason == WaitReason::upstream || verdict.reason == WaitReason::rate_limited ||
      trouble.error.code == codes::upstream_unavailable) {
    // Health says since when; it is no reason to fail.
    static_cast<void>(catalog::note_upstream(db, now, trouble.error.code));
  }
  switch (verdict.action) {
    case Verdict::Action::leave:
      return {};
    case Verdict::Action::requeue:
      TRY(catalog::requeue(db, claim));
      return {};
    case Verdict::Action::wait:
      return catalog::wait_for(db, claim, verdict.reason, Time{now.ms + verdict.wait_ms},
                               verdict.tries, trouble.error.message);
    case Verdict::Action::fail:
      return catalog::fail_download(db, claim, trouble.error, now);
  }
  return {};
}

}  // namespace

Verdict judge(const RetryPolicy& policy, const Trouble& trouble, int tries_before, double random) {
  const Error& error = trouble.error;
  if (error.code == codes::claim_lost) return {.action = Verdict::Action::leave};
  if (error.code == codes::interrupted || error.code == codes::plan_stale)
    return {.action = Verdict::Action::requeue};
  if (error.code == codes::disk_full) return wait(WaitReason::disk_full, kDiskWaitMs, tries_before);
  if (error.code == codes::storage_readonly || error.code == codes::storage_missing) {
    return wait(WaitReason::storage_readonly, kMountWaitMs, tries_before);
  }
  if (error.code == codes::database_unavailable)
    return wait(WaitReason::none, kDatabaseWaitMs, tries_before);
  // A disk that hiccups once is not a person's business.
  const bool disk_failed = error.code == codes::storage_failed;
  if (disk_failed && tries_before + 1 < kDiskTriesMax) {
    const int tries = tries_before + 1;
    return wait(WaitReason::none, retry_delay_ms(policy, tries, std::nullopt, random), tries);
  }
  if (error.kind != ErrorKind::unavailable) return {.action = Verdict::Action::fail};
  const int tries = trouble.tries > 0 ? trouble.tries : tries_before + 1;
  const bool rate_limited = error.code == codes::upstream_rate_limited;
  // An answer that cannot be read may be a maintenance page; one that stays so is what upstream
  // has.
  const bool unreadable = error.code == codes::upstream_invalid;
  // To be asked to wait is no failure, however often.
  if (!rate_limited &&
      tries >= (unreadable ? std::min(policy.tries_max, kUnreadableTriesMax) : policy.tries_max))
    return {.action = Verdict::Action::fail, .tries = tries};
  std::optional<std::int64_t> wished_s;
  if (trouble.retry_in_ms) wished_s = (*trouble.retry_in_ms + 999) / 1000;
  const auto reason = rate_limited ? WaitReason::rate_limited : WaitReason::upstream;
  return wait(reason, retry_delay_ms(policy, tries, wished_s, random), tries);
}

Result<> run_job(const Surroundings& around, sqlite::Connection& db,
                 const catalog::Download& download, std::stop_token stop) {
  auto trouble = Job(around, db, download, std::move(stop)).run();
  if (!trouble) return {};
  return settle_job(around, db, download, *trouble);
}

Result<> settle_job(const Surroundings& around, sqlite::Connection& db,
                    const catalog::Download& download, const Trouble& trouble) {
  auto settled = settle(around, db, download, trouble);
  if (!settled && make_room_for_rows(around, settled.error()))
    settled = settle(around, db, download, trouble);
  return settled;
}

Result<> run_plan(const Surroundings& around, sqlite::Connection& db,
                  const catalog::Download& download, std::stop_token stop) {
  auto trouble = Job(around, db, download, std::move(stop)).plan_only();
  if (trouble) return settle(around, db, download, *trouble);
  TRY(catalog::requeue(db, {download.id, download.epoch}));
  return {};
}

}  // namespace modelkeep::fetch
