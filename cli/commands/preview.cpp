#include "base/json.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/parser.h"
#include "cli/preview_wire.h"
#include "cli/selection_options.h"
#include "cli/table.h"
#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "NAME",
    .arguments_max = 1,
    .about =
        "Shows what a download would bring, before a byte moves: commit, files by kind, weights "
        "that are there in two formats, quantizations to choose from, what the store has already, "
        "and the disk afterwards.",
    .examples =
        "modelkeep preview google/flan-t5-small\n"
        "modelkeep preview org/model --revision refs/pr/3\n"
        "modelkeep preview TheBloke/TinyLlama-GGUF --include '*Q4_K_M*' # only one of many",
    .options = {}};

std::string kind_of(const PreviewGroup& group) {
  return group.format.empty() ? group.kind : group.kind + ", " + group.format;
}

std::string note_of(const PreviewGroup& group) {
  if (!group.duplicate_of.empty()) return "the same as " + group.duplicate_of;
  if (group.stored_bytes == group.size_bytes && group.size_bytes > 0) return "here";
  return group.stored_bytes > 0 ? size_text(group.stored_bytes) + " here" : "";
}

void print_groups(const Preview& preview, World& world) {
  const std::vector<Column> columns = {
      {"KIND", false, true}, {"FILES", true, false}, {"SIZE", true, false}, {"NOTE", false, true}};
  std::vector<Row> rows;
  for (const PreviewGroup& group : preview.groups) {
    const Style style = group.duplicate_of.empty() ? Style::plain : Style::dim;
    rows.push_back({{kind_of(group), style},
                    {grouped(group.file_count), style},
                    {size_text(group.size_bytes), style},
                    {note_of(group), style}});
  }
  world.out.write(table_text(columns, rows, world.out));
}

void print_quants(const Preview& preview, World& world) {
  if (preview.quants.empty()) return;
  const std::vector<Column> columns = {{"QUANT", false, true},
                                       {"FILES", true, false},
                                       {"SIZE", true, false},
                                       {"PATTERN", false, true}};
  std::vector<Row> rows;
  for (const PreviewQuant& quant : preview.quants) {
    rows.push_back({{quant.name},
                    {grouped(quant.file_count)},
                    {size_text(quant.size_bytes)},
                    {"--include '" + quant.pattern + "'"}});
  }
  world.out.line("");
  world.out.write(table_text(columns, rows, world.out));
}

std::string choice_text(const PreviewChoice& choice) {
  return size_text(choice.size_bytes) + " in " + count_text(choice.file_count, "file", "files") +
         ", " + size_text(choice.fetch_bytes) + " to fetch";
}

std::string access_text(const Preview& preview) {
  if (!preview.gated) return "";
  return preview.accessible ? "gated; the store's token opens it"
                            : "gated, and the store's token does not open it";
}

std::string disk_text(const PreviewDisk& disk) {
  std::string text = size_text(disk.free_bytes) + " free, " + size_text(disk.after_bytes) +
                     " afterwards, " + size_text(disk.after_queue_bytes) + " after the queue";
  return disk.fits ? text : text + ": it does not fit";
}

void print_facts(const Preview& preview, World& world) {
  const Style access = preview.accessible ? Style::plain : Style::bad;
  world.out.write(
      facts_text({{"name", preview.canonical_name},
                  {"revision", preview.revision},
                  {"commit", preview.commit},
                  {"licence", preview.license},
                  {"task", preview.task},
                  {"access", access_text(preview), access},
                  {"download", choice_text(preview.selected)},
                  {"disk", disk_text(preview.disk), preview.disk.fits ? Style::plain : Style::bad}},
                 world.out));
}

void tell_suggestion(const Preview& preview, World& world) {
  if (preview.suggested_ignore_patterns.empty()) return;
  std::string options;
  for (const std::string& pattern : preview.suggested_ignore_patterns)
    options += " --exclude '" + pattern + "'";
  world.talk.line("without what is there twice: " + choice_text(preview.suggested) + "; add" +
                  shown(options));
}

}  // namespace

Result<> run_preview(Call& call) {
  Parser parser(call, kManual);
  SelectionOptions wanted(parser.line());
  if (!TRY(parser.read())) return {};
  Query query = {{"model_name", TRY(parser.word_or(wanted.name))}};
  if (wanted.revision.isSet()) query.emplace_back("revision", wanted.revision.getValue());
  for (const std::string& pattern : wanted.include.getValue())
    query.emplace_back("allow_patterns", pattern);
  for (const std::string& pattern : wanted.exclude.getValue())
    query.emplace_back("ignore_patterns", pattern);

  Client client = TRY(connect(parser, call.world));
  const Answer answer = TRY(client.get(with_query("/api/preview", query)));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  const auto preview = TRY(read<PreviewAnswer>(client, answer)).preview;
  print_facts(preview, call.world);
  call.world.out.line("");
  print_groups(preview, call.world);
  print_quants(preview, call.world);
  tell_suggestion(preview, call.world);
  return {};
}

}  // namespace modelkeep::cli
