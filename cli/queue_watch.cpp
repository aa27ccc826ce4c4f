#include "cli/queue_watch.h"

#include <algorithm>
#include <utility>

#include "cli/interrupt.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

constexpr std::int64_t kLookEveryMs = 1'000;
constexpr std::int64_t kRetryMsMax = 5'000;

bool may_come_back(const Error& error) {
  return error.code == kServerUnreachable || error.kind == ErrorKind::unavailable;
}

QueueHead head_of(const Client& client, const std::vector<Download>& downloads) {
  std::int64_t bytes_per_second = 0;
  for (const Download& download : downloads)
    bytes_per_second += download.bytes_per_second.value_or(0);
  std::string text =
      client.server() + "  " +
      count_text(static_cast<std::int64_t>(downloads.size()), "download", "downloads");
  if (bytes_per_second > 0) text += "  " + size_text(bytes_per_second) + "/s";
  return {.text = std::move(text)};
}

}  // namespace

Result<std::vector<Download>> read_queue(Client& client, const Query& query, World& world) {
  std::vector<Download> downloads;
  for (std::string cursor;;) {
    Query page_query = query;
    if (!cursor.empty()) page_query.emplace_back("cursor", cursor);
    const Answer answer = TRY(client.get(with_query("/api/downloads", page_query)));
    DownloadPage page = TRY(read<DownloadPage>(client, answer));
    if (world.json) print_json(answer, world);
    cursor = page.downloads.empty() ? "" : page.next_cursor;
    std::ranges::move(page.downloads, std::back_inserter(downloads));
    if (cursor.empty()) return downloads;
  }
}

Result<std::int64_t> QueueWatch::look() {
  auto looked = read_queue(client_, {{"limit", "200"}, {"status", "active"}}, world_);
  if (!looked && (!seen_ || !may_come_back(looked.error())))
    return tl::unexpected{std::move(looked).error()};
  if (looked) {
    seen_ = true;
    failures_ = 0;
    last_ = std::move(*looked);
  } else {
    ++failures_;
  }
  if (!world_.json) {
    const QueueHead head =
        failures_ == 0 ? head_of(client_, last_)
                       : QueueHead{.text = "no answer from " + client_.server() + ", trying again",
                                   .trouble = true};
    view_.show(head, last_, world_.clock.mono_ms());
  }
  return std::min<std::int64_t>(kLookEveryMs * std::max(failures_, 1), kRetryMsMax);
}

Result<> watch_queue(Client& client, World& world) {
  QueueWatch watch(client, world);
  // Also for a signal: the handler writes it before the process ends.
  const InterruptNotice notice(watch.farewell(), InterruptNotice::To::out);
  while (world.out.failure() == 0) {
    const auto wait_ms = watch.look();
    if (!wait_ms) {
      world.out.write(watch.farewell());
      return tl::unexpected{wait_ms.error()};
    }
    world.clock.sleep_ms(*wait_ms);
    world.out.measure(world.environment);
  }
  return {};
}

}  // namespace modelkeep::cli
