#include "cli/download_action.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "cli/client.h"
#include "cli/model_lookup.h"
#include "cli/parser.h"
#include "cli/terminal_text.h"
#include "cli/wire.h"

namespace modelkeep::cli {
namespace {

/// The id under which the store keeps downloads of a name whose model row is gone (a cancelled
/// first download).
std::string plain_id(std::string name) {
  std::ranges::replace(name, '/', '_');
  return name;
}

/// The newest download of a model to which the verb applies; the newest of all when it applies to
/// none, so that the server's own sentence explains why not.
std::optional<Download> best_of(const std::vector<Download>& downloads,
                                bool (*applies)(std::string_view status)) {
  std::optional<Download> best;
  for (const Download& download : downloads) {
    const bool fits = applies(download.status);
    const bool best_fits = best && applies(best->status);
    if (!best || (fits && !best_fits) || (fits == best_fits && download.id > best->id))
      best = download;
  }
  return best;
}

}  // namespace

Result<std::string> find_download(Client& client, const std::string& word,
                                  bool (*applies)(std::string_view status)) {
  if (parse_decimal(word)) return word;
  std::string model_id = word;
  if (word.find('/') != std::string::npos) model_id = TRY(id_of_name(client, word));
  if (model_id.empty()) model_id = plain_id(word);
  const Answer answer =
      TRY(client.get(with_query("/api/downloads", {{"model_id", model_id}, {"limit", "200"}})));
  const DownloadPage page = TRY(read<DownloadPage>(client, answer));
  const std::optional<Download> best = best_of(page.downloads, applies);
  if (best) return std::to_string(best->id);
  return fail(ErrorKind::not_found, codes::download_not_found,
              "there is no download of '" + shown(clipped(word, 200)) +
                  "'; modelkeep queue --all shows all");
}

Result<> run_download_action(Call& call, const DownloadAction& action) {
  Parser parser(call, {.arguments = "NUMBER|NAME|ID",
                       .arguments_max = 1,
                       .about = std::string{action.about},
                       .examples = std::string{action.examples},
                       .options = {}});
  TCLAP::ValueArg<std::string> id("i", "id", "The download's number, or its model.", false, "",
                                  "DOWNLOAD", parser.line());
  if (!TRY(parser.read())) return {};
  const std::string word = TRY(parser.word_or(id));
  Client client = TRY(connect(parser, call.world));
  const std::string number = TRY(find_download(client, word, action.applies));
  const Answer answer =
      TRY(client.post("/api/downloads/" + number + "/" + std::string{action.verb}, "{}"));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  const OneAnswer one = TRY(read<OneAnswer>(client, answer));
  const std::string name = one.download ? one.download->model_name : word;
  call.world.out.line("download " + number + " of " + shown(name) + " is " +
                      std::string{action.done});
  return {};
}

}  // namespace modelkeep::cli
