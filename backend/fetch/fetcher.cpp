#include "fetch/fetcher.h"

#include <atomic>
#include <csignal>
#include <random>
#include <thread>
#include <utility>

#include "base/guarded.h"
#include "base/log.h"
#include "fetch/bell.h"
#include "fetch/chores.h"
#include "fetch/crew.h"
#include "fetch/listener.h"
#include "fetch/local_job.h"
#include "fetch/look_up.h"
#include "fetch/lookout.h"
#include "fetch/preview/preview.h"
#include "fetch/queue.h"
#include "fetch/removals.h"
#include "fetch/stream_crew.h"
#include "fetch/surroundings.h"
#include "fetch/upkeep.h"
#include "storage/mount.h"
#include "upstream/polite_transport.h"

namespace modelkeep::fetch {
namespace {

std::function<double()> random_source() {
  // Shared because std::function copies and all threads draw from the one engine.
  auto engine = std::make_shared<Guarded<std::mt19937_64>>(std::mt19937_64(std::random_device{}()));
  return [engine] {
    return engine->with(
        [](std::mt19937_64& one) { return std::uniform_real_distribution<double>(0, 1)(one); });
  };
}

Result<Surroundings> real_surroundings(const FetcherConfig& config) {
  Surroundings around{
      .config = &config,
      .files = &posix_files(),
      .clock = &system_clock(),
      .open_transport = [&config] { return upstream::make_transport(config.upstream); },
      .environment = upstream::process_environment(),
      .random = random_source()};
  if (const auto limits = upstream::RateLimits::open(config.layout.upstream_limits())) {
    around.open_transport = [&config,
                             shared = *limits]() -> Result<std::unique_ptr<net::Transport>> {
      auto transport = TRY(upstream::make_transport(config.upstream));
      return upstream::make_polite(std::move(transport), shared, system_clock(),
                                   config.upstream.endpoint);
    };
  } else {
    log::failure("upstream.limits_unknown", limits.error());
  }
  if (const auto facts = storage::probe_mount(posix_files(), config.layout)) {
    around.folds_case = facts->folds_case;
    if (!facts->hard_links) log::warn("storage.no_hard_links", {{"mount", config.layout.mount()}});
  } else {
    // A mount that is full or read-only is found out again by each job, which then waits.
    log::failure("storage.probe_failed", facts.error());
  }
  return around;
}

}  // namespace

Result<> run_fetcher(FetcherConfig config, std::stop_token stop) {
  std::signal(SIGPIPE, SIG_IGN);
  // A file that passes the process's limit is an error of one download, not the death of all.
  std::signal(SIGXFSZ, SIG_IGN);
  const Surroundings around = TRY(real_surroundings(config));
  // One connection a thread: the listener, the upkeep, the chores, the local job, the lookout,
  // each job thread.
  sqlite::Connection for_questions = TRY(catalog::open(config.state));
  sqlite::Connection for_upkeep = TRY(catalog::open(config.state));
  sqlite::Connection for_chores = TRY(catalog::open(config.state));
  sqlite::Connection for_local = TRY(catalog::open(config.state));
  sqlite::Connection for_lookout = TRY(catalog::open(config.state));
  sqlite::Connection for_streams = TRY(catalog::open(config.state));
  Bell bell;
  std::atomic<bool> keeps_up = false;
  SlotBook slots;
  const auto hire = [&]() -> Result<std::function<void()>> {
    // Shared because std::function copies; the thread is its only user.
    auto db = std::make_shared<sqlite::Connection>(TRY(catalog::open(config.state)));
    return [&, db] { work_on_queue(around, *db, slots, bell, stop); };
  };
  const Answers answers{
      .wake = [&bell] { bell.ring(); },
      .remove_pending = [&] { return execute_removals(around, for_questions); },
      .preview = [&](const PreviewQuestion& question) -> Result<std::string> {
        auto db = TRY(catalog::open(config.state));
        return make_preview(around, db, question, [&stop] { return !stop.stop_requested(); });
      },
      .look_up = [&](const std::string& repo, const std::string& revision) -> Result<> {
        auto db = TRY(catalog::open(config.state));
        return look_up(around, db, repo, revision, [&stop] { return !stop.stop_requested(); });
      }};
  log::info("fetcher.started", {{"index", config.index}, {"upstream", config.upstream.endpoint}});
  {
    std::vector<std::jthread> threads;
    if (config.listener)
      threads.emplace_back([&] { listen_for_questions(config.listener, answers, stop); });
    threads.emplace_back([&] { keep_up(around, for_upkeep, bell, keeps_up, stop); });
    threads.emplace_back(
        [&] { do_chores(config.chores, for_chores, *around.clock, keeps_up, stop); });
    threads.emplace_back([&] { work_on_local(around, for_local, bell, stop); });
    threads.emplace_back([&] { keep_lookout(around, for_lookout, stop); });
    threads.emplace_back([&] { keep_stream_crew(around, for_streams, bell, stop); });
    keep_crew(config.downloads_now, slots, hire, stop);
  }
  log::info("fetcher.stopped", {{"index", config.index}});
  return {};
}

}  // namespace modelkeep::fetch
