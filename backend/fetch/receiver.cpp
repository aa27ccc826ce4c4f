#include "fetch/receiver.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error_codes.h"
#include "base/log.h"
#include "upstream/refusal.h"

namespace modelkeep::fetch {
namespace {

constexpr int kDriveMs = 100;
// Every fourth connection takes from the small end, so that small files do not wait behind large
// ones.
constexpr int kSmallEvery = 4;
constexpr int kRefusedAddressesMax = 3;

}  // namespace

Receiver::Receiver(ReceiverSetup setup, const std::vector<Part*>& parts)
    : setup_(std::move(setup)) {
  for (Part* part : parts) items_.push_back({.part = part, .tries = setup_.tries_before});
  std::stable_sort(items_.begin(), items_.end(),
                   [](const Item& a, const Item& b) { return a.part->size() > b.part->size(); });
}

void Receiver::redo(Part& part) {
  redos_.with([&](auto& redos) { redos.push_back(&part); });
}

std::optional<Trouble> Receiver::trouble() {
  return trouble_.with([](const auto& trouble) { return trouble; });
}

void Receiver::give_up(Error error, std::optional<std::int64_t> retry_in_ms, int tries) {
  trouble_.with([&](auto& trouble) {
    if (!trouble) trouble = Trouble{std::move(error), retry_in_ms, tries};
  });
}

void Receiver::run(std::stop_token stop) {
  auto session = setup_.transport->open_bulk();
  if (!session) return give_up(std::move(session).error());
  const std::stop_callback wake_up(stop, [&session] { (*session)->wake(); });
  while (!stop.stop_requested() && !trouble()) {
    if (auto redone = take_redos(); !redone) return give_up(std::move(redone).error());
    if (auto started = start_due(**session); !started) return give_up(std::move(started).error());
    for (auto& finished : (*session)->drive(kDriveMs))
      settle(items_[finished.key], finished.outcome);
    const std::int64_t now_ms = setup_.clock->mono_ms();
    if (all_wait_long(now_ms, **session)) {
      return give_up_for_a_while(now_ms);
    }
  }
}

void Receiver::give_up_for_a_while(std::int64_t now_ms) {
  std::int64_t earliest_ms = std::numeric_limits<std::int64_t>::max();
  int tries = 0;
  for (const Item& item : items_) {
    if (item.received) continue;
    earliest_ms = std::min(earliest_ms, item.not_before_ms);
    tries = std::max(tries, item.tries);
  }
  give_up(last_error_, std::max(earliest_ms, everyone_waits_until_ms_) - now_ms, tries);
}

bool Receiver::all_wait_long(std::int64_t now_ms, const net::BulkSession& session) const {
  if (session.running() > 0) return false;
  bool any = false;
  for (const Item& item : items_) {
    if (item.received) continue;
    any = true;
    const std::int64_t due_ms = std::max(item.not_before_ms, everyone_waits_until_ms_);
    if (due_ms - now_ms <= setup_.patience_ms) return false;
  }
  return any;
}

Result<> Receiver::take_redos() {
  const auto redos = redos_.with([](auto& all) { return std::exchange(all, {}); });
  for (Part* part : redos) {
    const auto item = std::find_if(items_.begin(), items_.end(),
                                   [&](const Item& one) { return one.part == part; });
    if (item == items_.end()) continue;
    TRY(part->restart());
    item->received = false;
    item->retried_fresh = true;
    item->sink.reset();
    setup_.on_open(*part);
  }
  return {};
}

std::optional<std::size_t> Receiver::next_due(std::int64_t now_ms) {
  const auto is_due = [&](const Item& item) {
    return !item.running && !item.received && item.not_before_ms <= now_ms;
  };
  if (++picks_ % kSmallEvery == 0) {
    const auto small = std::find_if(items_.rbegin(), items_.rend(), is_due);
    if (small != items_.rend()) return static_cast<std::size_t>(items_.rend() - small) - 1;
    return std::nullopt;
  }
  const auto large = std::find_if(items_.begin(), items_.end(), is_due);
  if (large == items_.end()) return std::nullopt;
  return static_cast<std::size_t>(large - items_.begin());
}

Result<> Receiver::start_due(net::BulkSession& session) {
  const std::int64_t now_ms = setup_.clock->mono_ms();
  if (now_ms < everyone_waits_until_ms_) return {};
  while (session.running() < static_cast<std::size_t>(setup_.connections)) {
    const auto index = next_due(now_ms);
    if (!index) return {};
    TRY(start(session, *index));
  }
  return {};
}

Result<> Receiver::start(net::BulkSession& session, std::size_t index) {
  Item& item = items_[index];
  if (!item.part->is_open()) {
    TRY(item.part->open());
    setup_.on_open(*item.part);
  }
  const Part::Position position = item.part->position();
  if (position.received == item.part->size()) {
    mark_received(item);
    return {};
  }
  if (!item.sink)
    item.sink = std::make_unique<FileSink>(*item.part, setup_.on_bytes, setup_.token_sent);
  if (position.received == 0) item.part->set_etag({});
  net::Request request = setup_.request_for(*item.part);
  if (position.received > 0) {
    request.headers.push_back({"Range", "bytes=" + std::to_string(position.received) + "-"});
    if (const std::string etag = item.part->etag(); !etag.empty())
      request.headers.push_back({"If-Range", etag});
  }
  item.sink->expect_from(position.received);
  item.sink->forget_refusal();
  item.bytes_at_start = position.received;
  item.generation_at_start = position.generation;
  item.running = true;
  return session.start(index, std::move(request), *item.sink);
}

void Receiver::mark_received(Item& item) {
  item.received = true;
  item.part->complete();
  setup_.on_bytes();
}

void Receiver::settle(Item& item, const Result<net::ResponseHead>& outcome) {
  item.running = false;
  const Part::Position position = item.part->position();
  const bool moved = position.generation == item.generation_at_start
                         ? position.received > item.bytes_at_start
                         : position.received > 0;
  if (moved) item.tries = 0;
  if (!outcome) return settle_failure(item, upstream::as_upstream_error(outcome.error()));
  if (position.received == item.part->size()) return mark_received(item);
  // A body without a length that ended early looks whole to the transport.
  settle_failure(item, {ErrorKind::unavailable, codes::upstream_unavailable,
                        "The connection to the Hub broke.", "the body ended early"});
}

void Receiver::settle_failure(Item& item, Error error) {
  log::debug("download.file_failed",
             {{"path", item.part->file().path}, {"code", error.code}, {"cause", error.cause}});
  if (item.part->position().received == item.part->size() && error.kind == ErrorKind::unavailable) {
    return mark_received(item);  // It broke after the last byte; the digest will tell.
  }
  if (error.kind == ErrorKind::corrupt) {
    if (item.retried_fresh) return give_up(std::move(error));
    item.retried_fresh = true;
    item.sink.reset();
    if (auto restarted = item.part->restart(); !restarted)
      return give_up(std::move(restarted).error());
    return retry_later(item, std::move(error));
  }
  if (error.kind != ErrorKind::unavailable || error.code == codes::storage_readonly)
    return give_up(std::move(error));
  if (error.code == codes::upstream_url_expired) {
    // The next request asks the Hub for a fresh address. It is no failure unless the fresh ones are
    // refused too.
    const bool too_often = ++item.expired_urls > setup_.retry.expired_urls_max;
    if (too_often || item.tries >= kRefusedAddressesMax) {
      error.kind = ErrorKind::forbidden;
      return give_up(std::move(error));
    }
    if (item.tries == 0) {
      item.tries = 1;
      return;
    }
  }
  retry_later(item, std::move(error));
}

void Receiver::retry_later(Item& item, Error error) {
  ++item.tries;
  if (item.tries >= setup_.retry.tries_max) return give_up(std::move(error));
  const std::int64_t now_ms = setup_.clock->mono_ms();
  std::optional<std::int64_t> wished_s;
  if (item.sink && item.sink->refused())
    wished_s = upstream::wished_wait_s(*item.sink->refused(), setup_.clock->now());
  const std::int64_t delay_ms = retry_delay_ms(setup_.retry, item.tries, wished_s, setup_.random());
  item.not_before_ms = now_ms + delay_ms;
  // A limit is of the account and not of the file.
  if (error.code == codes::upstream_rate_limited) {
    everyone_waits_until_ms_ = std::max(everyone_waits_until_ms_, item.not_before_ms);
  }
  last_error_ = std::move(error);
}

}  // namespace modelkeep::fetch
