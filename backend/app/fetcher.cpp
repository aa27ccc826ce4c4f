#include "app/fetcher.h"

#include <sys/resource.h>

#include "app/role_paths.h"
#include "app/signals.h"
#include "base/log.h"
#include "catalog/backup.h"
#include "fetch/fetcher.h"
#include "net/addresses.h"

namespace modelkeep::app {
namespace {

constexpr int kBackupLookMs = 10 * 60 * 1'000;
constexpr int kBallastMs = 60'000;

/// This process holds the Hub token, which must not end in a core file.
void leave_no_core() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

fetch::Chore backup_chore(const catalog::StatePaths& state) {
  return {"backup", kBackupLookMs, [state](sqlite::Connection&) -> Result<> {
            TRY(catalog::backup_if_due(state, system_clock().now()));
            return {};
          }};
}

fetch::Chore ballast_chore(const catalog::StatePaths& state) {
  return {"ballast", kBallastMs,
          [state](sqlite::Connection&) { return catalog::keep_ballast(state); }};
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

Result<> run_fetch(const Config& config, const FetchOptions& options, const Report& report) {
  const StopOnSignal stop;
  leave_no_core();
  fetch::FetcherConfig fetcher{.layout = layout_of(config)};
  fetcher.state = state_paths(fetcher.layout);
  fetcher.upstream = TRY(upstream_of(config));
  fetcher.listener = Fd(options.listen_fd);
  fetcher.index = options.number - 1;
  fetcher.downloads_at_once = config.limit_downloads;
  fetcher.connections = config.limit_connections;
  if (config.reserve_bytes)
    fetcher.reserve_bytes = static_cast<std::uint64_t>(*config.reserve_bytes);
  fetcher.chores = {backup_chore(fetcher.state), ballast_chore(fetcher.state)};
  report.ready();
  return fetch::run_fetcher(std::move(fetcher), stop.token());
}

}  // namespace modelkeep::app
