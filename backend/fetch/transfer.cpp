#include "fetch/transfer.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include "base/error_codes.h"
#include "base/log.h"
#include "catalog/upstream_answers.h"
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
// Of a download that clients wait for: how soon a further wish is seen, and how long it stays for
// one.
constexpr std::int64_t kLookForMoreMs = 20;
constexpr std::int64_t kStayMs = 1'500;
constexpr std::int64_t kHurryEveryMs = 100;
constexpr mode_t kLiveFolderPermissions = 0700;

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
  void add_file(const catalog::DownloadFile& file);
  Result<> work(Receiver& receiver, std::stop_token stop);
  Result<> work_off(Receiver& receiver, const std::stop_token& stop);
  Result<> stay(Receiver& receiver, const std::stop_token& stop);
  Result<bool> take_more(Receiver& receiver);
  Result<> hurry(Receiver& receiver);
  void leave_live();
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
  std::map<std::int64_t, Part*> by_number_;
  std::set<std::int64_t> stored_;
  std::set<std::int64_t> hurried_;
  std::size_t unfinished_ = 0;
  std::uint64_t stored_bytes_ = 0;  // Of files that were ready before.
  std::uint64_t total_bytes_ = 0;
  Speed speed_;
  std::int64_t shown_at_ms_ = 0;
  std::int64_t asked_limits_at_ms_ = 0;
  std::int64_t hurried_at_ms_ = 0;
  int stalled_tries_ = 0;
};

void Transfer::add_file(const catalog::DownloadFile& file) {
  const storage::Layout& layout = around_.config->layout;
  total_bytes_ += static_cast<std::uint64_t>(file.size_bytes);
  if (file.status == FileStatus::ready) {
    stored_bytes_ += static_cast<std::uint64_t>(file.size_bytes);
    stored_.insert(file.number);
    return;
  }
  const std::int64_t id = order_.claim.download_id;
  PartPaths paths{.bytes = layout.part(id, file.number),
                  .ranges = layout.part_ranges(id, file.number),
                  .synced = layout.part_synced(id, file.number)};
  if (around_.config->shows_parts) paths.live = layout.live_part(id, file.number);
  const bool in_ranges =
      static_cast<std::uint64_t>(file.size_bytes) >= around_.config->ranges.split_bytes;
  auto part = std::make_unique<Part>(*around_.files, paths, file, in_ranges);
  const Part* key = part.get();
  by_number_[file.number] = part.get();
  arrivals_[key] = {.part = std::move(part), .etag_shown = file.etag};
  ++unfinished_;
}

Result<> Transfer::prepare() {
  const storage::Layout& layout = around_.config->layout;
  TRY(prepare_staging(*around_.files, layout, order_.claim.download_id, order_.files));
  if (around_.config->shows_parts)
    TRY(around_.files->make_folders(layout.live_parts_dir(), kLiveFolderPermissions));
  for (const catalog::DownloadFile& file : order_.files) add_file(file);
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
    result = work(receiver, stop);
  }
  if (result) return std::nullopt;
  if (!stop.stop_requested()) leave_live();
  // A last word on how far it came. Where that fails, the row is a little behind.
  static_cast<void>(show());
  if (auto trouble = receiver.trouble(); trouble && result.error().code == codes::interrupted)
    return trouble;
  return Trouble{std::move(result).error()};
}

Result<> Transfer::work(Receiver& receiver, std::stop_token stop) {
  TRY(hurry(receiver));
  do {
    TRY(work_off(receiver, stop));
    stalled_tries_ = 0;
    TRY(show());
    if (order_.more) TRY(stay(receiver, stop));
  } while (unfinished_ > 0);
  return {};
}

Result<> Transfer::work_off(Receiver& receiver, const std::stop_token& stop) {
  const std::int64_t wait_ms =
      order_.more ? std::min(kLookForMoreMs, around_.look_every_ms) : around_.look_every_ms;
  while (unfinished_ > 0) {
    TRY(take(inbox_.wait(wait_ms), receiver));
    if (unfinished_ == 0) break;
    if (stop.stop_requested() || receiver.trouble()) {
      return fail(ErrorKind::unavailable, codes::interrupted, "The transfer was stopped.");
    }
    if (order_.more) TRY(take_more(receiver));
    TRY(look(receiver));
  }
  return {};
}

// Until something is to be fetched again, or for a moment.
Result<> Transfer::stay(Receiver& receiver, const std::stop_token& stop) {
  std::int64_t until_ms = around_.clock->mono_ms() + kStayMs;
  while (unfinished_ == 0 && around_.clock->mono_ms() < until_ms) {
    if (stop.stop_requested())
      return fail(ErrorKind::unavailable, codes::interrupted, "The transfer was stopped.");
    around_.clock->sleep_ms(kLookForMoreMs);
    if (TRY(take_more(receiver))) until_ms = around_.clock->mono_ms() + kStayMs;
    TRY(catalog::check_claim(db_, order_.claim));
  }
  return {};
}

Result<bool> Transfer::take_more(Receiver& receiver) {
  const std::vector<catalog::DownloadFile> plan = TRY(order_.more());
  for (const catalog::DownloadFile& file : plan) {
    if (by_number_.contains(file.number) || stored_.contains(file.number)) continue;
    add_file(file);
    const auto added = by_number_.find(file.number);
    if (added != by_number_.end()) receiver.add(*added->second);
  }
  if (!plan.empty()) TRY(hurry(receiver));
  return !plan.empty();
}

// What someone waits for goes before the rest of a plan.
Result<> Transfer::hurry(Receiver& receiver) {
  for (const std::int64_t number : TRY(catalog::wanted_files(db_, order_.claim.download_id))) {
    const auto part = by_number_.find(number);
    if (part == by_number_.end() || !hurried_.insert(number).second) continue;
    receiver.hurry(*part->second);
  }
  return {};
}

// A transfer that goes on elsewhere leaves the pages to its successor.
void Transfer::leave_live() {
  for (auto& [key, arrival] : arrivals_) arrival.part->leave_live();
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
  for (const FileEvent& event : safe) {
    if (event.part->was_replaced())
      TRY(catalog::note_replaced(db_, event.sha256, around_.clock->now()));
  }
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
  if (around_.config->shows_parts && now_ms - hurried_at_ms_ >= kHurryEveryMs) {
    hurried_at_ms_ = now_ms;
    TRY(hurry(receiver));
  }
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
