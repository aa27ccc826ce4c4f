#pragma once
// docs/snippets.json, embedded: the words of every snippet, which the pages build theirs from too.
#include <string_view>

namespace modelkeep::cli {

extern const std::string_view kSnippetWords;

}  // namespace modelkeep::cli
