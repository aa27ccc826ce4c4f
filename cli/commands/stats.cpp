#include "cli/client.h"
#include "cli/commands.h"
#include "cli/parser.h"
#include "cli/table.h"
#include "cli/units.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "",
    .about = "Shows what the store holds, how much it is used, and the latest activity.",
    .examples =
        "modelkeep stats\n"
        "modelkeep stats --activity 50 # as much as the server tells\n"
        "modelkeep stats --json | jq .stats.total_requests",
    .options = {}};

struct StatsAnswer {
  Stats stats;
};

void from_json(json::Reader& in, StatsAnswer& out) {
  in.required("stats", out.stats);
}

std::string optional_size(const std::optional<std::int64_t>& bytes) {
  return bytes ? size_text(*bytes) : "";
}

void print_activity(const std::vector<Activity>& activity, int count, World& world) {
  std::vector<Row> rows;
  for (const Activity& one : activity) {
    if (static_cast<int>(rows.size()) >= count) break;
    rows.push_back({{time_text(one.timestamp), Style::dim},
                    {one.username},
                    {one.ip_address},
                    {one.action},
                    {one.model_id.empty() ? "-" : one.model_id}});
  }
  if (rows.empty()) return;
  world.out.write(
      "\n" +
      table_text({{"WHEN"}, {"USER", false, true}, {"FROM"}, {"ACTION"}, {"MODEL", false, true}},
                 rows, world.out));
}

}  // namespace

Result<> run_stats(Call& call) {
  Parser parser(call, kManual);
  TCLAP::ValueArg<int> activity("a", "activity", "Show the latest COUNT events; 10 unless given.",
                                false, 10, "COUNT", parser.line());
  if (!TRY(parser.read())) return {};
  if (activity.getValue() < 0) return wrong_usage("--activity needs a number that is not negative");
  Client client = TRY(connect(parser, call.world));
  const Answer answer = TRY(client.get("/api/stats"));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  const StatsAnswer sent = TRY(read<StatsAnswer>(client, answer));
  const Stats& stats = sent.stats;
  const std::vector<Fact> facts = {
      {"models", grouped(stats.total_models), Style::bold},
      {"their size", size_text(stats.total_size_bytes)},
      {"on disk", optional_size(stats.stored_bytes)},
      {"sent to users", optional_size(stats.bytes_served)},
      {"upstream spared", optional_size(stats.bytes_saved)},
      {"requests", grouped(stats.total_requests)},
      {"users", grouped(stats.unique_users)},
  };
  call.world.out.write(facts_text(facts, call.world.out));
  print_activity(stats.recent_activity, activity.getValue(), call.world);
  return {};
}

}  // namespace modelkeep::cli
