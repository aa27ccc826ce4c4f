#include "fetch/receiver.h"

#include <algorithm>
#include <utility>

#include "base/error_codes.h"
#include "base/log.h"

namespace modelkeep::fetch {
namespace {

constexpr int kDriveMs = 50;
constexpr std::int64_t kPauseMs = 50;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::uint64_t kUnhashedMax = std::uint64_t{256} << 20;
constexpr std::uint64_t kLookEveryBytes = std::uint64_t{4} << 20;
constexpr std::int64_t kPauseStepMs = 5;
constexpr int kPauseStepsMax = 20;
constexpr std::uint64_t kReadsPerSecond = 10;
// curl fills its buffer so often before it looks at another connection.
constexpr std::uint64_t kReadsInOneTurn = 100;
constexpr std::uint64_t kBufferBytesMin = 2 * 1024;
constexpr std::uint64_t kBufferBytesMax = 512 * 1024;

}  // namespace

Receiver::Receiver(ReceiverSetup setup, const std::vector<Part*>& parts)
    : setup_(std::move(setup)),
      schedule_(setup_.ranges, parts, setup_.tries_before),
      tries_(setup_.tries_before) {}

void Receiver::set_limits(const Limits& limits) {
  limits_.with([&](Limits& now) { now = limits; });
}

void Receiver::add(Part& part) {
  orders_.with([&](Orders& orders) { orders.add.push_back(&part); });
}

void Receiver::hurry(Part& part) {
  orders_.with([&](Orders& orders) { orders.hurry.push_back(&part); });
}

void Receiver::redo(Part& part) {
  orders_.with([&](Orders& orders) { orders.redo.push_back(&part); });
}

void Receiver::repair(Part& part) {
  orders_.with([&](Orders& orders) { orders.repair.push_back(&part); });
}

void Receiver::release(Part& part) {
  orders_.with([&](Orders& orders) { orders.release.push_back(&part); });
}

std::optional<Trouble> Receiver::trouble() {
  return trouble_.with([](const auto& trouble) { return trouble; });
}

Result<> Receiver::open() {
  budget_ = TRY(ConnectionBudget::join(setup_.connections_lock));
  shared_account_ = TRY(SharedAccount::open(setup_.rate_account));
  return {};
}

void Receiver::run(std::stop_token stop) {
  if (auto opened = open(); !opened) return give_up(std::move(opened).error());
  auto session = setup_.transport->open_bulk();
  if (!session) return give_up(std::move(session).error());
  const std::stop_callback wake_up(stop, [&session] { (*session)->wake(); });
  const auto step = [&]() -> Result<> {
    TRY(take_orders(**session));
    TRY(tick(**session, setup_.clock->mono_ms()));
    return start_due(**session);
  };
  while (!stop.stop_requested() && !trouble()) {
    if (auto done = step(); !done) return give_up(std::move(done).error());
    const std::int64_t wait_ms = owed_ms();
    if (wait_ms > 0) {
      // What is not read waits in the sockets, and their senders slow down. In steps: the thread
      // stays awake to a stop, and to a limit that is lifted.
      setup_.clock->sleep_ms(std::min(wait_ms, kPauseMs));
      continue;
    }
    for (auto& finished : (*session)->drive(kDriveMs)) settle(finished.key, finished.outcome);
    if (unlooked_ >= kLookEveryBytes) wait_for_hashing(stop);
    const std::int64_t now_ms = setup_.clock->mono_ms();
    if (all_wait_long(now_ms)) give_up_for_a_while(now_ms);
  }
  // For who goes on: what is still held back counts too.
  static_cast<void>(note_progress());
}

Result<> Receiver::take_orders(net::BulkSession& session) {
  const Orders orders = orders_.with([](Orders& all) { return std::exchange(all, {}); });
  for (Part* part : orders.add) schedule_.add(*part, 0);
  for (Part* part : orders.hurry) {
    if (const auto file = schedule_.find(*part)) schedule_.hurry(*file);
  }
  for (Part* part : orders.redo) {
    if (const auto file = schedule_.find(*part)) TRY(redo_file(session, *file));
  }
  for (Part* part : orders.repair) {
    if (const auto file = schedule_.find(*part)) repair_file(*file);
  }
  for (Part* part : orders.release) {
    if (const auto file = schedule_.find(*part)) release_file(session, *file);
  }
  return {};
}

Result<> Receiver::redo_file(net::BulkSession& session, std::size_t file) {
  drop_lanes_of(session, file);
  FileWork& work = schedule_.at(file);
  work.received = false;
  work.retried_fresh = true;
  work.comparison.reset();
  TRY(work.part->restart());
  schedule_.restart(file, {});
  setup_.on_open(*work.part);
  return {};
}

void Receiver::repair_file(std::size_t file) {
  FileWork& work = schedule_.at(file);
  if (!work.comparison) {
    log::warn("download.comparing", {{"path", work.part->file().path}});
    return schedule_.compare(file);
  }
  work.comparison->awaits_verdict = false;
  if (std::exchange(work.comparison->replaced_since, false)) {
    work.comparison->awaits_verdict = true;
    return setup_.on_replaced(*work.part);
  }
  const bool all_compared = work.taken.bytes() == work.part->size() && work.lanes == 0;
  if (all_compared) {
    give_up(
        {ErrorKind::corrupt, codes::checksum_mismatch,
         "A file arrived twice with other bytes than its digest says: " + work.part->file().path,
         "some bytes differed, and the second ones are wrong too"});
  }
}

void Receiver::release_file(net::BulkSession& session, std::size_t file) {
  drop_lanes_of(session, file);
  schedule_.finish(file);
  schedule_.close(file);
  schedule_.at(file).part->close();
  schedule_.at(file).part->leave_live();
}

Result<> Receiver::start_due(net::BulkSession& session) {
  const std::int64_t now_ms = setup_.clock->mono_ms();
  if (now_ms < everyone_waits_until_ms_) return {};
  while (lanes_.size() < static_cast<std::size_t>(allowed_)) {
    const auto file = schedule_.next_file(now_ms);
    if (!file) return {};
    TRY(start_lane(session, *file));
  }
  return {};
}

net::Request Receiver::request_for(const FileWork& work, ByteRange range) const {
  const Part& part = *work.part;
  net::Request request = setup_.request_for(part);
  request.shortcut = work.landing;
  // Under a rate a connection takes little at once, so that bytes come evenly.
  const auto turns_per_second =
      kReadsPerSecond * kReadsInOneTurn * static_cast<std::uint64_t>(std::max(allowed_, 1));
  const std::uint64_t at_once = rate_ == 0 ? kBufferBytesMax : rate_ / turns_per_second;
  request.receive_buffer_bytes = static_cast<int>(
      std::clamp(std::min(at_once, range.size() + 1), kBufferBytesMin, kBufferBytesMax));
  if (range == ByteRange{0, part.size()}) return request;
  std::string text = "bytes=" + std::to_string(range.begin) + "-";
  if (range.end != part.size()) text += std::to_string(range.end - 1);
  request.headers.push_back({"Range", std::move(text)});
  if (const std::string etag = work.part->etag(); !etag.empty())
    request.headers.push_back({"If-Range", etag});
  return request;
}

Result<> Receiver::start_lane(net::BulkSession& session, std::size_t file) {
  FileWork& work = schedule_.at(file);
  if (!work.begun) {
    TRY(work.part->open());
    schedule_.begin(file);
    setup_.on_open(*work.part);
  }
  const auto range = schedule_.take_range(file, pace());
  if (!range) {
    mark_received(file);
    return {};
  }
  // Of nothing it is not known whether it is still the same.
  if (work.part->position().received == 0) work.part->set_etag({});
  const std::uint64_t key = next_key_++;
  const std::int64_t now_ms = setup_.clock->mono_ms();
  auto sink = std::make_unique<RangeSink>(
      RangeOrder{.part = work.part,
                 .range = *range,
                 .compare = work.comparison.has_value(),
                 .token_sent = setup_.token_sent,
                 .on_head = [this, key](const net::ResponseHead& head, Beginning beginning) {
                   on_head(key, head, beginning);
                 }});
  RangeSink& borrowed = *sink;
  lanes_[key] = {.file = file,
                 .sink = std::move(sink),
                 .started_ms = now_ms,
                 .by_shortcut = work.landing.has_value(),
                 .asked_whole = *range == ByteRange{0, work.part->size()},
                 .landing_number = work.landing_number,
                 .bytes_per_second = usual_speed_,
                 .slow_since_ms = now_ms};
  return session.start(key, request_for(work, *range), borrowed);
}

// Pays for what came since it was last asked.
std::int64_t Receiver::owed_ms() {
  std::uint64_t received = ended_;
  for (const auto& [key, lane] : lanes_) received += lane.sink->received();
  const std::uint64_t fresh = received - paid_;
  paid_ = received;
  unlooked_ += fresh;
  const Limits limits = limits_.with([](const Limits& now) { return now; });
  const std::int64_t now_ns = setup_.clock->mono_ms() * kNsPerMs;
  std::int64_t debt = 0;
  if (limits.bytes_per_second > 0)
    debt = shared_account_->pay(now_ns, fresh, limits.bytes_per_second);
  if (limits.download_bytes_per_second > 0) {
    own_account_ = pay(own_account_, now_ns, fresh, limits.download_bytes_per_second);
    debt = std::max(debt, debt_ns(own_account_, now_ns));
  }
  return (debt + kNsPerMs - 1) / kNsPerMs;
}

// A network that is faster than hashing would only push its bytes out of memory before they are
// hashed, and take the processor from the thread that does it.
void Receiver::wait_for_hashing(const std::stop_token& stop) {
  unlooked_ = 0;
  const auto unhashed = [this] {
    std::uint64_t bytes = 0;
    for (const std::size_t file : schedule_.active()) {
      if (!schedule_.at(file).comparison) bytes += schedule_.at(file).part->unhashed();
    }
    return bytes;
  };
  for (int steps = 0; unhashed() > kUnhashedMax && steps < kPauseStepsMax; ++steps) {
    if (stop.stop_requested()) return;
    setup_.clock->sleep_ms(kPauseStepMs);
  }
}

}  // namespace modelkeep::fetch
