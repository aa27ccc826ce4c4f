#include "base/json.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/parser.h"
#include "cli/selection_options.h"
#include "cli/terminal_text.h"
#include "cli/units.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

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
  SelectionOptions wanted(line);
  using Text = TCLAP::ValueArg<std::string>;
  TCLAP::ValuesConstraint<std::string> priorities({"low", "normal", "high"});
  Text priority("", "priority", "Before or after others in the queue.", false, "", &priorities,
                line);
  TCLAP::ValuesConstraint<std::string> choices({"refuse", "wait"});
  Text when_full("", "when-full", "Without room on the disk: fail, or wait for it.", false, "",
                 &choices, line);
  TCLAP::SwitchArg detach("d", "detach", "Do not wait until it is there.", line);
  TCLAP::SwitchArg verbose("v", "verbose", "Show every file.", line);
  if (!TRY(parser.read())) return {};
  const std::string model_name = TRY(parser.word_or(wanted.name));
  const auto allow = TRY(wanted_files(parser, wanted.include.getValue()));

  json::Writer body;
  body.begin_object().member("model_name", model_name);
  if (wanted.revision.isSet()) body.member("revision", wanted.revision.getValue());
  if (!allow.empty()) body.member("allow_patterns", allow);
  if (wanted.exclude.isSet()) body.member("ignore_patterns", wanted.exclude.getValue());
  if (priority.isSet()) body.member("priority", priority.getValue());
  if (when_full.isSet()) body.member("when_full", when_full.getValue());
  body.end_object();

  Client client = TRY(connect(parser, call.world));
  const Answer answer = TRY(client.post("/api/models/download", body.take()));
  const OneAnswer accepted = TRY(read<OneAnswer>(client, answer));
  const bool over = !accepted.download || accepted.download->status == "ready";
  if (!over && !detach.getValue())
    return follow_download(client, accepted, verbose.getValue(), call.world);
  if (call.world.json) {
    print_json(answer, call.world);
  } else {
    tell_accepted(accepted, model_name, call.world);
  }
  return {};
}

}  // namespace modelkeep::cli
