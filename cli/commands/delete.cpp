#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/model_lookup.h"
#include "cli/parser.h"
#include "cli/terminal_text.h"
#include "cli/units.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "NAME|ID",
    .arguments_max = 1,
    .about =
        "Deletes a model from the store, for everyone. Asks first; where nobody can answer, in "
        "a script, it deletes only with --yes.",
    .examples =
        "modelkeep delete google/flan-t5-small\n"
        "modelkeep delete -id google_flan-t5-small --yes # no question\n"
        "modelkeep delete gpt2 --revision COMMIT # only that one, as modelkeep get shows it",
    .options = {}};

std::string question_about(const Model& model) {
  std::string text = "Delete " + shown(model.name) + " (" + size_text(model.size_bytes);
  if (model.stats.total_requests > 0) {
    text += ", " + count_text(model.stats.total_requests, "request", "requests");
  }
  return text + ") for everyone? [y/N] ";
}

tl::unexpected<Error> not_confirmed(std::string message) {
  return fail(ErrorKind::invalid, codes::cancelled, std::move(message));
}

/// Asks, naming what the server says the word means, so that nobody deletes what they did not mean.
Result<> confirm(Client& client, const std::string& word, World& world) {
  const Answer answer =
      TRY(call_for_model(client, word, [&](const std::string& path) { return client.get(path); }));
  const OneAnswer one = TRY(read<OneAnswer>(client, answer));
  const std::optional<std::string> typed =
      world.ask(one.model ? question_about(*one.model) : "Delete it? [y/N] ");
  if (!typed) {
    return not_confirmed(
        "nothing was deleted: there is no terminal to ask on; --yes deletes without asking");
  }
  const std::string said = lower_ascii(trim(*typed));
  if (said != "y" && said != "yes") return not_confirmed("nothing was deleted");
  return {};
}

}  // namespace

Result<> run_delete(Call& call) {
  Parser parser(call, kManual);
  TCLAP::ValueArg<std::string> id("i", "id", "The model, by id or name.", false, "", "ID",
                                  parser.line());
  TCLAP::SwitchArg yes("y", "yes", "Do not ask.", parser.line());
  TCLAP::SwitchArg purge("", "purge", "Free its bytes at once.", parser.line());
  TCLAP::ValueArg<std::string> revision("r", "revision",
                                        "Only this revision, which the folder does not show.",
                                        false, "", "COMMIT", parser.line());
  if (!TRY(parser.read())) return {};
  const std::string word = TRY(parser.word_or(id));
  if (revision.isSet() && purge.getValue())
    return wrong_usage("give --revision or --purge, not both");
  Client client = TRY(connect(parser, call.world));
  // One revision can be fetched again as it was, so it is taken away without a question.
  if (!yes.getValue() && !revision.isSet()) TRY(confirm(client, word, call.world));
  const std::string query = revision.isSet()   ? "/revisions/" + percent_encode(revision.getValue())
                            : purge.getValue() ? "?purge=true"
                                               : "";
  const Answer answer = TRY(call_for_model(
      client, word, [&](const std::string& path) { return client.remove(path + query); }));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  const OneAnswer one = TRY(read<OneAnswer>(client, answer));
  call.world.out.line(one.message.empty() ? shown(word) + " is deleted" : shown(one.message));
  return {};
}

}  // namespace modelkeep::cli
