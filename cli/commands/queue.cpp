#include <algorithm>

#include "cli/client.h"
#include "cli/commands.h"
#include "cli/parser.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/terminal_text.h"
#include "cli/units.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "",
    .about =
        "Shows the downloads that run, wait or are paused. Their numbers are what pause, "
        "resume, cancel and retry take.",
    .examples =
        "modelkeep queue\n"
        "modelkeep queue --failed # and why\n"
        "modelkeep queue --all # also what is done",
    .options = {}};

std::string bytes_text(const Download& download) {
  if (!download.bytes_total) return "-";
  return size_text(download.bytes_done) + " of " + size_text(*download.bytes_total);
}

std::string state_text(const Download& download) {
  if (download.status == "queued") return waiting_text(download);
  if (download.status == "failed") return "failed: " + download.error;
  std::string text = download.status;
  if (download.bytes_per_second) text += ", " + size_text(*download.bytes_per_second) + "/s";
  if (download.eta_seconds) text += ", " + duration_text(*download.eta_seconds) + " left";
  return text;
}

Style style_of(const Download& download) {
  if (download.status == "failed") return Style::bad;
  if (download.status == "ready") return Style::good;
  return download.status == "paused" || download.status == "cancelled" ? Style::dim : Style::warn;
}

std::string askers(const Download& download) {
  if (download.requested_by.empty()) return "-";
  std::string text = download.requested_by.front().username;
  if (download.requested_by.size() > 1)
    text += " +" + std::to_string(download.requested_by.size() - 1);
  return text;
}

void print_table(const std::vector<Download>& downloads, World& world) {
  std::vector<Row> rows;
  for (const Download& download : downloads) {
    const std::string revision =
        download.revision.empty() || download.revision == "main" ? "" : "@" + download.revision;
    rows.push_back({{std::to_string(download.id)},
                    {download.model_name + revision},
                    {bytes_text(download)},
                    {askers(download)},
                    {state_text(download), style_of(download)}});
  }
  world.out.write(table_text({{"NUMBER", true},
                              {"MODEL", false, true},
                              {"SIZE"},
                              {"ASKED BY", false, true},
                              {"STATUS", false, true}},
                             rows, world.out));
}

}  // namespace

Result<> run_queue(Call& call) {
  Parser parser(call, kManual);
  TCLAP::SwitchArg all("a", "all", "Show every download there was.", parser.line());
  TCLAP::SwitchArg failed("f", "failed", "Show those that failed, and why.", parser.line());
  if (!TRY(parser.read())) return {};
  if (all.getValue() && failed.getValue()) return wrong_usage("give --all or --failed, not both");
  Query query = {{"limit", "200"}};
  if (!all.getValue()) query.emplace_back("status", failed.getValue() ? "failed" : "active");

  Client client = TRY(connect(parser, call.world));
  std::vector<Download> downloads;
  for (std::string cursor;;) {
    Query page_query = query;
    if (!cursor.empty()) page_query.emplace_back("cursor", cursor);
    const Answer answer = TRY(client.get(with_query("/api/downloads", page_query)));
    DownloadPage page = TRY(read<DownloadPage>(client, answer));
    if (call.world.json) print_json(answer, call.world);
    cursor = page.downloads.empty() ? "" : page.next_cursor;
    std::ranges::move(page.downloads, std::back_inserter(downloads));
    if (cursor.empty()) break;
  }
  if (call.world.json) return {};
  if (downloads.empty()) {
    call.world.talk.line(failed.getValue() ? "no download failed" : "nothing is being downloaded");
    return {};
  }
  print_table(downloads, call.world);
  return {};
}

}  // namespace modelkeep::cli
