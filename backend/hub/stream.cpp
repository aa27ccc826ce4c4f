#include "hub/stream.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/files.h"
#include "catalog/ask.h"
#include "catalog/revisions.h"
#include "http/body_sink.h"
#include "hub/byte_range.h"

namespace modelkeep::hub {
namespace {

// A client gives up after ten seconds without a byte. What is known by then is said with a status
// of its own; after that the headers go out, and the bytes follow when they come.
constexpr std::int64_t kFirstByteMs = 6'000;
constexpr std::int64_t kLookMs = 10;
// Kept back of the end of a file until all of it is known to be right. A small file is all end.
constexpr std::uint64_t kHeldBytes = std::uint64_t{64} << 10;
constexpr std::uint64_t kAtOnceBytes = std::uint64_t{1} << 20;
constexpr std::int64_t kShortestNapMs = 1;
constexpr std::int64_t kLongestNapMs = 32;
// As many tries of upstream that brought nothing are an answer, when it is the first byte that
// lacks.
constexpr int kStalledTriesMax = 2;
constexpr int kMissesForLook = 8;
constexpr std::int64_t kReplacedForMs = 60 * 60 * 1'000;

using catalog::DownloadStatus;
using catalog::WaitReason;

/// A branch or tag under which the store may show the commit, else the commit.
Result<std::string> revision_for(sqlite::Connection& db, const Visit& visit, const Stored& stored) {
  if (!visit.address.names_commit) return std::string(short_name(visit.address.revision));
  const auto free_for = [&](const std::string& name) -> Result<bool> {
    if (stored.model.pk == 0) return true;
    const auto held = TRY(catalog::find_revision(db, stored.model.pk, name));
    return !held || held->commit == stored.commit;
  };
  // What the folder shows of this commit grows in the folder.
  for (const std::string& name : stored.revision.refs) return name;
  for (const std::string& name :
       TRY(catalog::upstream_refs_of(db, stored.model.name, stored.commit))) {
    if (TRY(free_for(name))) return name;
  }
  return stored.commit;
}

Result<> require_on_its_way(const catalog::FileOnItsWay& file) {
  if (file.stalled_tries >= kStalledTriesMax) {
    return fail(ErrorKind::unavailable, codes::upstream_unreachable,
                "The Hub does not send it at the moment.");
  }
  const auto wait = [](std::string why) {
    return fail(ErrorKind::unavailable, codes::download_waits, std::move(why));
  };
  switch (file.download_status) {
    case DownloadStatus::paused:
      return wait("Its download is paused.");
    case DownloadStatus::cancelled:
      return wait("Its download was cancelled.");
    case DownloadStatus::failed:
      return fail(ErrorKind::unavailable, codes::download_failed,
                  "Its download failed: " + file.error);
    case DownloadStatus::queued:
      if (file.wait_reason == WaitReason::none) return {};
      if (file.wait_reason == WaitReason::upstream ||
          file.wait_reason == WaitReason::rate_limited) {
        return fail(ErrorKind::unavailable, codes::upstream_unreachable,
                    "The Hub does not send it at the moment: " + file.error);
      }
      return wait("Its download waits: " + file.error);
    default:
      return {};
  }
}

/// True when there is a part to read from.
bool open_part(const PullThrough& pull, Following& following) {
  if (following.live || following.stored) return true;
  if (following.number == 0) return false;
  const std::string path = pull.layout->part(following.download_id, following.number);
  auto part = posix_files().open(path, OpenMode::read);
  if (!part) return false;
  following.live =
      storage::LivePart::find(pull.layout->live_part(following.download_id, following.number));
  if (following.live) following.part = std::move(*part);
  return following.live.has_value();
}

/// It came and was taken in between two looks.
bool open_stored(const PullThrough& pull, Following& following) {
  auto db = pull.open_database();
  if (!db) return false;
  const auto way = catalog::find_file_on_its_way(*db, following.download_id, following.path);
  if (!way || !*way || !(*way)->ready) return false;
  auto blob = posix_files().open(pull.layout->blob((*way)->sha256), OpenMode::read);
  if (!blob) return false;
  following.part = std::move(*blob);
  following.stored = true;
  return true;
}

std::uint64_t sendable_to(const storage::LivePart::State& state, std::uint64_t size) {
  const std::uint64_t kept = state.right ? 0 : std::min(size, kHeldBytes);
  return std::min(state.ready_to, size - kept);
}

/// What goes out of one answer.
struct Sending {
  PullThrough pull;
  Following following;
  WantedBytes wanted;
  DownloadWatch::Going going;
  std::optional<std::uint64_t> replaced{};  ///< When the first byte was sent.
};

bool was_replaced(const Sending& sending, const storage::LivePart::State& state) {
  return sending.replaced && *sending.replaced != state.replaced;
}

/// How many went out; nothing when the transfer has to break.
std::optional<std::size_t> send_some(Sending& sending, std::uint64_t from, http::BodySink& sink) {
  if (sending.following.stored) {
    return sink.send(sending.following.part.get(), from,
                     static_cast<std::size_t>(std::min(sending.wanted.end - from, kAtOnceBytes)));
  }
  const storage::LivePart& live = *sending.following.live;
  const auto state = live.state(from);
  if (!state) return 0;
  if (was_replaced(sending, *state)) return std::nullopt;
  const std::uint64_t to =
      std::min(sendable_to(*state, sending.following.size), sending.wanted.end);
  if (to <= from) {
    // One that ended is right or will never be.
    return *sending.going || state->right ? std::optional<std::size_t>(0) : std::nullopt;
  }
  sending.replaced = state->replaced;
  const auto sent = sink.send(sending.following.part.get(), from,
                              static_cast<std::size_t>(std::min(to - from, kAtOnceBytes)));
  const auto after = live.state(from);
  return !after || was_replaced(sending, *after) ? std::nullopt : sent;
}

bool send_all(Sending& sending, http::BodySink& sink) {
  std::uint64_t at = sending.wanted.begin;
  std::int64_t nap_ms = kShortestNapMs;
  bool wished = false;
  int misses = 0;
  while (at < sending.wanted.end) {
    if (sending.pull.stop.stop_requested() || !sink.is_open()) return false;
    std::size_t sent = 0;
    if (open_part(sending.pull, sending.following)) {
      if (sending.following.live && !std::exchange(wished, true))
        sending.following.live->wish({sending.wanted.begin, sending.wanted.end});
      const auto some = send_some(sending, at, sink);
      if (!some) return false;
      sent = *some;
    } else if (++misses % kMissesForLook == 0 || !*sending.going) {
      const bool goes_on = *sending.going;
      if (!open_stored(sending.pull, sending.following) && !goes_on) return false;
    }
    at += sent;
    nap_ms = sent > 0 ? kShortestNapMs : std::min(nap_ms * 2, kLongestNapMs);
    if (sent == 0) system_clock().sleep_ms(nap_ms);
  }
  return true;
}

}  // namespace

Result<Followed> follow_file(Visit& visit, const Stored& stored, const catalog::ModelFile& file) {
  const PullThrough& pull = visit.services.pull;
  sqlite::Connection& db = *TRY(visit.database());
  const catalog::FileAsking asking{.name = stored.model.name,
                                   .revision = TRY(revision_for(db, visit, stored)),
                                   .commit = stored.commit,
                                   .path = file.path,
                                   .username = visit.username,
                                   .ip_address = std::string(visit.request.remote_address)};
  const auto asked = TRY(catalog::ask_for_file(db, asking, visit.services.clock.now()));
  visit.model_pk = asked.model.pk;
  visit.from_upstream = asked.is_first_wish;
  Followed followed;
  if (!asked.download) {
    // It was published between two looks.
    const auto held = TRY(catalog::find_revision(db, asked.model.pk, stored.commit));
    auto there = held ? TRY(catalog::find_revision_file(db, held->pk, file.path))
                      : std::optional<catalog::ModelFile>{};
    if (!there) return fail(ErrorKind::unavailable, codes::download_waits, "Try again.");
    followed.sha256 = std::move(there->sha256);
    return followed;
  }
  if (asked.outcome != catalog::AskOutcome::joined ||
      asked.download->status == DownloadStatus::queued)
    pull.wake_fetchers();
  Following following{.download_id = asked.download->id,
                      .size = static_cast<std::uint64_t>(file.size_bytes),
                      .path = file.path};
  const WantedBytes wanted = wanted_bytes(visit.request.range, following.size);
  const std::int64_t until_ms = visit.services.clock.mono_ms() + kFirstByteMs;
  bool wished = false;
  while (following.size > 0 && !pull.stop.stop_requested() &&
         visit.services.clock.mono_ms() < until_ms) {
    const auto way = TRY(catalog::find_file_on_its_way(db, following.download_id, file.path));
    if (!way) return fail(ErrorKind::unavailable, codes::download_waits, "Its download is gone.");
    if (way->ready) {
      followed.sha256 = way->sha256;
      return followed;
    }
    TRY(require_on_its_way(*way));
    following.number = way->number;
    if (open_part(pull, following)) {
      if (!std::exchange(wished, true)) following.live->wish({wanted.begin, wanted.end});
      const auto state = following.live->state(wanted.begin);
      if (state && sendable_to(*state, following.size) > wanted.begin) break;
    }
    visit.give_back();
    visit.services.clock.sleep_ms(kLookMs);
    TRY(visit.database());
  }
  if (following.number == 0 && following.size > 0) {
    return fail(ErrorKind::unavailable, codes::download_waits,
                "Its download has not begun yet; try again in a moment.");
  }
  followed.following = std::move(following);
  return followed;
}

Result<bool> may_go_on(Visit& visit, const std::string& sha256) {
  const std::string_view range = visit.request.range;
  if (range.empty() || range.starts_with("bytes=0-")) return true;
  sqlite::Connection& db = *TRY(visit.database());
  const Time since{visit.services.clock.now().ms - kReplacedForMs};
  return !TRY(catalog::was_replaced_since(db, sha256, since));
}

http::Response stream(const Visit& visit, Following following, http::Response head) {
  const PullThrough& pull = visit.services.pull;
  const std::string& etag = head.headers.front().value;
  std::string_view range = visit.request.range;
  if (!visit.request.if_range.empty() && visit.request.if_range != etag) range = {};
  WantedBytes wanted = wanted_bytes(range, following.size);
  // Who has read bytes that were replaced since must not go on behind them.
  if (following.live && following.live->was_replaced()) wanted = wanted_bytes({}, following.size);
  const std::string total = "/" + std::to_string(following.size);
  if (wanted.kind == WantedBytes::Kind::none) {
    http::Response refused =
        http::json_response(R"({"error":"Requested range not satisfiable"})", 416);
    refused.headers = {{"Content-Range", "bytes *" + total},
                       {"X-Error-Code", "RangeNotSatisfiable"}};
    return refused;
  }
  if (wanted.kind == WantedBytes::Kind::part) {
    head.status = 206;
    head.headers.push_back({"Content-Range", "bytes " + std::to_string(wanted.begin) + "-" +
                                                 std::to_string(wanted.end - 1) + total});
  }
  head.headers.push_back({"Accept-Ranges", "bytes"});
  head.content_length = static_cast<std::int64_t>(wanted.end - wanted.begin);
  auto going = pull.watch->follow(following.download_id);
  // Shared because std::function copies; the answer is its one user.
  const auto sending =
      std::make_shared<Sending>(Sending{pull, std::move(following), wanted, std::move(going)});
  head.send_body = [sending](http::BodySink& sink) { return send_all(*sending, sink); };
  return head;
}

}  // namespace modelkeep::hub
