#include "cli/manual.h"

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

// Lines longer than this tire the eye, however wide the screen is.
constexpr int kWidestText = 88;
constexpr std::string_view kEnvironment = R"(Server and token:
  The server is the first of: -s URL, $MODELKEEP_SERVER, "server" in
  ~/.config/modelkeep/config.toml, http://localhost:5000.
  A token, where the server wants one, is the first of: $MODELKEEP_TOKEN,
  --token-file FILE, "token" in that file (which must then have mode 0600).

Exit status:
  0 done, 1 refused or failed, 2 wrong usage, 3 server unreachable.
)";

int text_columns(const Output& out) {
  return std::min(out.screen().columns, kWidestText);
}

std::string option_head(const Option& option) {
  std::string head = option.flag.empty() ? "    " : "-" + option.flag + ", ";
  head += "--" + option.name;
  if (!option.value.empty()) head += " " + (option.choices.empty() ? option.value : "WORD");
  return head;
}

/// "name, size or requests"
std::string one_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string padded(std::string text, int columns) {
  text.append(static_cast<std::size_t>(std::max(columns - columns_of(text), 0)), ' ');
  return text;
}

/// "  head   about", the about in its own column.
std::string entry(const std::string& head, int head_columns, std::string_view about,
                  const Output& out) {
  const int indent = 2 + head_columns + 2;
  return padded("  " + head, indent) + wrapped(about, text_columns(out), indent) + "\n";
}

std::string options_text(const std::vector<Option>& options, bool global, const Output& out) {
  std::string text;
  // One column for both lists, so that they read as one.
  int head_columns = 0;
  for (const Option& option : options)
    head_columns = std::max(head_columns, columns_of(option_head(option)));
  for (const Option& option : options) {
    if (option.global != global) continue;
    std::string about = option.about + (option.repeats ? " May be repeated." : "");
    if (!option.choices.empty()) about += " WORD is " + one_of(option.choices) + ".";
    text += entry(option_head(option), head_columns, about, out);
  }
  return text;
}

/// Examples are "command   # what it does"; the second halves stand in one column when all fit.
std::string examples_text(std::string_view examples, const Output& out) {
  std::string text;
  int head_columns = 0;
  for (const std::string_view line : split(examples, '\n')) {
    const std::size_t mark = line.find(" # ");
    if (mark == line.npos) continue;
    head_columns = std::max(head_columns, columns_of(trim(line.substr(0, mark))));
  }
  for (const std::string_view line : split(examples, '\n')) {
    if (trim(line).empty()) continue;
    const std::size_t mark = line.find(" # ");
    const std::string command{trim(line.substr(0, mark))};
    text += "  " + (mark == line.npos ? command : padded(command, head_columns));
    if (mark != line.npos) text += "  " + out.painted(Style::dim, line.substr(mark + 1));
    text += "\n";
  }
  return text;
}

}  // namespace

std::string wrapped(std::string_view text, int columns, int indent) {
  std::string result;
  int used = indent;
  bool first_in_line = true;
  for (const std::string_view word : split(text, ' ')) {
    const int width = columns_of(word);
    if (!first_in_line && used + 1 + width > columns) {
      result += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      used = indent;
      first_in_line = true;
    }
    if (!first_in_line) result += " ";
    used += width + (first_in_line ? 0 : 1);
    result += word;
    first_in_line = false;
  }
  return result;
}

std::string command_help(std::string_view name, const Manual& manual, const Output& out) {
  std::string text = out.painted(Style::bold, "Usage:") + " modelkeep " + std::string{name};
  const bool has_own =
      std::ranges::any_of(manual.options, [](const Option& o) { return !o.global; });
  if (!manual.arguments.empty()) text += " " + manual.arguments;
  text += has_own ? " [options]\n\n" : "\n\n";
  for (const std::string_view paragraph : split(manual.about, '\n')) {
    text += wrapped(paragraph, text_columns(out), 0) + "\n";
  }
  if (has_own) {
    text += "\n" + out.painted(Style::bold, "Options:") + "\n" +
            options_text(manual.options, false, out);
  }
  text += "\n" + out.painted(Style::bold, "For every command:") + "\n";
  text += options_text(manual.options, true, out);
  if (!manual.examples.empty()) {
    text +=
        "\n" + out.painted(Style::bold, "Examples:") + "\n" + examples_text(manual.examples, out);
  }
  return text;
}

std::string overview(const Output& out) {
  std::string text =
      out.painted(Style::bold, "Usage:") + " modelkeep [-s URL] COMMAND [options]\n\n";
  text += wrapped(
              "Asks a Modelkeep server for models: download one once, and it is in the server's "
              "folder for "
              "everyone.",
              text_columns(out), 0) +
          "\n";
  int head_columns = 0;
  for (const Command& command : commands()) {
    head_columns = std::max(head_columns, columns_of(command.name));
  }
  for (const std::string_view group : {kModels, kQueue, kServer, kThis}) {
    text += "\n" + out.painted(Style::bold, std::string{group} + ":") + "\n";
    for (const Command& command : commands()) {
      if (command.group == group)
        text += entry(std::string{command.name}, head_columns, command.summary, out);
    }
  }
  text += "\n" + out.painted(Style::bold, "Examples:") + "\n";
  text += examples_text(
      "modelkeep download google/flan-t5-small # fetch it, or learn that it is there\n"
      "modelkeep list --search flan # what the store has\n"
      "modelkeep get google/flan-t5-small # its folder, files and use\n"
      "modelkeep -s http://gpu1:5000 stats # ask another server\n"
      "modelkeep help download # all about one command\n",
      out);
  text += "\n";
  text += kEnvironment;
  return text;
}

}  // namespace modelkeep::cli
