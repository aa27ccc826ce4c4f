#include "cli/client.h"
#include "cli/commands.h"
#include "cli/parser.h"
#include "cli/table.h"
#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "",
    .about =
        "Asks the server how it is. Exit status 0 when it serves, also when something needs "
        "attention; 1 when it cannot serve; 3 when it does not answer.",
    .examples =
        "modelkeep health\n"
        "modelkeep -s http://gpu1:5000 health && echo up",
    .options = {}};

Style style_of(std::string_view status) {
  if (status == "ok" || status == "healthy") return Style::good;
  return status == "failed" ? Style::bad : Style::warn;
}

std::string text_of(json::Value object, std::string_view key) {
  return std::string{object[key].as_string().value_or("")};
}

/// "ok", with the figure that a person asks for next.
std::string check_text(json::Value check) {
  std::string text = text_of(check, "status");
  std::string message = text_of(check, "message");
  while (message.ends_with('.')) message.pop_back();
  if (!message.empty()) text += ": " + message;
  if (const auto free = check["free_bytes"].as_int()) text += ", " + size_text(*free) + " free";
  if (const auto running = check["running"].as_int()) text += ", " + grouped(*running) + " running";
  if (check.has("endpoint")) text += ", " + text_of(check, "endpoint");
  if (check.has("last_seen_at")) text += ", last seen " + time_text(text_of(check, "last_seen_at"));
  return text;
}

}  // namespace

Result<> run_health(Call& call) {
  Parser parser(call, kManual);
  if (!TRY(parser.read())) return {};
  Client client = TRY(connect(parser, call.world));
  const Answer answer = TRY(client.get("/api/health"));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  const json::Document document = TRY(json::Document::parse(answer.body, kAnswerLimits));
  const json::Value health = document.root();
  std::vector<Fact> facts = {
      {"status", text_of(health, "status"), style_of(text_of(health, "status"))},
      {"server", client.server()},
      {"version", text_of(health, "version")},
      {"folder", text_of(health, "mount_point")},
  };
  for (const std::string_view name : {"disk", "database", "fetchers", "upstream"}) {
    const json::Value check = health["checks"][name];
    if (check.is_object())
      facts.push_back({name, check_text(check), style_of(text_of(check, "status"))});
  }
  call.world.out.write(facts_text(facts, call.world.out));
  return {};
}

}  // namespace modelkeep::cli
