#include "app/worker.h"

#include <chrono>
#include <csignal>
#include <thread>

#include "api/dispatch.h"
#include "app/connection_shelf.h"
#include "app/host_names.h"
#include "app/live_settings.h"
#include "app/role_paths.h"
#include "app/signals.h"
#include "app/version.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/backup.h"
#include "fetch/ask.h"
#include "http/fcgi.h"
#include "hub/door.h"
#include "hub/push/grant.h"
#include "usage/drain.h"
#include "usage/journal.h"

namespace modelkeep::app {
namespace {

// How long a delete waits for its folder to be gone; the fetcher does it afterwards all the same.
constexpr int kRemoveTimeoutMs = 2'000;
constexpr int kPushKeyWaitMs = 5'000;
constexpr int kReopenMs = 1'000;
// A client of the hub door gives up after ten seconds.
constexpr int kLookUpTimeoutMs = 8'000;
// A client of the hub door names hundreds of paths at once. nginx lets no such body through to the
// API.
constexpr std::size_t kBodyBytesMax = 1 << 20;

std::string journal_name(hub::Pool pool) {
  if (pool == hub::Pool::streams) return "streams";
  return pool == hub::Pool::long_answers ? "long" : "worker";
}

api::Services services_of(const Config& config, const storage::Layout& layout,
                          usage::Journal& journal, usage::Pulse pulse, std::stop_token stop) {
  const std::string fetchers = layout.fetch_socket();
  return api::Services{
      .mount = layout.mount(),
      .store_marker = layout.marker(),
      .state = state_paths(layout),
      .drain = drain_paths(layout),
      .journal = journal,
      .pulse = std::move(pulse),
      .clock = system_clock(),
      .version = std::string(kVersion),
      .upstream_endpoint = config.upstream_endpoint,
      .gate = auth::Gate{.granted = open_scope_of(config),
                         .trusts_proxies = !config.trusted_proxies.empty()},
      .hosts = host_names(config),
      .is_long_pool = false,
      .stop = std::move(stop),
      .wake_fetchers = [fetchers] { return fetch::ask_to_wake(fetchers).has_value(); },
      .remove_pending =
          [fetchers] { static_cast<void>(fetch::ask_to_remove(fetchers, kRemoveTimeoutMs)); },
      .preview =
          [fetchers](const fetch::PreviewQuestion& question) {
            return fetch::ask_for_preview(fetchers, question);
          },
  };
}

/// One key for all workers: an address that one has signed any of them may be asked.
Result<std::string> push_key(const storage::Layout& layout) {
  const FileLock alone =
      TRY(FileLock::take(layout.lock("push-key"), std::chrono::milliseconds(kPushKeyWaitMs)));
  TRY(posix_files().make_folders(layout.keys_dir(), 0700));
  return hub::grant_key(posix_files(), layout.keys_dir() + "/push.key");
}

hub::Push push_of(const Config& config, const storage::Layout& layout) {
  hub::Push push;
  if (!takes_pushes(config)) return push;
  auto key = push_key(layout);
  if (!key) {
    log::failure("push.off", key.error());
    return push;
  }
  const std::string fetchers = layout.fetch_socket();
  push.is_on = true;
  push.files = &posix_files();
  push.layout = &layout;
  push.key = std::move(*key);
  push.reserve_bytes = [reserve = config.reserve_bytes] {
    return reserve ? std::optional<std::uint64_t>(static_cast<std::uint64_t>(*reserve))
                   : std::nullopt;
  };
  push.wake_fetchers = [fetchers] { static_cast<void>(fetch::ask_to_wake(fetchers)); };
  push.remove_pending = [fetchers] {
    static_cast<void>(fetch::ask_to_remove(fetchers, kRemoveTimeoutMs));
  };
  return push;
}

/// What a process of this pool may do about what is not stored.
hub::PullThrough pull_through_of(const Config& config, const storage::Layout& layout,
                                 const WorkerOptions& options, std::stop_token stop) {
  const std::string fetchers = layout.fetch_socket();
  return hub::PullThrough{
      .is_on = config.pull_through(),
      .pool = options.pool,
      .look_up =
          [fetchers](const std::string& repo, const std::string& revision) {
            return fetch::ask_to_look_up(fetchers, repo, revision, kLookUpTimeoutMs);
          },
      .wake_fetchers = [fetchers] { static_cast<void>(fetch::ask_to_wake(fetchers)); },
      .layout = &layout,
      .open_database = [paths = state_paths(layout)] { return catalog::open(paths); },
      .stop = std::move(stop),
  };
}

hub::Services door_services_of(const Config& config, const storage::Layout& layout,
                               usage::Journal& journal, hub::PullThrough pull) {
  return hub::Services{
      .journal = journal,
      .clock = system_clock(),
      .gate = auth::Gate{.granted = open_scope_of(config),
                         .trusts_proxies = !config.trusted_proxies.empty()},
      .hosts = host_names(config),
      .allowed_origins = config.cors_origins,
      .push = push_of(config, layout),
      .pull = std::move(pull),
  };
}

/// What one thread serves: the API and the hub door, on one database connection.
http::Handler handler_of(const api::Api& api, const hub::Door& door, catalog::StatePaths state) {
  // Shared only because std::function must be copyable; one thread uses it.
  return [&api, &door, state = std::move(state),
          thread = std::make_shared<api::ThreadContext>()](const http::Request& request) {
    if (!hub::is_for_door(request)) return api.handle(request, *thread);
    return door.handle(request, [&] { return thread->database(state); });
  };
}

/// The same for the pool of streams, whose threads are many and hold no connection while they send.
http::Handler stream_handler_of(const hub::Door& door, ConnectionShelf& shelf) {
  return [&door, &shelf](const http::Request& request) {
    ConnectionShelf::Lease lease(shelf);
    return door.handle(
        request, [&lease] { return lease.connection(); }, [&lease] { lease.give_back(); });
  };
}

/// A damaged or missing database is no reason not to answer: each answer says what is wrong. So
/// this thread, too, comes back until there is one.
void drain_journals(const storage::Layout& layout, usage::Pulse pulse,
                    const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    auto db = catalog::open(state_paths(layout), catalog::kImporterCacheKib);
    if (db) return usage::run_drainer(*db, drain_paths(layout), pulse, system_clock(), stop);
    log::debug("drainer.no_database", {{"cause", db.error().cause}});
    for (int waited_ms = 0; waited_ms < kReopenMs && !stop.stop_requested(); waited_ms += 100) {
      system_clock().sleep_ms(100);
    }
  }
}

}  // namespace

Result<> run_worker(const LoadedConfig& start, const WorkerOptions& options, const Report& report) {
  const Config& config = start.config;
  const StopOnSignal stop;
  const storage::Layout layout = layout_of(config);
  usage::Pulse pulse = TRY(usage::Pulse::open(layout.pulse()));
  usage::Journal journal =
      TRY(usage::Journal::open(layout.journal_dir(), journal_name(options.pool), pulse,
                               [&layout] { return catalog::drop_ballast(state_paths(layout)); }));
  api::Services services = services_of(config, layout, journal, pulse, stop.token());
  services.is_long_pool = options.pool == hub::Pool::long_answers;
  services.settings = settings_door(std::make_shared<const LoadedConfig>(start));
  const api::Api api(std::move(services));
  hub::DownloadWatch watch;
  hub::PullThrough pull = pull_through_of(config, layout, options, stop.token());
  pull.watch = &watch;
  const hub::Door door(door_services_of(config, layout, journal, std::move(pull)));
  ConnectionShelf shelf(state_paths(layout));

  std::jthread beside;
  if (options.pool == hub::Pool::streams) {
    // A client that leaves is an answer of sendfile and not the end of all.
    std::signal(SIGPIPE, SIG_IGN);
    beside = std::jthread([&watch, &layout](const std::stop_token& ended) {
      watch.run([&layout] { return catalog::open(state_paths(layout)); }, ended);
    });
  }
  if (options.pool == hub::Pool::answers) {
    beside = std::jthread(
        [&layout, pulse](const std::stop_token& ended) { drain_journals(layout, pulse, ended); });
  }
  http::ServeOptions serve;
  serve.listen_fd = options.listen_fd;
  serve.threads = options.threads;
  serve.at_once = options.at_once;
  serve.body_bytes_max = kBodyBytesMax;
  serve.retire = stop.retire_token();
  report.ready();
  const auto make_handler = [&]() -> http::Handler {
    if (options.pool == hub::Pool::streams) return stream_handler_of(door, shelf);
    return handler_of(api, door, state_paths(layout));
  };
  return http::serve(serve, make_handler, stop.token());
}

}  // namespace modelkeep::app
