#include "cli/model_lookup.h"

#include "base/text.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

tl::unexpected<Error> no_such_model(const std::string& word) {
  const std::string name = shown(clipped(word, 200));
  return fail(ErrorKind::not_found, codes::model_not_found,
              "there is no model '" + name + "' in the store; modelkeep list shows what there is");
}

/// "." and ".." would climb out of /api/models before the request leaves.
bool is_dots(const std::string& word) {
  return word.find_first_not_of('.') == std::string::npos;
}

}  // namespace

Result<std::string> id_of_name(Client& client, const std::string& name) {
  const Answer answer =
      TRY(client.get(with_query("/api/models", {{"name", name}, {"limit", "1"}})));
  const ModelPage page = TRY(read<ModelPage>(client, answer));
  return page.models.empty() ? std::string{} : page.models.front().id;
}

Result<Answer> call_for_model(Client& client, const std::string& word, const ModelCall& call) {
  if (is_dots(word)) return no_such_model(word);
  const bool is_name = word.find('/') != std::string::npos;
  if (!is_name) {
    Result<Answer> answer = call("/api/models/" + percent_encode(word));
    if (answer || answer.error().code != codes::model_not_found) return answer;
  }
  const std::string id = TRY(id_of_name(client, word));
  if (id.empty() || id == word) return no_such_model(word);
  return call("/api/models/" + percent_encode(id));
}

}  // namespace modelkeep::cli
