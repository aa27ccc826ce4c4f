// What the end of a request means for its file and for the whole transfer.
#include <algorithm>
#include <limits>
#include <utility>

#include "base/error_codes.h"
#include "base/log.h"
#include "fetch/receiver.h"
#include "upstream/refusal.h"

namespace modelkeep::fetch {
namespace {

constexpr int kRefusedAddressesMax = 3;
constexpr int kServiceUnavailable = 503;
// Fewer bytes in one try are no progress: an upstream that sends ten and stalls would be tried for
// ever.
constexpr std::uint64_t kProgressBytes = 64 * 1024;

}  // namespace

void Receiver::give_up(Error error, std::optional<std::int64_t> retry_in_ms, int tries) {
  trouble_.with([&](auto& trouble) {
    if (!trouble) trouble = Trouble{std::move(error), retry_in_ms, tries};
  });
}

void Receiver::give_up_for_a_while(std::int64_t now_ms) {
  std::int64_t earliest_ms = std::numeric_limits<std::int64_t>::max();
  int tries = 0;
  for (const std::size_t file : schedule_.active()) {
    const FileWork& work = schedule_.at(file);
    if (work.received) continue;
    earliest_ms = std::min(earliest_ms, work.not_before_ms);
    tries = std::max(tries, work.tries);
  }
  if (schedule_.has_fresh()) earliest_ms = std::min(earliest_ms, now_ms);
  give_up(last_error_, std::max(earliest_ms, everyone_waits_until_ms_) - now_ms, tries);
}

bool Receiver::all_wait_long(std::int64_t now_ms) const {
  if (!lanes_.empty()) return false;
  const auto is_long = [&](std::int64_t until_ms) {
    return std::max(until_ms, everyone_waits_until_ms_) - now_ms > setup_.patience_ms;
  };
  bool any = schedule_.has_fresh();
  if (any && !is_long(now_ms)) return false;
  for (const std::size_t file : schedule_.active()) {
    const FileWork& work = schedule_.at(file);
    if (work.received) continue;
    any = true;
    if (!is_long(work.not_before_ms)) return false;
  }
  return any;
}

void Receiver::mark_received(std::size_t file) {
  schedule_.finish(file);
  schedule_.at(file).part->complete();
  setup_.on_bytes();
}

void Receiver::on_head(std::uint64_t key, const net::ResponseHead& head, Beginning beginning) {
  Lane& lane = lanes_.at(key);
  FileWork& work = schedule_.at(lane.file);
  lane.first_byte_ms = setup_.clock->mono_ms() - lane.started_ms;
  if (lane.by_shortcut || !head.left_origin) usual_first_byte_ms_ = *lane.first_byte_ms;
  if (beginning == Beginning::as_asked) work.known = true;
  if (head.left_origin && !work.landing) {
    work.landing = net::Landing{head.url, head.on_trial};
    ++work.landing_number;
  }
  if (beginning == Beginning::as_asked || lane.asked_whole) return;
  // It does not give ranges: one connection, from the start. The others end by themselves, since
  // the part has begun anew.
  work.whole = true;
  ++work.restarts;
  schedule_.restart(lane.file, {0, work.part->size()});
}

void Receiver::drop_lane(net::BulkSession& session, std::uint64_t key) {
  const auto found = lanes_.find(key);
  if (found == lanes_.end()) return;
  session.abandon(key);
  ended_ += found->second.sink->received();
  const bool outdated = found->second.sink->is_outdated();
  schedule_.lane_ended(found->second.file, outdated ? ByteRange{} : found->second.sink->left());
  lanes_.erase(found);
}

void Receiver::drop_lanes_of(net::BulkSession& session, std::size_t file) {
  std::vector<std::uint64_t> keys;
  for (const auto& [key, lane] : lanes_) {
    if (lane.file == file) keys.push_back(key);
  }
  for (const std::uint64_t key : keys) drop_lane(session, key);
}

void Receiver::settle(std::uint64_t key, const Result<net::ResponseHead>& outcome) {
  const auto found = lanes_.find(key);
  if (found == lanes_.end()) return;
  Lane lane = std::move(found->second);
  lanes_.erase(found);
  RangeSink& sink = *lane.sink;
  ended_ += sink.received();
  if (sink.received() > 0) ++delivered_;
  if (sink.is_outdated()) {
    schedule_.lane_ended(lane.file, {});
    if (!outcome && outcome.error().code == codes::upstream_changed)
      settle_failure(lane, outcome.error());
    return;
  }
  if (auto flushed = sink.flush(); !flushed) return give_up(std::move(flushed).error());
  schedule_.lane_ended(lane.file, sink.left());
  FileWork& work = schedule_.at(lane.file);
  if (sink.is_done() || sink.received() >= kProgressBytes) {
    work.tries = work.fruitless = 0;
    tries_ = 0;
  }
  // It does not stop at the end of a range, and each further range would end in a broken
  // connection.
  if (!outcome && outcome.error().code == codes::interrupted) work.whole = true;
  // It may have broken after the last byte, or been cut off there; the digest will tell.
  const bool sends_too_much = !outcome && outcome.error().kind == ErrorKind::corrupt;
  if (sink.is_done() && !sends_too_much) return settle_success(lane.file, sink);
  if (!outcome) return settle_failure(lane, upstream::as_upstream_error(outcome.error()));
  // A range may be answered in part; what is missing is asked for next.
  if (sink.received() > 0 && outcome->status == 206) return;
  // A body without a length that ended early looks whole to the transport.
  settle_failure(lane, {ErrorKind::unavailable, codes::upstream_unavailable,
                        "The connection to the Hub broke.", "the body ended early"});
}

void Receiver::settle_success(std::size_t file, const RangeSink& sink) {
  FileWork& work = schedule_.at(file);
  if (work.comparison) return compared(file, sink);
  setup_.on_bytes();
  if (work.lanes == 0 && work.part->position().received == work.part->size()) mark_received(file);
}

void Receiver::compared(std::size_t file, const RangeSink& sink) {
  FileWork& work = schedule_.at(file);
  FileWork::Comparison& comparison = *work.comparison;
  ++comparison.pieces;
  if (sink.differed()) {
    log::warn("download.bytes_replaced",
              {{"path", work.part->file().path}, {"before", sink.left().begin}});
    if (comparison.awaits_verdict) {
      comparison.replaced_since = true;
    } else {
      comparison.awaits_verdict = true;
      setup_.on_replaced(*work.part);
    }
  }
  const bool all_compared = work.taken.bytes() == work.part->size() && work.lanes == 0;
  if (!all_compared || comparison.awaits_verdict) return;
  give_up({ErrorKind::corrupt, codes::checksum_mismatch,
           "A file arrived twice with other bytes than its digest says: " + work.part->file().path,
           "no byte differed"});
}

void Receiver::settle_failure(const Lane& lane, Error error) {
  FileWork& work = schedule_.at(lane.file);
  log::debug("download.range_failed",
             {{"path", work.part->file().path}, {"code", error.code}, {"cause", error.cause}});
  if (error.kind == ErrorKind::corrupt) {
    if (work.retried_fresh) return give_up(std::move(error));
    work.retried_fresh = true;
    if (!work.comparison) {
      if (auto restarted = work.part->restart(); !restarted)
        return give_up(std::move(restarted).error());
      schedule_.restart(lane.file, {});
    }
    return retry_later(lane, std::move(error));
  }
  if (error.kind != ErrorKind::unavailable || error.code == codes::storage_readonly)
    return give_up(std::move(error));
  if (error.code == codes::upstream_url_expired) return settle_expired(lane, std::move(error));
  if (error.code == codes::upstream_changed) {
    schedule_.restart(lane.file, {});
    ++work.restarts;
  }
  if (work.restarts > setup_.retry.restarts_max) {
    error.kind = ErrorKind::invalid;
    return give_up(std::move(error));
  }
  retry_later(lane, std::move(error));
}

// The next request asks the Hub for a fresh address. It is no failure unless the fresh ones are
// refused too.
void Receiver::settle_expired(const Lane& lane, Error error) {
  FileWork& work = schedule_.at(lane.file);
  if (lane.by_shortcut) {
    // All connections that share an address find out at the same time; that is one expiry.
    if (lane.landing_number != work.landing_number || !work.landing) return;
    work.landing.reset();
    // One connection asks for the new one.
    work.known = false;
    if (++work.expired_urls <= setup_.retry.expired_urls_max) return;
  }
  const bool too_often = ++work.expired_urls > setup_.retry.expired_urls_max;
  if (too_often || work.tries >= kRefusedAddressesMax) {
    error.kind = ErrorKind::forbidden;
    return give_up(std::move(error));
  }
  if (work.tries == 0) {
    work.tries = 1;
    return;
  }
  retry_later(lane, std::move(error));
}

void Receiver::retry_later(const Lane& lane, Error error) {
  FileWork& work = schedule_.at(lane.file);
  const std::int64_t now_ms = setup_.clock->mono_ms();
  const auto& refused = lane.sink->refused();
  const bool busy = refused && refused->status == kServiceUnavailable;
  const bool limited = error.code == codes::upstream_rate_limited;
  ++(busy || limited ? throttled_ : broken_);
  std::optional<std::int64_t> wished_s;
  if (refused) wished_s = upstream::wished_wait_s(*refused, setup_.clock->now());
  // Connections that fail together are one failure: only one that began after the last counts.
  if (work.failed_at_ms == 0 || lane.started_ms >= work.failed_at_ms) {
    ++work.tries;
    work.failed_at_ms = now_ms;
    tries_ = std::max(tries_.load(), work.tries);
  }
  if (work.tries >= setup_.retry.tries_max) return give_up(std::move(error));
  const std::int64_t delay_ms =
      retry_delay_ms(setup_.retry, std::max(work.tries, 1), wished_s, setup_.random());
  work.not_before_ms = std::max(work.not_before_ms, now_ms + delay_ms);
  // A limit is of the account and not of the file.
  if (limited) everyone_waits_until_ms_ = std::max(everyone_waits_until_ms_, work.not_before_ms);
  last_error_ = std::move(error);
}

}  // namespace modelkeep::fetch
