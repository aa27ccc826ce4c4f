#include "base/json.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/follow.h"
#include "cli/model_lookup.h"
#include "cli/parser.h"
#include "cli/terminal_text.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "NAME|ID",
    .arguments_max = 1,
    .about =
        "Alone, fetches what has changed upstream: only files that are new, while the model stays "
        "ready; its folder is swapped at once at the end, and what it showed before is kept as a "
        "revision.\n"
        "With one of the options below it changes what is written about the model instead. What is "
        "not named stays as it is.",
    .examples =
        "modelkeep update google/flan-t5-small # fetch the newest commit\n"
        "modelkeep update gpt2 --description 'the baseline of the nightly run'\n"
        "modelkeep update gpt2 --tags baseline,english # in place of all tags it has\n"
        "modelkeep update gpt2 --tags '' # no tags\n"
        "modelkeep update gpt2 --pin # never offered for clearing up\n"
        "modelkeep update -id gpt2 -status archived",
    .options = {}};

void write_tags(const std::string& list, json::Writer& body) {
  body.key("tags").begin_array();
  for (const std::string_view tag : split(list, ',')) {
    if (!trim(tag).empty()) body.value(trim(tag));
  }
  body.end_array();
}

Result<> fetch_newer(Client& client, const std::string& word, bool detach, World& world) {
  const Answer answer = TRY(call_for_model(
      client, word, [&](const std::string& path) { return client.post(path + "/update", "{}"); }));
  const OneAnswer accepted = TRY(read<OneAnswer>(client, answer));
  if (accepted.download && !detach) return follow_download(client, accepted, false, world);
  if (world.json) {
    print_json(answer, world);
    return {};
  }
  const std::string id = accepted.download ? std::to_string(accepted.download->id) : "";
  world.out.line("download " + id + " brings what is new of " +
                 shown(accepted.model ? accepted.model->name : word));
  return {};
}

}  // namespace

Result<> run_update(Call& call) {
  Parser parser(call, kManual);
  TCLAP::CmdLine& line = parser.line();
  using Text = TCLAP::ValueArg<std::string>;
  TCLAP::ValuesConstraint<std::string> statuses({"ready", "archived"});
  Text id("i", "id", "The model, by id or name.", false, "", "ID", line);
  Text status("", "status", "Archived models stay on disk and are marked as past.", false, "",
              &statuses, line);
  Text description("d", "description", "A text for people.", false, "", "TEXT", line);
  Text tags("t", "tags", "Tags, with commas between them, in place of all it has.", false, "",
            "TAGS", line);
  TCLAP::SwitchArg pin("", "pin", "Keep it, whatever is cleared up.", line);
  TCLAP::SwitchArg unpin("", "unpin", "Take the pin away.", line);
  TCLAP::SwitchArg detach("", "detach", "Do not wait until the newer files are there.", line);
  if (!TRY(parser.read())) return {};
  const std::string word = TRY(parser.word_or(id));
  if (pin.getValue() && unpin.getValue()) return wrong_usage("give --pin or --unpin, not both");
  const bool changes_words =
      status.isSet() || description.isSet() || tags.isSet() || pin.isSet() || unpin.isSet();
  if (changes_words && detach.getValue())
    return wrong_usage("--detach is for an update from upstream; it takes no other option");
  Client client = TRY(connect(parser, call.world));
  if (!changes_words) return fetch_newer(client, word, detach.getValue(), call.world);

  json::Writer body;
  body.begin_object();
  if (status.isSet()) body.member("status", status.getValue());
  if (description.isSet()) body.member("description", description.getValue());
  if (tags.isSet()) write_tags(tags.getValue(), body);
  if (pin.isSet() || unpin.isSet()) body.member("pinned", pin.getValue());
  body.end_object();

  const Answer answer = TRY(call_for_model(
      client, word, [&](const std::string& path) { return client.put(path, body.take()); }));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  const OneAnswer one = TRY(read<OneAnswer>(client, answer));
  call.world.out.line(shown(one.model ? one.model->name : word) + " is updated");
  return {};
}

}  // namespace modelkeep::cli
