#include "fetch/lookout.h"

#include <optional>
#include <utility>

#include "base/error_codes.h"
#include "base/file_lock.h"
#include "base/log.h"
#include "catalog/revisions.h"
#include "fetch/bell.h"
#include "upstream/hub.h"
#include "upstream/token.h"

namespace modelkeep::fetch {
namespace {

// Between two looks: a store of 8,000 models is through in a day, and upstream hardly notices.
constexpr std::int64_t kBetweenMs = 10'000;
constexpr std::int64_t kAfterTroubleMs = 600'000;

Result<upstream::Hub::Resolved> ask_upstream(const Surroundings& around,
                                             const catalog::Lookout& lookout) {
  const upstream::Config& config = around.config->upstream;
  const auto token =
      TRY(upstream::discover_token(around.environment, *around.files, config.token_file));
  const auto transport = TRY(around.open_transport());
  upstream::Hub hub(*transport, *around.clock, config, token ? token->value : std::string());
  return hub.resolve(lookout.name, lookout.revision, lookout.etag, [] { return true; });
}

}  // namespace

Result<bool> look_for_newer(const Surroundings& around, sqlite::Connection& db, Time now) {
  const std::int64_t every_ms = around.config->look_for_newer_every_ms();
  if (every_ms <= 0) return false;
  const auto lookout = TRY(catalog::next_lookout(db, Time{now.ms - every_ms}));
  if (!lookout) return false;
  const auto resolved = ask_upstream(around, *lookout);
  if (!resolved) {
    if (resolved.error().kind == ErrorKind::unavailable) return tl::unexpected{resolved.error()};
    // It is gone, or closed to us: that is an answer too, and asking again at once gives no other.
    log::failure("lookout.refused", resolved.error(), {{"model", lookout->name}});
    TRY(catalog::save_look(db, *lookout, std::nullopt, {}, now));
    return true;
  }
  TRY(catalog::save_look(db, *lookout, resolved->commit, resolved->etag, now));
  if (resolved->commit && *resolved->commit != lookout->commit)
    log::info("lookout.newer", {{"model", lookout->name}, {"commit", *resolved->commit}});
  return true;
}

void keep_lookout(const Surroundings& around, sqlite::Connection& db, std::stop_token stop) {
  Bell quiet;
  std::uint64_t heard = 0;
  std::optional<FileLock> lock;
  while (!stop.stop_requested()) {
    std::int64_t wait_ms = kBetweenMs;
    if (lock && !lock->still_ours()) lock.reset();
    if (!lock) {
      auto taken = FileLock::try_take(around.config->layout.lock("lookout"));
      if (taken) lock = std::move(*taken);
    }
    if (lock) {
      const auto looked = look_for_newer(around, db, around.clock->now());
      if (!looked) {
        log::failure("lookout.failed", looked.error());
        wait_ms = kAfterTroubleMs;
      }
    }
    quiet.wait(wait_ms, heard, stop);
  }
}

}  // namespace modelkeep::fetch
