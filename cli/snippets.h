#pragma once
// How to load a model, in the words of each tool: what the model's page shows, word for word. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/wire.h"

namespace modelkeep::cli {

struct Snippet {
  std::string kind;
  std::string title;
  std::string language;
  std::string text;
};

/// "folder", "cache" or "hub": the doors of the store.
struct Through {
  std::string door;
  std::string address{};  ///< Where Hub clients are answered.
  std::string gguf{};     ///< Of several files that llama.cpp could open.
};

Result<std::vector<Snippet>> snippets_for(const Model& model, const Through& through);

/// Files that llama.cpp opens: of a split model only the first part.
std::vector<std::string> gguf_files(const Model& model);

/// A Python string literal: nothing in a path may end the string early.
std::string python_string(std::string_view text);
/// A word for a POSIX shell.
std::string shell_word(std::string_view text);

}  // namespace modelkeep::cli
