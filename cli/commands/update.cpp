#include "base/json.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/model_lookup.h"
#include "cli/parser.h"
#include "cli/terminal_text.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "NAME|ID",
    .arguments_max = 1,
    .about = "Changes what is written about a model. What is not named stays as it is.",
    .examples =
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
  if (!TRY(parser.read())) return {};
  const std::string word = TRY(parser.word_or(id));
  if (pin.getValue() && unpin.getValue()) return wrong_usage("give --pin or --unpin, not both");
  if (!status.isSet() && !description.isSet() && !tags.isSet() && !pin.isSet() && !unpin.isSet()) {
    return wrong_usage("update needs something to change, such as --description TEXT");
  }

  json::Writer body;
  body.begin_object();
  if (status.isSet()) body.member("status", status.getValue());
  if (description.isSet()) body.member("description", description.getValue());
  if (tags.isSet()) write_tags(tags.getValue(), body);
  if (pin.isSet() || unpin.isSet()) body.member("pinned", pin.getValue());
  body.end_object();

  Client client = TRY(connect(parser, call.world));
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
