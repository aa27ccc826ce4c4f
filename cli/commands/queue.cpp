#include <array>

#include "base/json.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/download_action.h"
#include "cli/parser.h"
#include "cli/queue_view.h"
#include "cli/queue_watch.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "[move NUMBER|NAME PLACE | priority NUMBER|NAME low|normal|high]",
    .arguments_max = 3,
    .about =
        "Shows the downloads that run, wait or are paused. Their numbers are what pause, "
        "resume, cancel and retry take. With move and priority it changes their order.",
    .examples =
        "modelkeep queue\n"
        "modelkeep queue --watch # goes on until Ctrl-C\n"
        "modelkeep queue --failed # and why\n"
        "modelkeep queue --all # also what is done\n"
        "modelkeep queue move 12 1 # it is next\n"
        "modelkeep queue priority google/flan-t5-small high",
    .options = {}};

bool is_unfinished(std::string_view status) {
  return status != "ready" && status != "failed" && status != "cancelled";
}

struct Order {
  std::string word;  // Which download.
  std::string body;
};

Result<Order> order_of(const std::vector<std::string>& words) {
  if (words.size() != 3 || (words[0] != "move" && words[0] != "priority")) {
    return wrong_usage(
        "queue takes no argument, or move NUMBER PLACE, or priority NUMBER "
        "low|normal|high");
  }
  json::Writer body;
  body.begin_object();
  if (words[0] == "move") {
    const auto place = parse_decimal(words[2]);
    if (!place || *place == 0) return wrong_usage("a place in the queue is a number from 1");
    body.member("position", *place);
  } else {
    if (words[2] != "low" && words[2] != "normal" && words[2] != "high")
      return wrong_usage("a priority is low, normal or high");
    body.member("priority", words[2]);
  }
  body.end_object();
  return Order{words[1], body.take()};
}

Result<> change_order(const Order& order, Client& client, World& world) {
  const std::string number = TRY(find_download(client, order.word, is_unfinished));
  const Answer answer = TRY(client.patch("/api/downloads/" + number, order.body));
  if (world.json) {
    print_json(answer, world);
    return {};
  }
  const OneAnswer one = TRY(read<OneAnswer>(client, answer));
  if (!one.download) return {};
  std::string line = "download " + number + " of " + shown(one.download->model_name) + " has " +
                     shown(one.download->priority) + " priority";
  if (one.download->position > 0)
    line += " and place " + std::to_string(one.download->position) + " in the queue";
  world.out.line(line);
  return {};
}

}  // namespace

Result<> run_queue(Call& call) {
  Parser parser(call, kManual);
  TCLAP::SwitchArg all("a", "all", "Show every download there was.", parser.line());
  TCLAP::SwitchArg failed("f", "failed", "Show those that failed, and why.", parser.line());
  TCLAP::SwitchArg watch("w", "watch", "Go on showing it until Ctrl-C.", parser.line());
  if (!TRY(parser.read())) return {};
  if (all.getValue() + failed.getValue() + watch.getValue() > 1)
    return wrong_usage("give one of --all, --failed and --watch");
  std::optional<Order> order;
  if (!parser.words().empty()) {
    if (all.getValue() || failed.getValue() || watch.getValue())
      return wrong_usage(parser.words().front() + " takes no options of the list");
    order = TRY(order_of(parser.words()));
  }

  Client client = TRY(connect(parser, call.world));
  if (order) return change_order(*order, client, call.world);
  if (watch.getValue()) return watch_queue(client, call.world);
  Query query = {{"limit", "200"}};
  if (!all.getValue()) query.emplace_back("status", failed.getValue() ? "failed" : "active");
  const auto downloads = TRY(read_queue(client, query, call.world));
  if (call.world.json) return {};
  if (downloads.empty()) {
    call.world.talk.line(failed.getValue() ? "no download failed" : "nothing is being downloaded");
    return {};
  }
  call.world.out.write(queue_table(downloads, call.world.out));
  return {};
}

}  // namespace modelkeep::cli
