#include "fetch/transfer.h"

#include <algorithm>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "base/error_codes.h"
#include "base/log.h"
#include "fetch/hash_lane.h"
#include "fetch/inbox.h"
#include "fetch/speed.h"
#include "fetch/staging.h"
#include "fetch/write_back.h"
#include "storage/blob_store.h"

namespace modelkeep::fetch {
namespace {

using catalog::FileProgress;
using catalog::FileStatus;

constexpr std::int64_t kAskLimitsMs = 1'000;

// One file as this thread sees it.
struct Arrival {
  std::unique_ptr<Part> part{};
  bool ready = false;
  int failures = 0;  // Of the disk.
  std::uint64_t bytes_shown = 0;
  std::optional<std::uint64_t> checkpoint{};  // Durable, and not in the row yet.
  std::string etag_shown{};
  bool ready_shown = false;
};

class Transfer {
 public:
  Transfer(const Surroundings& around, sqlite::Connection& db, const upstream::Hub& hub,
           const TransferOrder& order)
      : around_(around),
        db_(db),
        hub_(hub),
        order_(order),
        blobs_(*around.files, around.config->layout) {}

  Result<> prepare();
  std::optional<Trouble> run(std::stop_token stop);

 private:
  ReceiverSetup receiver_setup(net::Transport& transport, HashLane& lane,
                               WriteBack& write_back) const;
  Result<> work(Receiver& receiver, std::stop_token stop);
  Result<> take(std::vector<FileEvent> events, Receiver& receiver);
  Result<> keep(const std::vector<FileEvent>& safe, Receiver& receiver);
  Result<> fetch_again(Arrival& arrival, Receiver& receiver, Error error);
  void ask_limits(Receiver& receiver);
  Result<> look(Receiver& receiver);
  Result<> show();
  std::optional<FileProgress> change_of(Arrival& arrival, std::uint64_t received);

  const Surroundings& around_;
  sqlite::Connection& db_;
  const upstream::Hub& hub_;
  const TransferOrder& order_;
  storage::BlobStore blobs_;
  Inbox inbox_;
  std::map<const Part*, Arrival> arrivals_;
  std::size_t unfinished_ = 0;
  std::uint64_t stored_bytes_ = 0;  // Of files that were ready before.
  std::uint64_t total_bytes_ = 0;
  Speed speed_;
  std::int64_t shown_at_ms_ = 0;
  std::int64_t asked_limits_at_ms_ = 0;
  int stalled_tries_ = 0;
};

Result<> Transfer::prepare() {
  const storage::Layout& layout = around_.config->layout;
  TRY(prepare_staging(*around_.files, layout, order_.claim.download_id, order_.files));
  for (const catalog::DownloadFile& file : order_.files) {
    total_bytes_ += static_cast<std::uint64_t>(file.size_bytes);
    if (file.status == FileStatus::ready) {
      stored_bytes_ += static_cast<std::uint64_t>(file.size_bytes);
      continue;
    }
    const std::int64_t id = order_.claim.download_id;
    const PartPaths paths{.bytes = layout.part(id, file.number),
                          .ranges = layout.part_ranges(id, file.number),
                          .synced = layout.part_synced(id, file.number)};
    const bool in_ranges =
        static_cast<std::uint64_t>(file.size_bytes) >= around_.config->ranges.split_bytes;
    auto part = std::make_unique<Part>(*around_.files, paths, file, in_ranges);
    const Part* key = part.get();
    arrivals_[key] = {.part = std::move(part), .etag_shown = file.etag};
  }
  unfinished_ = arrivals_.size();
  return {};
}

ReceiverSetup Transfer::receiver_setup(net::Transport& transport, HashLane& lane,
                                       WriteBack& write_back) const {
  const FetcherConfig& config = *around_.config;
  const auto request_for = [this](const Part& part) {
    return hub_.file_request(order_.repo, order_.commit, part.file().path);
  };
  const auto on_open = [&lane, &write_back](Part& part) {
    lane.add(part);
    write_back.add(part);
  };
  return {.transport = &transport,
          .clock = around_.clock,
          .retry = config.retry,
          .ranges = config.ranges,
          .connections_lock = config.layout.connections_lock(),
          .rate_account = config.layout.rate_account(),
          .tries_before = order_.tries_before,
          .token_sent = !hub_.token().empty(),
          .request_for = request_for,
          .random = around_.random,
          .on_bytes = [&lane] { lane.poke(); },
          .on_open = on_open,
          .on_replaced = [&lane](Part& part) { lane.add(part); }};
}

std::optional<Trouble> Transfer::run(std::stop_token stop) {
  auto transport = around_.open_transport();
  if (!transport) return Trouble{std::move(transport).error()};
  const auto report = [this](FileEvent event) { inbox_.put(std::move(event)); };
  WriteBack write_back(*around_.files, *around_.clock, {}, report);
  HashLane lane(*around_.files, [&](FileEvent event) {
    event.kind == FileEvent::Kind::right ? write_back.make_safe(std::move(event))
                                         : report(std::move(event));
  });
  std::vector<Part*> parts;
  for (const auto& [key, arrival] : arrivals_) parts.push_back(arrival.part.get());
  Receiver receiver(receiver_setup(**transport, lane, write_back), parts);
  ask_limits(receiver);
  Result<> result;
  {
    // All end with this block, before anything they use goes.
    const std::jthread syncing([&](std::stop_token own) { write_back.run(std::move(own)); });
    const std::jthread hashing([&](std::stop_token own) { lane.run(std::move(own)); });
    const std::jthread receiving([&](std::stop_token own) { receiver.run(std::move(own)); });
    result = work(receiver, std::move(stop));
  }
  if (result) return std::nullopt;
  // A last word on how far it came. Where that fails, the row is a little behind.
  static_cast<void>(show());
  if (auto trouble = receiver.trouble(); trouble && result.error().code == codes::interrupted)
    return trouble;
  return Trouble{std::move(result).error()};
}

Result<> Transfer::work(Receiver& receiver, std::stop_token stop) {
  while (unfinished_ > 0) {
    TRY(take(inbox_.wait(around_.look_every_ms), receiver));
    if (unfinished_ == 0) break;
    if (stop.stop_requested() || receiver.trouble()) {
      return fail(ErrorKind::unavailable, codes::interrupted, "The transfer was stopped.");
    }
    TRY(look(receiver));
  }
  stalled_tries_ = 0;
  return show();
}

Result<> Transfer::take(std::vector<FileEvent> events, Receiver& receiver) {
  std::vector<FileEvent> safe;
  for (FileEvent& event : events) {
    Arrival& arrival = arrivals_.at(event.part);
    switch (event.kind) {
      case FileEvent::Kind::checkpoint:
        arrival.checkpoint = event.bytes;
        break;
      case FileEvent::Kind::safe:
        safe.push_back(std::move(event));
        break;
      case FileEvent::Kind::corrupt:
        receiver.repair(*event.part);
        break;
      case FileEvent::Kind::failed:
        TRY(fetch_again(arrival, receiver, std::move(*event.error)));
        break;
      case FileEvent::Kind::right:
        break;  // Not to be kept before it is safe.
    }
  }
  return keep(safe, receiver);
}

// The rows first: from then on no sweep takes these blobs for ones that nobody names. All that
// became safe meanwhile share one transaction and one sync of names, so that many small files do
// not pay for one each.
Result<> Transfer::keep(const std::vector<FileEvent>& safe, Receiver& receiver) {
  if (safe.empty()) return {};
  std::vector<catalog::FileDigest> digests;
  std::vector<storage::SyncedFile> files;
  for (const FileEvent& event : safe) {
    digests.push_back({event.part->file().number, event.sha256});
    files.push_back({event.part->disk_path(), event.sha256, event.part->size()});
  }
  TRY(catalog::save_digests(db_, order_.claim, digests));
  TRY(blobs_.commit(files));
  for (const FileEvent& event : safe) {
    receiver.release(*event.part);
    arrivals_.at(event.part).ready = true;
    --unfinished_;
  }
  return {};
}

Result<> Transfer::fetch_again(Arrival& arrival, Receiver& receiver, Error error) {
  if (error.kind == ErrorKind::no_space || ++arrival.failures > 1)
    return tl::unexpected{std::move(error)};
  log::warn("download.file_again", {{"download", order_.claim.download_id},
                                    {"path", arrival.part->file().path},
                                    {"code", error.code},
                                    {"cause", error.cause}});
  receiver.redo(*arrival.part);
  return {};
}

void Transfer::ask_limits(Receiver& receiver) {
  asked_limits_at_ms_ = around_.clock->mono_ms();
  receiver.set_limits(around_.config->limits ? around_.config->limits(db_) : Limits());
}

Result<> Transfer::look(Receiver& receiver) {
  const std::int64_t now_ms = around_.clock->mono_ms();
  stalled_tries_ = receiver.tries();
  if (now_ms - asked_limits_at_ms_ >= kAskLimitsMs) ask_limits(receiver);
  if (now_ms - shown_at_ms_ >= around_.show_every_ms) return show();
  return catalog::check_claim(db_, order_.claim);
}

std::optional<FileProgress> Transfer::change_of(Arrival& arrival, std::uint64_t received) {
  if (arrival.ready_shown) return std::nullopt;
  const std::string etag = arrival.part->etag();
  const bool changed = arrival.ready || received != arrival.bytes_shown || arrival.checkpoint ||
                       etag != arrival.etag_shown;
  if (!changed) return std::nullopt;
  FileProgress progress{.number = arrival.part->file().number,
                        .bytes_done = static_cast<std::int64_t>(received),
                        .status = arrival.ready ? FileStatus::ready : FileStatus::downloading};
  if (received == arrival.part->size() && !arrival.ready) progress.status = FileStatus::verifying;
  // A checkpoint that a restart has overtaken would let a resume begin beyond what is good.
  if (arrival.checkpoint)
    progress.checkpoint_bytes = static_cast<std::int64_t>(std::min(*arrival.checkpoint, received));
  if (etag != arrival.etag_shown) progress.etag = etag;
  arrival.bytes_shown = received;
  arrival.checkpoint.reset();
  arrival.etag_shown = etag;
  arrival.ready_shown = arrival.ready;
  return progress;
}

Result<> Transfer::show() {
  catalog::Progress progress;
  std::uint64_t bytes = stored_bytes_;
  for (auto& [key, arrival] : arrivals_) {
    const std::uint64_t received =
        arrival.ready ? arrival.part->size() : arrival.part->position().received;
    bytes += received;
    if (auto change = change_of(arrival, received)) progress.files.push_back(std::move(*change));
  }
  shown_at_ms_ = around_.clock->mono_ms();
  speed_.sample(shown_at_ms_, bytes);
  progress.bytes_done = static_cast<std::int64_t>(bytes);
  progress.bytes_per_second = speed_.bytes_per_second();
  progress.stalled_tries = stalled_tries_;
  progress.eta_seconds = speed_.seconds_for(total_bytes_ - bytes);
  return catalog::save_progress(db_, order_.claim, progress);
}

}  // namespace

std::optional<Trouble> transfer(const Surroundings& around, sqlite::Connection& db,
                                const upstream::Hub& hub, const TransferOrder& order,
                                std::stop_token stop) {
  Transfer transfer(around, db, hub, order);
  if (auto prepared = transfer.prepare(); !prepared) return Trouble{std::move(prepared).error()};
  return transfer.run(std::move(stop));
}

}  // namespace modelkeep::fetch
