#include "cli/follow.h"

#include <utility>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

constexpr std::int64_t kAskEveryMs = 500;
// Longer than a restart of the service takes; the download itself survives that.
constexpr std::int64_t kSilenceMaxMs = 60'000;

struct Follow {
  Client& client;
  World& world;
  ProgressView view;
  std::int64_t started_ms;
  std::int64_t answered_ms;
  bool told_silence = false;
};

Result<Answer> ask_about(Follow& follow, std::int64_t id) {
  Result<Answer> answer = follow.client.get("/api/downloads/" + std::to_string(id));
  const std::int64_t now_ms = follow.world.clock.mono_ms();
  if (answer) {
    follow.answered_ms = now_ms;
    follow.told_silence = false;
  } else if (!follow.told_silence && answer.error().kind == ErrorKind::unavailable) {
    follow.told_silence = true;
    follow.view.clear();
    follow.world.talk.line("the server does not answer at the moment; waiting for it");
  }
  return answer;
}

/// Shows how the download goes until it is over; the last answer about it.
Result<std::pair<Answer, Download>> follow_to_end(Follow& follow, Download download) {
  Answer last;
  follow.view.show(download, follow.world.clock.mono_ms());
  while (!is_over(download) || last.body.empty()) {
    if (!is_over(download)) follow.world.clock.sleep_ms(kAskEveryMs);
    Result<Answer> answer = ask_about(follow, download.id);
    if (!answer) {
      const bool passing = answer.error().kind == ErrorKind::unavailable;
      if (passing && follow.world.clock.mono_ms() - follow.answered_ms < kSilenceMaxMs) continue;
      follow.view.clear();
      return tl::unexpected{std::move(answer).error()};
    }
    const OneAnswer one = TRY(read<OneAnswer>(follow.client, *answer));
    if (!one.download)
      return fail(ErrorKind::internal, kAnswerInvalid,
                  "the server left the download out of its answer");
    download = *one.download;
    last = *std::move(answer);
    follow.view.show(download, follow.world.clock.mono_ms());
  }
  follow.view.clear();
  return std::pair{std::move(last), std::move(download)};
}

std::string farewell(const Download& download) {
  const std::string id = std::to_string(download.id);
  return "\nmodelkeep: download " + id + " of " + shown(download.model_name) +
         " goes on at the server; modelkeep queue shows it, modelkeep cancel " + id + " ends it\n";
}

std::string ready_text(const Download& download, std::int64_t took_ms) {
  std::string text = shown(download.model_name) +
                     " is ready: " + size_text(download.bytes_total.value_or(download.bytes_done));
  if (!download.files.empty()) {
    text += " in " + count_text(static_cast<std::int64_t>(download.files.size()), "file", "files");
  }
  return text + ", " + duration_text(took_ms / 1000);
}

}  // namespace

Result<> follow_download(Client& client, const OneAnswer& accepted, bool verbose, World& world) {
  const InterruptNotice notice(farewell(*accepted.download));
  const std::int64_t now_ms = world.clock.mono_ms();
  Follow follow{client, world, ProgressView(world.talk, verbose), now_ms, now_ms};
  const auto [answer, download] = TRY(follow_to_end(follow, *accepted.download));
  if (world.json) print_json(answer, world);
  const std::string name = shown(download.model_name);
  const std::string id = std::to_string(download.id);
  if (download.status == "failed") {
    const std::string cause = download.error.empty() ? "the server gave no reason" : download.error;
    return fail(ErrorKind::internal, kServerRefused,
                "download " + id + " of " + name + " failed: " + cause + " (modelkeep retry " + id +
                    " tries again)");
  }
  if (download.status == "cancelled") {
    return fail(ErrorKind::conflict, codes::cancelled,
                "download " + id + " of " + name + " was cancelled");
  }
  world.talk.line(ready_text(download, world.clock.mono_ms() - follow.started_ms));
  if (!world.json && accepted.model && !accepted.model->path.empty())
    world.out.line(shown(accepted.model->path));
  return {};
}

}  // namespace modelkeep::cli
