#include "base/json.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/parser.h"
#include "cli/progress.h"
#include "cli/terminal_text.h"
#include "cli/units.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

constexpr std::int64_t kAskEveryMs = 500;
// Longer than a restart of the service takes; the download itself survives that.
constexpr std::int64_t kSilenceMaxMs = 60'000;

const Manual kManual{
    .arguments = "NAME [FILE...]",
    .arguments_max = 101,
    .about =
        "Has the server download a model from the Hub into its folder, and waits until it is "
        "there. What the store has already is not fetched again. With FILEs only these.\n"
        "Prints the model's folder on the server. Ctrl-C ends the waiting, not the download.",
    .examples =
        "modelkeep download google/flan-t5-small\n"
        "modelkeep download -n gpt2 --detach # do not wait\n"
        "modelkeep download org/model --include '*.safetensors' '*.json'\n"
        "modelkeep download org/model config.json model.safetensors\n"
        "modelkeep download org/model --revision v1.0 --verbose",
    .options = {}};

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

Result<> wait_for(Client& client, const OneAnswer& accepted, bool verbose, World& world) {
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

void tell_accepted(const OneAnswer& accepted, const std::string& name, World& world) {
  const std::string shown_name = shown(accepted.model ? accepted.model->name : name);
  if (accepted.download && !is_over(*accepted.download)) {
    const std::string id = std::to_string(accepted.download->id);
    world.out.line("download " + id + " of " + shown_name + " is in the queue");
    world.talk.line("modelkeep queue shows how far it is");
    return;
  }
  std::string text = shown_name + " is in the store already";
  if (accepted.model) text += ": " + size_text(accepted.model->size_bytes);
  world.talk.line(text);
  if (accepted.model && !accepted.model->path.empty()) world.out.line(shown(accepted.model->path));
}

/// FILEs behind the name are what the Hub's client takes as well.
Result<std::vector<std::string>> wanted_files(const Parser& parser,
                                              const std::vector<std::string>& include) {
  if (parser.words().size() < 2) return include;
  if (!include.empty()) return wrong_usage("give FILEs or --include, not both");
  return std::vector<std::string>(parser.words().begin() + 1, parser.words().end());
}

}  // namespace

Result<> run_download(Call& call) {
  Parser parser(call, kManual);
  TCLAP::CmdLine& line = parser.line();
  using Text = TCLAP::ValueArg<std::string>;
  TCLAP::ValuesConstraint<std::string> priorities({"low", "normal", "high"});
  Text name("n", "name", "The model's name on the Hub.", false, "", "NAME", line);
  Text revision("r", "revision", "A branch, tag, refs/pr/N or commit; main unless given.", false,
                "", "REVISION", line);
  TCLAP::MultiArg<std::string> include("", "include", "Only files that match PATTERN.", false,
                                       "PATTERN", line);
  TCLAP::MultiArg<std::string> exclude("", "exclude", "No files that match PATTERN.", false,
                                       "PATTERN", line);
  Text priority("", "priority", "Before or after others in the queue.", false, "", &priorities,
                line);
  TCLAP::SwitchArg detach("d", "detach", "Do not wait until it is there.", line);
  TCLAP::SwitchArg verbose("v", "verbose", "Show every file.", line);
  if (!TRY(parser.read())) return {};
  const std::string model_name = TRY(parser.word_or(name));
  const auto allow = TRY(wanted_files(parser, include.getValue()));

  json::Writer body;
  body.begin_object().member("model_name", model_name);
  if (revision.isSet()) body.member("revision", revision.getValue());
  if (!allow.empty()) body.member("allow_patterns", allow);
  if (exclude.isSet()) body.member("ignore_patterns", exclude.getValue());
  if (priority.isSet()) body.member("priority", priority.getValue());
  body.end_object();

  Client client = TRY(connect(parser, call.world));
  const Answer answer = TRY(client.post("/api/models/download", body.take()));
  const OneAnswer accepted = TRY(read<OneAnswer>(client, answer));
  const bool over = !accepted.download || accepted.download->status == "ready";
  if (!over && !detach.getValue())
    return wait_for(client, accepted, verbose.getValue(), call.world);
  if (call.world.json) {
    print_json(answer, call.world);
  } else {
    tell_accepted(accepted, model_name, call.world);
  }
  return {};
}

}  // namespace modelkeep::cli
