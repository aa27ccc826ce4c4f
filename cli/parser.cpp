#include "cli/parser.h"

#include <algorithm>

#include "base/text.h"
#include "cli/manual.h"
#include "cli/spelling.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

/// "[-s <URL>] ..." as TCLAP prints it; what stands between < and > is the label.
std::string value_label(const TCLAP::Arg& arg) {
  if (!arg.isValueRequired()) return {};
  const std::string text = arg.shortID();
  const std::size_t from = text.find('<');
  const std::size_t to = text.find('>', from == std::string::npos ? 0 : from);
  return from == std::string::npos || to == std::string::npos
             ? "VALUE"
             : text.substr(from + 1, to - from - 1);
}

bool is_named(const TCLAP::Arg& arg) {
  return arg.getName() != TCLAP::Arg::ignoreNameString() &&
         dynamic_cast<const TCLAP::UnlabeledMultiArg<std::string>*>(&arg) == nullptr;
}

const Option& global(std::string_view name) {
  return *std::ranges::find(global_options(), name, &Option::name);
}

/// TCLAP names an argument as "Argument: -l (--limit)"; people know it as --limit.
std::string argument_of(const TCLAP::ArgException& error) {
  const std::string id = error.argId();
  const std::size_t name = id.find("--");
  if (name == std::string::npos) return {};
  return id.substr(name, id.find_first_of(" )", name) - name);
}

tl::unexpected<Error> complaint(const TCLAP::ArgException& error) {
  const std::string argument = argument_of(error);
  const std::string text = error.error();
  if (text.find("already set") != std::string::npos)
    return wrong_usage(argument + " is given twice");
  if (text.find("Couldn't read argument value") != std::string::npos) {
    return wrong_usage(argument + " needs a whole number, not" +
                       shown(clipped(text.substr(text.rfind(" '")), 100)));
  }
  if (text.find("does not meet constraint") != std::string::npos) {
    return wrong_usage(argument + ": " + shown(clipped(text, 200)));
  }
  return wrong_usage((argument.empty() ? "" : argument + ": ") + shown(clipped(text, 200)));
}

}  // namespace

Parser::Parser(Call& call, Manual manual)
    : call_(call),
      manual_(std::move(manual)),
      line_(manual_.about, ' ', "", false),
      server_("s", "server", global("server").about, false, "", "URL"),
      token_file_("", "token-file", global("token-file").about, false, "", "FILE"),
      json_("", "json", global("json").about),
      help_("h", "help", global("help").about),
      words_("words", "The arguments that belong to no option.", false, "WORD") {
  line_.setExceptionHandling(false);
  line_.add(server_);
  line_.add(token_file_);
  line_.add(json_);
  line_.add(help_);
  line_.add(words_);
}

std::vector<Option> Parser::options() {
  std::vector<Option> result;
  // TCLAP keeps the newest argument first; people read them in the order of the source.
  for (TCLAP::Arg* arg : line_.getArgList()) {
    if (!is_named(*arg)) continue;
    Option option{arg->getFlag(),
                  arg->getName(),
                  value_label(*arg),
                  arg->getDescription(),
                  {},
                  arg->acceptsMultipleValues(),
                  false};
    option.global =
        std::ranges::find(global_options(), option.name, &Option::name) != global_options().end();
    option.takes_many = option.repeats && option.value == "PATTERN";
    if (option.value.find('|') != std::string::npos) {
      for (const std::string_view choice : split(option.value, '|'))
        option.choices.emplace_back(choice);
    }
    result.insert(result.begin(), std::move(option));
  }
  std::stable_partition(result.begin(), result.end(),
                        [](const Option& option) { return !option.global; });
  return result;
}

Result<bool> Parser::read() {
  manual_.options = options();
  if (call_.manual) {
    *call_.manual = manual_;
    return false;
  }
  std::vector<std::string> plain = TRY(plain_spelling(call_.args, manual_.options));
  if (std::ranges::find(plain, "--help") != plain.end()) {
    call_.world.out.write(command_help(call_.name, manual_, call_.world.out));
    return false;
  }
  plain.insert(plain.begin(), "modelkeep");
  try {
    line_.parse(plain);
  } catch (const TCLAP::ArgException& error) {
    return complaint(error);
  }
  call_.world.json = json_.getValue();
  if (words().size() > manual_.arguments_max) {
    return wrong_usage("one argument too many: '" +
                       shown(clipped(words().at(manual_.arguments_max), 100)) + "'");
  }
  return true;
}

Result<std::string> Parser::word_or(const TCLAP::ValueArg<std::string>& option) const {
  const std::string subject = manual_.arguments.substr(0, manual_.arguments.find(' '));
  if (option.isSet() && !words().empty())
    return wrong_usage("give " + subject + " or --" + option.getName() + ", not both");
  const std::string word = option.isSet()    ? option.getValue()
                           : words().empty() ? ""
                                             : words().front();
  if (word.empty()) return wrong_usage(call_.name + " needs " + subject);
  return word;
}

std::optional<std::string> Parser::server() const {
  return server_.isSet() ? std::optional{server_.getValue()} : std::nullopt;
}

std::optional<std::string> Parser::token_file() const {
  return token_file_.isSet() ? std::optional{token_file_.getValue()} : std::nullopt;
}

}  // namespace modelkeep::cli
