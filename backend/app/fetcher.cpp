#include "app/fetcher.h"

#include <memory>

#include <sys/resource.h>

#include "app/live_settings.h"
#include "app/role_paths.h"
#include "app/signals.h"
#include "base/clock.h"
#include "base/files.h"
#include "catalog/backup.h"
#include "catalog/prune.h"
#include "catalog/upstream_answers.h"
#include "fetch/fetcher.h"
#include "net/addresses.h"
#include "sweep/blobs.h"
#include "sweep/folders.h"
#include "sweep/leftovers.h"
#include "view/follow.h"

namespace modelkeep::app {
namespace {

constexpr int kSecondMs = 1'000;
constexpr int kMinuteMs = 60 * kSecondMs;

/// This process holds the Hub token, which must not end in a core file.
void leave_no_core() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

/// Rows change with versions, which are cheap to compare; what people do to the disk shows only
/// when all of it is looked at.
std::function<Result<>(sqlite::Connection&)> follow_rows(const storage::Layout& layout) {
  struct Memory {
    view::Seen seen{};
    std::int64_t all_looked_at_ms = 0;
  };
  return [layout, memory = std::make_shared<Memory>()](sqlite::Connection& db) -> Result<> {
    const std::int64_t now_ms = system_clock().mono_ms();
    if (memory->seen.empty() || now_ms - memory->all_looked_at_ms > 10 * kMinuteMs) {
      memory->seen.clear();
      memory->all_looked_at_ms = now_ms;
    }
    return view::follow_rows(db, posix_files(), layout, memory->seen);
  };
}

/// What the fetcher that holds the upkeep lock does beside its downloads. Bytes that a delete left
/// without an owner are free again within seconds; what only a crash leaves is looked for less
/// often.
std::vector<fetch::Chore> chores_for(const storage::Layout& layout,
                                     const catalog::StatePaths& state) {
  Files& files = posix_files();
  const auto nothing = [](auto result) -> Result<> {
    if (!result) return tl::unexpected(std::move(result).error());
    return {};
  };
  return {
      {"blobs", kSecondMs,
       [=, &files](sqlite::Connection& db) {
         return nothing(sweep::sweep_blobs(db, files, layout));
       }},
      {"trash", kSecondMs,
       [=, &files](sqlite::Connection&) { return sweep::empty_trash(files, layout); }},
      {"staging", kMinuteMs,
       [=, &files](sqlite::Connection& db) {
         return nothing(sweep::sweep_staging(db, files, layout, system_clock().now()));
       }},
      {"stray blobs", 6 * 60 * kMinuteMs,
       [=, &files](sqlite::Connection& db) {
         return nothing(sweep::suspect_stray_blobs(db, files, layout));
       }},
      {"folders", kMinuteMs,
       [=, &files](sqlite::Connection& db) -> Result<> {
         TRY(sweep::note_missing_folders(db, files, layout));
         return nothing(sweep::rebuild_lost_folders(db, files, layout));
       }},
      {"view asides", kSecondMs,
       [=, &files](sqlite::Connection&) { return view::sweep_asides(files, layout); }},
      {"view", 10 * kSecondMs, follow_rows(layout)},
      {"ended downloads", 10 * kMinuteMs,
       [=](sqlite::Connection& db) {
         return nothing(catalog::prune_downloads(db, system_clock().now()));
       }},
      {"upstream answers", 60 * kMinuteMs,
       [=](sqlite::Connection& db) {
         const Time week_ago{system_clock().now().ms - std::int64_t{7} * 24 * 60 * kMinuteMs};
         return catalog::prune_upstream_answers(db, week_ago);
       }},
      {"backup", 10 * kMinuteMs,
       [=](sqlite::Connection&) {
         return nothing(catalog::backup_if_due(state, system_clock().now()));
       }},
      // The start checks a small database only; nobody waits for this one.
      {"check", 24 * 60 * kMinuteMs,
       [=](sqlite::Connection&) { return catalog::check_and_remember(state); }},
      {"ballast", kMinuteMs, [=](sqlite::Connection&) { return catalog::keep_ballast(state); }},
  };
}

Result<upstream::Config> upstream_of(const Config& config) {
  upstream::Config upstream;
  upstream.endpoint = config.upstream_endpoint;
  upstream.token_file = config.upstream_token_file;
  upstream.allow_hosts = config.upstream_allow_hosts;
  upstream.ca_file = config.upstream_ca_file;
  for (const std::string& text : config.upstream_allow_cidrs) {
    upstream.allow_cidrs.push_back(TRY(net::parse_cidr(text)));
  }
  return upstream;
}

}  // namespace

Result<> run_fetch(const LoadedConfig& start, const FetchOptions& options, const Report& report) {
  const Config& config = start.config;
  const StopOnSignal stop;
  leave_no_core();
  fetch::FetcherConfig fetcher{.layout = layout_of(config)};
  fetcher.state = state_paths(fetcher.layout);
  fetcher.upstream = TRY(upstream_of(config));
  for (const std::string& mirror : config.upstream_mirrors) {
    fetcher.mirrors.push_back(fetcher.upstream);
    fetcher.mirrors.back().endpoint = mirror;
    fetcher.mirrors.back().token_file = config.upstream_mirror_token_file;
  }
  fetcher.listener = Fd(options.listen_fd);
  fetcher.index = options.number - 1;
  LiveLimits limits(std::make_shared<const LoadedConfig>(start), fetcher.state);
  fetcher.downloads_now = [&limits] { return limits.now().downloads; };
  fetcher.limits = [&limits](sqlite::Connection&) {
    const catalog::LimitsNow now = limits.now();
    return fetch::Limits{
        .connections = now.connections,
        .bytes_per_second = static_cast<std::uint64_t>(now.bytes_per_second),
        .download_bytes_per_second = static_cast<std::uint64_t>(now.bytes_per_second_per_download)};
  };
  fetcher.reserve_now = [&limits] { return limits.reserve_bytes(); };
  fetcher.look_for_newer_every_ms = [&limits] {
    return std::int64_t{limits.upstream_check_hours()} * 60 * kMinuteMs;
  };
  fetcher.shows_parts = config.pull_through();
  fetcher.chores = chores_for(fetcher.layout, fetcher.state);
  report.ready();
  return fetch::run_fetcher(std::move(fetcher), stop.token());
}

}  // namespace modelkeep::app
