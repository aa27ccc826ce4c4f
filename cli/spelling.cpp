#include "cli/spelling.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

const Option* by_name(std::span<const Option> options, std::string_view name) {
  const auto found = std::ranges::find(options, name, &Option::name);
  return found == options.end() ? nullptr : &*found;
}

const Option* by_flag(std::span<const Option> options, char flag) {
  const auto found = std::ranges::find(options, std::string(1, flag), &Option::flag);
  return found == options.end() ? nullptr : &*found;
}

tl::unexpected<Error> unknown_option(std::string_view word, std::span<const Option> options) {
  if (word == "--token" || word == "-token") {
    return wrong_usage(
        "a token is never an argument, every user of this machine could read it; "
        "set MODELKEEP_TOKEN or use --token-file FILE");
  }
  std::vector<std::string> known;
  for (const Option& option : options) known.push_back("--" + option.name);
  std::string message = "unknown option '" + shown(clipped(word, 100)) + "'";
  const std::string near = nearest(word, known);
  if (!near.empty()) message += "; did you mean " + near + "?";
  return wrong_usage(std::move(message));
}

/// Reads one command line; `rest` is what has not been read yet.
class Speller {
 public:
  Speller(std::span<const std::string> rest, std::span<const Option> options)
      : rest_(rest), options_(options) {}

  Result<std::vector<std::string>> all() {
    while (!rest_.empty()) {
      const std::string word = take();
      if (word == "--") {
        TRY(positionals());
      } else if (word.starts_with("--")) {
        TRY(long_option(word, 2));
      } else if (word.starts_with("-") && word.size() > 1) {
        TRY(short_options(word));
      } else {
        has_subject_ = true;
        result_.push_back(word);
      }
    }
    return std::move(result_);
  }

 private:
  std::string take() {
    std::string word = rest_.front();
    rest_ = rest_.subspan(1);
    return word;
  }

  Result<> positionals() {
    while (!rest_.empty()) {
      std::string word = take();
      if (word.starts_with("-")) {
        return wrong_usage("'" + shown(clipped(word, 100)) +
                           "' cannot be a name, no name starts with '-'");
      }
      result_.push_back(std::move(word));
    }
    return {};
  }

  Result<> long_option(const std::string& word, std::size_t dashes) {
    const std::size_t equals = word.find('=');
    const std::string name =
        word.substr(dashes, equals == std::string::npos ? equals : equals - dashes);
    const Option* option = by_name(options_, name);
    if (!option) return unknown_option(word.substr(0, equals), options_);
    if (equals == std::string::npos) return add(*option, std::nullopt);
    if (option->value.empty()) return wrong_usage("--" + name + " takes no value");
    return add(*option, word.substr(equals + 1));
  }

  Result<> short_options(const std::string& word) {
    // The Go client wrote long names with one dash, so "-id" is --id and not -i with the value "d".
    const std::string name =
        word.substr(1, word.find('=') == std::string::npos ? word.npos : word.find('=') - 1);
    if (name.size() > 1 && by_name(options_, name)) return long_option(word, 1);
    for (std::size_t i = 1; i < word.size(); ++i) {
      const Option* option = by_flag(options_, word[i]);
      if (!option) return unknown_option(word, options_);
      if (option->value.empty()) {
        TRY(add(*option, std::nullopt));
        continue;
      }
      const std::string attached = word.substr(i + 1);
      if (attached.empty()) return add(*option, std::nullopt);
      return add(*option, attached.starts_with("=") ? attached.substr(1) : attached);
    }
    return {};
  }

  Result<> add(const Option& option, std::optional<std::string> value) {
    if (!option.value.empty() && !value) {
      if (rest_.empty()) return wrong_usage("--" + option.name + " needs a value: " + option.value);
      value = take();
    }
    result_.push_back("--" + option.name);
    if (value) result_.push_back(std::move(*value));
    if (option.name == "name" || option.name == "id") has_subject_ = true;
    // The Hub's client writes "NAME --include A B --exclude C"; before the name is known the next
    // word may be just that.
    while (option.takes_many && has_subject_ && !rest_.empty() && !rest_.front().starts_with("-")) {
      result_.push_back("--" + option.name);
      result_.push_back(take());
    }
    return {};
  }

  std::span<const std::string> rest_;
  std::span<const Option> options_;
  std::vector<std::string> result_;
  bool has_subject_ = false;  // What the command is about has been named.
};

/// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Option> global_options() {
  static const std::array<Option, 4> kOptions = {
      Option{"s", "server", "URL", "The server, such as http://gpu1:5000.", {}, false, true},
      Option{"",
             "token-file",
             "FILE",
             "Read the access token from FILE (mode 0600).",
             {},
             false,
             true},
      Option{"", "json", "", "Print what the server sent, for programs.", {}, false, true},
      Option{"h", "help", "", "Show this help.", {}, false, true}};
  return kOptions;
}

Result<std::vector<std::string>> plain_spelling(const std::vector<std::string>& args,
                                                std::span<const Option> options) {
  return Speller(args, options).all();
}

std::size_t command_index(const std::vector<std::string>& args) {
  std::size_t i = 0;
  while (i < args.size() && args[i].starts_with("-") && args[i].size() > 1) {
    const std::string name = args[i].substr(args[i].find_first_not_of('-') == std::string::npos
                                                ? args[i].size()
                                                : args[i].find_first_not_of('-'));
    const bool value_follows = name == "s" || name == "server" || name == "token-file";
    i += value_follows ? 2 : 1;
  }
  return std::min(i, args.size());
}

std::string nearest(std::string_view word, std::span<const std::string> known) {
  std::string best;
  std::size_t best_distance = 3;
  if (word.size() > 40) return best;
  for (const std::string& candidate : known) {
    const std::size_t d = distance(word, candidate);
    if (d < best_distance && d < candidate.size() / 2 + 1) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

}  // namespace modelkeep::cli
