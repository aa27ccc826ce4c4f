#include <algorithm>
#include <array>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/parser.h"
#include "cli/table.h"
#include "cli/terminal_text.h"
#include "cli/units.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

constexpr int kPageMax = 200;
constexpr int kWideEnoughForId = 110;

const Manual kManual{
    .arguments = "",
    .about =
        "Lists the models of the store. Without a limit it shows all of them, up to 10,000; "
        "--all goes on past that.\n"
        "With --json and more than one page, each page is one line.",
    .examples =
        "modelkeep list\n"
        "modelkeep list --search flan # name, description or tag\n"
        "modelkeep list --sort size --limit 10 # the ten largest\n"
        "modelkeep list --sort used --reverse # what nobody needs\n"
        "modelkeep list --format gguf --max-size 8GB\n"
        "modelkeep list --json | jq -r '.models[].path'",
    .options = {}};

struct Order {
  std::string_view word;
  std::string_view field;  ///< As the API calls it.
  bool largest_first;      ///< What people want to see first.
};
constexpr std::array kOrders = {Order{"name", "name", false}, Order{"size", "size_bytes", true},
                                Order{"downloaded", "downloaded_at", true},
                                Order{"used", "last_used_at", true},
                                Order{"requests", "total_requests", true}};

std::vector<std::string> order_words() {
  std::vector<std::string> words;
  for (const Order& order : kOrders) words.emplace_back(order.word);
  return words;
}

void add_order(const std::string& word, bool reverse, Query& query) {
  const auto order = std::ranges::find(kOrders, word, &Order::word);
  if (order == kOrders.end()) return;
  query.emplace_back("sort", order->field);
  query.emplace_back("order", order->largest_first != reverse ? "desc" : "asc");
}

Result<> add_size(const TCLAP::ValueArg<std::string>& option, const char* field, Query& query) {
  if (!option.isSet()) return {};
  const auto bytes = parse_size(option.getValue());
  if (!bytes) return wrong_usage("--" + option.getName() + " needs a size such as 500MB or 8GB");
  query.emplace_back(field, std::to_string(*bytes));
  return {};
}

Style style_of(const Model& model) {
  if (model.status == "failed" || model.integrity == "corrupt" || model.integrity == "missing")
    return Style::bad;
  if (model.status == "downloading") return Style::warn;
  return model.status == "archived" ? Style::dim : Style::good;
}

std::string status_of(const Model& model) {
  if (model.integrity == "corrupt" || model.integrity == "missing") return model.integrity;
  std::string status = model.status == "ready" && !model.complete ? "partial" : model.status;
  if (model.update_available) status += ", newer upstream";
  return status;
}

void print_table(const std::vector<Model>& models, World& world) {
  const Screen& screen = world.out.screen();
  const bool with_id = !screen.terminal || screen.columns >= kWideEnoughForId;
  std::vector<Column> columns = {{"NAME", false, true}};
  if (with_id) columns.push_back({"ID", false, true});
  columns.insert(columns.end(), {{"SIZE", true, false},
                                 {"STATUS", false, false},
                                 {"DOWNLOADED", false, false},
                                 {"REQUESTS", true, false},
                                 {"FIRST ASKED BY", false, true}});
  std::vector<Row> rows;
  for (const Model& model : models) {
    Row row = {{model.name}};
    if (with_id) row.push_back({model.id});
    row.push_back({size_text(model.size_bytes)});
    row.push_back({status_of(model), style_of(model)});
    row.push_back({model.downloaded_at.empty() ? "-" : time_text(model.downloaded_at)});
    row.push_back({grouped(model.stats.total_requests)});
    row.push_back(
        {model.stats.first_downloaded_by.empty() ? "-" : model.stats.first_downloaded_by});
    rows.push_back(std::move(row));
  }
  world.out.write(table_text(columns, rows, world.out));
}

void print_summary(const std::vector<Model>& models, std::int64_t total, World& world) {
  std::int64_t bytes = 0;
  for (const Model& model : models) bytes += model.size_bytes;
  const auto count = static_cast<std::int64_t>(models.size());
  std::string line = count_text(count, "model", "models") + ", " + size_text(bytes);
  if (total > count)
    line += " of " + count_text(total, "model", "models") + "; --limit or --all shows more";
  world.talk.line(line);
}

/// What the person wants to see of the list.
struct Wish {
  Query query;
  bool pages = false;      ///< Ask page by page; else one call gives all.
  std::int64_t limit = 0;  ///< 0 for no limit.
};

/// All pages; with --json each is printed as it comes and nothing is kept.
Result<> show_list(Client& client, const Wish& wish, World& world) {
  std::vector<Model> models;
  std::int64_t total = 0;
  std::int64_t seen = 0;
  std::string cursor;
  do {
    Query query = wish.query;
    if (wish.pages) {
      const std::int64_t left = wish.limit > 0 ? wish.limit - seen : kPageMax;
      query.emplace_back("limit", std::to_string(std::min<std::int64_t>(left, kPageMax)));
    }
    if (!cursor.empty()) query.emplace_back("cursor", cursor);
    const Answer answer = TRY(client.get(with_query("/api/models", query)));
    ModelPage page = TRY(read<ModelPage>(client, answer));
    if (world.json) print_json(answer, world);
    seen += static_cast<std::int64_t>(page.models.size());
    total = page.total;
    cursor = page.models.empty() ? "" : page.next_cursor;
    if (!world.json) std::ranges::move(page.models, std::back_inserter(models));
  } while (wish.pages && !cursor.empty() && (wish.limit == 0 || seen < wish.limit) &&
           world.out.failure() == 0);
  if (world.json) return {};
  if (models.empty()) {
    world.talk.line(wish.query.empty()
                        ? "the store is empty; modelkeep download NAME brings a model in"
                        : "no model matches");
    return {};
  }
  print_table(models, world);
  print_summary(models, total, world);
  return {};
}

}  // namespace

Result<> run_list(Call& call) {
  Parser parser(call, kManual);
  TCLAP::CmdLine& line = parser.line();
  TCLAP::ValuesConstraint<std::string> orders(order_words());
  TCLAP::ValuesConstraint<std::string> statuses({"downloading", "ready", "failed", "archived"});
  using Text = TCLAP::ValueArg<std::string>;
  Text search("q", "search", "Only models with TEXT in name, description or tags.", false, "",
              "TEXT", line);
  Text sort("", "sort", "Sort by this; the largest or latest first, names from A.", false, "name",
            &orders, line);
  TCLAP::SwitchArg reverse("r", "reverse", "Turn the order round.", line);
  Text status("", "status", "Only models in this status.", false, "", &statuses, line);
  Text task("", "task", "Only models for this task, such as text-generation.", false, "", "TASK",
            line);
  Text format("", "format", "Only models with files of this format, such as safetensors.", false,
              "", "FORMAT", line);
  Text license("", "license", "Only models under this licence, such as apache-2.0.", false, "",
               "LICENSE", line);
  Text min_size("", "min-size", "Only models of at least this size, such as 500MB.", false, "",
                "SIZE", line);
  Text max_size("", "max-size", "Only models of at most this size, such as 8GB.", false, "", "SIZE",
                line);
  TCLAP::ValueArg<int> limit("n", "limit", "Show at most COUNT models.", false, 0, "COUNT", line);
  TCLAP::SwitchArg all("a", "all", "Show all, also beyond 10,000.", line);
  if (!TRY(parser.read())) return {};

  Wish wish;
  for (const Text* option : {&search, &status, &task, &format, &license}) {
    if (option->isSet()) wish.query.emplace_back(option->getName(), option->getValue());
  }
  TRY(add_size(min_size, "min_size", wish.query));
  TRY(add_size(max_size, "max_size", wish.query));
  if (sort.isSet() || reverse.getValue())
    add_order(sort.getValue(), reverse.getValue(), wish.query);
  if (limit.isSet() && limit.getValue() < 1)
    return wrong_usage("--limit needs a number of at least 1");
  if (limit.isSet() && all.getValue()) return wrong_usage("give --limit or --all, not both");
  wish.limit = limit.getValue();
  wish.pages = limit.isSet() || all.getValue();
  Client client = TRY(connect(parser, call.world));
  return show_list(client, wish, call.world);
}

}  // namespace modelkeep::cli
