#include "cli/completion_scripts.h"

#include "base/text.h"

namespace modelkeep::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string names_of(const std::vector<Completable>& commands) {
  std::vector<std::string> names;
  for (const Completable& command : commands) names.push_back(command.name);
  return joined(names);
}

std::string spellings_of(const std::vector<Option>& options) {
  std::vector<std::string> words;
  for (const Option& option : options) {
    if (!option.flag.empty()) words.push_back("-" + option.flag);
    words.push_back("--" + option.name);
  }
  return joined(words);
}

/// In single quotes for any of the three shells; `also` lists characters that this place cannot
/// hold at all.
std::string quoted(std::string_view text, std::string_view also = {}) {
  std::string result = "'";
  for (const char c : text) {
    if (also.find(c) != std::string_view::npos) continue;
    result += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  }
  return result + "'";
}

std::string pattern_of(const Option& option) {
  return option.flag.empty() ? "--" + option.name : "-" + option.flag + "|--" + option.name;
}

std::string bash_values(const Option& option) {
  if (!option.choices.empty())
    return "COMPREPLY=($(compgen -W " + quoted(joined(option.choices)) + " -- \"$word\"))";
  if (option.value == "FILE") return "COMPREPLY=($(compgen -f -- \"$word\"))";
  return "COMPREPLY=()";
}

std::string zsh_argument(const Option& option) {
  // Square brackets and colons have a meaning of their own inside these.
  const std::string about = "[" + std::string{quoted(option.about, "[]:'")}.substr(1);
  const std::string text = about.substr(0, about.size() - 1) + "]";
  std::string value;
  if (!option.choices.empty())
    value = ":" + lower_ascii(option.name) + ":(" + joined(option.choices) + ")";
  else if (option.value == "FILE")
    value = ":file:_files";
  else if (!option.value.empty())
    value = ":" + lower_ascii(option.value) + ":";
  const std::string star = option.repeats ? "*" : "";
  std::string line = "        " + quoted(star + "--" + option.name + text + value) + " \\\n";
  if (!option.flag.empty())
    line += "        " + quoted(star + "-" + option.flag + text + value) + " \\\n";
  return line;
}

std::string fish_option(std::string_view condition, const Option& option) {
  std::string line = "complete -c modelkeep " + std::string{condition};
  if (!option.flag.empty()) line += " -s " + option.flag;
  line += " -l " + option.name;
  if (option.value == "FILE")
    line += " -r -F";
  else if (!option.choices.empty())
    line += " -x -a " + quoted(joined(option.choices));
  else if (!option.value.empty())
    line += " -x";
  return line + " -d " + quoted(option.about) + "\n";
}

std::string seen(std::string_view command) {
  return "-n " + quoted("__fish_seen_subcommand_from " + std::string{command});
}

}  // namespace

std::string bash_completions(const std::vector<Completable>& commands) {
  std::string text =
      R"(# bash completions of modelkeep; load them with: source <(modelkeep completions bash)
_modelkeep() {
    local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="" i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "${COMP_WORDS[i]}" in
            -s|--server|--token-file) ((i++)) ;;
            -*) ;;
            *) command="${COMP_WORDS[i]}"; break ;;
        esac
    done
    case "$command" in
)";
  for (const Completable& command : commands) {
    text += "        " + command.name + ")\n            case \"$previous\" in\n";
    for (const Option& option : command.options) {
      if (option.value.empty()) continue;
      text +=
          "                " + pattern_of(option) + ") " + bash_values(option) + "; return ;;\n";
    }
    text += "            esac\n            COMPREPLY=($(compgen -W " +
            quoted(joined(command.words) + (command.words.empty() ? "" : " ") +
                   spellings_of(command.options)) +
            " -- \"$word\"))\n            ;;\n";
  }
  text += "        *)\n            COMPREPLY=($(compgen -W " +
          quoted(names_of(commands) + " -s --server --token-file --help --version") +
          " -- \"$word\"))\n            ;;\n    esac\n}\ncomplete -F _modelkeep modelkeep\n";
  return text;
}

std::string zsh_completions(const std::vector<Completable>& commands) {
  std::string text = R"(#compdef modelkeep
# zsh completions of modelkeep; load them with: source <(modelkeep completions zsh)
# or keep them as _modelkeep in a folder of $fpath.
_modelkeep() {
    local context state state_descr line
    typeset -A opt_args
    _arguments -C \
        '(-s --server)'{-s,--server}'[The server]:url:' \
        '--token-file[Read the access token from FILE]:file:_files' \
        '1:command:->command' \
        '*::argument:->argument'
    case $state in
    command)
        local -a commands=(
)";
  for (const Completable& command : commands) {
    text += "            " + quoted(command.name + ":" + command.summary) + "\n";
  }
  text +=
      "        )\n        _describe command commands\n        ;;\n    argument)\n        case "
      "$line[1] in\n";
  for (const Completable& command : commands) {
    text += "        " + command.name + ")\n        _arguments \\\n";
    for (const Option& option : command.options) text += zsh_argument(option);
    text += "        " + (command.words.empty() ? std::string{"'*: :'"}
                                                : quoted("*: :(" + joined(command.words) + ")"));
    text += "\n        ;;\n";
  }
  text += R"(        esac
        ;;
    esac
}
if [ "$funcstack[1]" = _modelkeep ]; then
    _modelkeep "$@"
else
    compdef _modelkeep modelkeep
fi
)";
  return text;
}

std::string fish_completions(const std::vector<Completable>& commands) {
  std::string text =
      "# fish completions of modelkeep; load them with: modelkeep completions fish | source\n";
  text += "complete -c modelkeep -f\n";
  const std::string none_yet =
      "-n " + quoted("not __fish_seen_subcommand_from " + names_of(commands));
  for (const Completable& command : commands) {
    text += "complete -c modelkeep " + none_yet + " -a " + command.name + " -d " +
            quoted(command.summary) + "\n";
  }
  if (commands.empty()) return text;
  for (const Option& option : commands.front().options) {
    if (option.global) text += fish_option("", option);
  }
  for (const Completable& command : commands) {
    for (const Option& option : command.options) {
      if (!option.global) text += fish_option(seen(command.name), option);
    }
    if (!command.words.empty()) {
      text += "complete -c modelkeep " + seen(command.name) + " -a " +
              quoted(joined(command.words)) + "\n";
    }
  }
  return text;
}

}  // namespace modelkeep::cli
