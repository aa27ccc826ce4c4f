#pragma once
// What every command is: a function that declares its options, reads them, makes its call and
// prints. Called a second way, with a Manual to fill, the same function only tells its options;
// help texts and shell completions are made from that, so they cannot disagree with the parser.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/output.h"
#include "cli/send.h"
#include "net/transport.h"

namespace modelkeep::cli {

struct Option {
  std::string flag;   ///< One letter or empty.
  std::string name;   ///< Without the dashes.
  std::string value;  ///< What stands for its value in help, empty for a switch.
  std::string about;
  std::vector<std::string> choices;  ///< The only values it takes, where it is that kind.
  bool repeats = false;
  bool global = false;      ///< Every command has it.
  bool takes_many = false;  ///< Words that follow its value are further values.
};

struct Manual {
  std::string arguments;  ///< "NAME|ID"
  std::size_t arguments_max = 0;
  std::string about;     ///< Paragraphs.
  std::string examples;  ///< One a line: "modelkeep list --search bert   # what it does".
  std::vector<Option> options;
};

/// All of the world that a command touches; tests hand in their own.
struct World {
  Output& out;   ///< Data.
  Output& talk;  ///< Words to people.
  Send send;
  /// For what is too large for an Answer. May be empty in a test.
  std::function<Result<std::unique_ptr<net::Transport>>()> open_transport{};
  Clock& clock;
  Environment environment;
  /// Asks on the terminal and gives the line typed; nullopt when nobody is there to answer.
  std::function<std::optional<std::string>(std::string_view question)> ask;
  /// The body of the last refusal, for --json.
  std::string refusal;
  /// Set by the parser: the caller wants what the server sent.
  bool json = false;
};

struct Call {
  std::string name;               ///< The command word.
  std::vector<std::string> args;  ///< All others, options of any place among them.
  World& world;
  Manual* manual = nullptr;  ///< Set: fill it in and do nothing else.
};

using Run = Result<> (*)(Call& call);

/// Exit status of `modelkeep`, as documented.
enum Exit : int { kDone = 0, kRefused = 1, kWrongUsage = 2, kUnreachable = 3 };

/// Codes of errors that only this program has, beside those of base/error_codes.h.
inline constexpr std::string_view kServerUnreachable = "server_unreachable";
inline constexpr std::string_view kAnswerInvalid = "answer_invalid";
inline constexpr std::string_view kServerRefused = "server_refused";

/// A complaint about how we were called; ends with kWrongUsage.
tl::unexpected<Error> wrong_usage(std::string message);

}  // namespace modelkeep::cli
