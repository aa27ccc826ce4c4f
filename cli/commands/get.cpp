#include "cli/client.h"
#include "cli/commands.h"
#include "cli/model_lookup.h"
#include "cli/parser.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/units.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

constexpr std::size_t kFilesShown = 20;
constexpr std::size_t kDigestShown = 12;

const Manual kManual{
    .arguments = "NAME|ID",
    .arguments_max = 1,
    .about =
        "Shows one model: where its folder is, its files, and who uses it.\n"
        "NAME is the name on the Hub (google/flan-t5-small), ID the name of the folder "
        "(google_flan-t5-small).",
    .examples =
        "modelkeep get google/flan-t5-small\n"
        "modelkeep get -i google_flan-t5-small --files\n"
        "modelkeep get gpt2 --json | jq -r .model.path",
    .options = {}};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string revision_text(const Model& model) {
  if (model.commit.empty()) return model.revision;
  return model.revision + " at " + model.commit.substr(0, kDigestShown);
}

std::string newer_text(const Model& model) {
  if (!model.update_available) return {};
  std::string text = model.newer_commit.substr(0, kDigestShown);
  if (!model.newer_seen_at.empty()) text += ", seen " + time_text(model.newer_seen_at);
  return text + "; modelkeep update fetches it";
}

std::string first_asker(const ModelStats& stats) {
  if (stats.first_downloaded_by.empty()) return {};
  return stats.first_downloaded_by +
         (stats.first_downloaded_from.empty() ? "" : " from " + stats.first_downloaded_from);
}

std::string use_text(const ModelStats& stats) {
  std::string text = count_text(stats.total_requests, "request", "requests") + " (" +
                     count_text(stats.download_count, "download", "downloads") + ", " +
                     count_text(stats.access_count, "access", "accesses") + ")";
  if (stats.unique_users > 0) text += " by " + count_text(stats.unique_users, "user", "users");
  if (!stats.last_used_at.empty()) text += ", last " + time_text(stats.last_used_at);
  return text;
}

Style style_of(const std::string& status) {
  if (status == "ready") return Style::good;
  return status == "failed" ? Style::bad : Style::warn;
}

std::string state_text(const Model& model) {
  std::string text = model.status;
  if (!model.integrity.empty()) text += ", " + model.integrity;
  if (!model.complete) text += ", not all files";
  if (model.pinned) text += ", pinned";
  return text;
}

std::string download_text(const std::optional<Download>& download) {
  if (!download) return {};
  std::string text = "number " + std::to_string(download->id) + ", " +
                     (download->status == "queued" ? waiting_text(*download) : download->status);
  if (download->bytes_total) {
    text += ", " + size_text(download->bytes_done) + " of " + size_text(*download->bytes_total);
  }
  return text;
}

void print_files(const Model& model, bool all, World& world) {
  if (model.files.empty()) return;
  std::vector<Row> rows;
  for (const ModelFile& file : model.files) {
    if (!all && rows.size() == kFilesShown && model.files.size() > kFilesShown + 1) break;
    const std::string digest = all ? file.sha256 : file.sha256.substr(0, kDigestShown);
    rows.push_back({{file.path}, {size_text(file.size_bytes)}, {digest, Style::dim}});
  }
  world.out.write(
      "\n" + table_text({{"FILE", false, true}, {"SIZE", true, false}, {"SHA-256", false, false}},
                        rows, world.out));
  if (rows.size() < model.files.size()) {
    world.talk.line("and " + grouped(static_cast<std::int64_t>(model.files.size() - rows.size())) +
                    " more; --files shows all");
  }
}

/// Only where there is more than what the folder shows.
void print_revisions(const Model& model, World& world) {
  if (model.revisions.size() < 2) return;
  std::vector<Row> rows;
  for (const Revision& revision : model.revisions) {
    const Style style = revision.current ? Style::bold : Style::plain;
    rows.push_back({{revision.commit, style},
                    {joined(revision.refs)},
                    {size_text(revision.size_bytes)},
                    {revision.path}});
  }
  world.out.write("\n" + table_text({{"REVISION", false, false},
                                     {"NAMES", false, true},
                                     {"SIZE", true, false},
                                     {"FOLDER", false, true}},
                                    rows, world.out));
}

void print_model(const Model& model, bool all_files, World& world) {
  const bool renamed = !model.canonical_name.empty() && model.canonical_name != model.name;
  const std::vector<Fact> facts = {
      {"name", model.name, Style::bold},
      {"on the Hub", renamed ? model.canonical_name : ""},
      {"id", model.id},
      {"status", state_text(model), style_of(model.status)},
      {"why", model.download ? model.download->error : ""},
      {"folder", model.path},
      {"size", size_text(model.size_bytes)},
      {"revision", revision_text(model)},
      {"newer upstream", newer_text(model), Style::warn},
      {"task", model.task},
      {"library", model.library},
      {"formats", joined(model.formats)},
      {"licence", model.license},
      {"tags", joined(model.tags)},
      {"description", model.description},
      {"downloaded", model.downloaded_at.empty() ? "" : time_text(model.downloaded_at)},
      {"first asked by", first_asker(model.stats)},
      {"use", use_text(model.stats)},
      {"download", download_text(model.download)},
  };
  world.out.write(facts_text(facts, world.out));
  print_revisions(model, world);
  print_files(model, all_files, world);
}

}  // namespace

Result<> run_get(Call& call) {
  Parser parser(call, kManual);
  TCLAP::ValueArg<std::string> id("i", "id", "The model, by id or name.", false, "", "ID",
                                  parser.line());
  TCLAP::SwitchArg files("f", "files", "Show every file, with its whole digest.", parser.line());
  if (!TRY(parser.read())) return {};
  const std::string word = TRY(parser.word_or(id));
  Client client = TRY(connect(parser, call.world));
  const Answer answer =
      TRY(call_for_model(client, word, [&](const std::string& path) { return client.get(path); }));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  const OneAnswer one = TRY(read<OneAnswer>(client, answer));
  if (one.model) print_model(*one.model, files.getValue(), call.world);
  return {};
}

}  // namespace modelkeep::cli
