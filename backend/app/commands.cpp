#include "app/commands.h"

#include <array>
#include <cstdio>
#include <string_view>

#include <sys/stat.h>

#include "app/adopt_command.h"
#include "app/arguments.h"
#include "app/config.h"
#include "app/config_report.h"
#include "app/fetcher.h"
#include "app/import_command.h"
#include "app/report.h"
#include "app/start.h"
#include "app/stored_settings.h"
#include "app/version.h"
#include "app/worker.h"
#include "base/log.h"
#include "base/result.h"

namespace modelkeep::app {
namespace {

using Words = std::vector<std::string>;

struct Command {
  std::string_view name;
  std::string_view summary;
  Result<> (*run)(const Words& words);
};

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

Result<LoadedConfig> child_config(std::string role) {
  umask(0027);
  log::set_role(std::move(role));
  LoadedConfig loaded = TRY(load_config(with_stored_settings(own_sources())));
  log::set_level(loaded.config.log_level);
  return loaded;
}

/// What went wrong before or while the role ran goes to the master as well.
Result<> reported(const Report& report, Result<> result) {
  if (!result) report.failed(result.error());
  return result;
}

Result<> run(const Words& words) {
  TRY(Arguments::parse(words, {}));
  return start_service();
}

Result<> worker(const Words& words) {
  const Arguments arguments =
      TRY(Arguments::parse(words, {"pool", "listen-fd", "threads", "at-once", "report-fd"}));
  const Report report(TRY(arguments.number("report-fd", -1)));
  const std::string pool = arguments.text("pool", "worker");
  if (pool != "worker" && pool != "long" && pool != "streams") {
    return fail(ErrorKind::invalid, codes::usage_invalid, "--pool is worker, long or streams.");
  }
  WorkerOptions options;
  if (pool == "long") options.pool = hub::Pool::long_answers;
  if (pool == "streams") options.pool = hub::Pool::streams;
  options.listen_fd = TRY(arguments.number("listen-fd", 0));
  options.threads = TRY(arguments.number("threads", 4));
  options.at_once = TRY(arguments.number("at-once", options.threads));
  const auto config = child_config(pool);
  if (!config) return reported(report, tl::unexpected(config.error()));
  return reported(report, run_worker(*config, options, report));
}

Result<> fetch(const Words& words) {
  const Arguments arguments = TRY(Arguments::parse(words, {"listen-fd", "number", "report-fd"}));
  const Report report(TRY(arguments.number("report-fd", -1)));
  FetchOptions options;
  options.listen_fd = TRY(arguments.number("listen-fd", -1));
  options.number = TRY(arguments.number("number", 1));
  const auto config = child_config("fetch");
  if (!config) return reported(report, tl::unexpected(config.error()));
  return reported(report, run_fetch(*config, options, report));
}

Result<> adopt(const Words& words) {
  const Arguments arguments = TRY(Arguments::parse(words, {"list"}));
  const LoadedConfig loaded = TRY(child_config("adopt"));
  return run_adopt(loaded.config, arguments.has("list"));
}

Result<> import(const Words& words) {
  const LoadedConfig loaded = TRY(child_config("import"));
  return run_import(loaded.config, words);
}

Result<> config(const Words& words) {
  TRY(Arguments::parse(words, {}));
  print(config_report(TRY(load_config(with_stored_settings(own_sources())))));
  return {};
}

Result<> version(const Words&) {
  print("modelkeepd " + std::string(kVersion) + "\n");
  return {};
}

Result<> help(const Words&);

constexpr std::array kCommands{
    Command{"run", "Start the whole service in the foreground.", run},
    Command{"worker", "Answer requests (started by run).", worker},
    Command{"fetch", "Bring models in (started by run).", fetch},
    Command{"adopt", "Take over models that lie on the mount already; --list only says which.",
            adopt},
    Command{"import", "Take a folder in as a model: FOLDER --name NS/NAME [--revision R] [--link].",
            import},
    Command{"config", "Print the settings in force and where they come from.", config},
    Command{"version", "Print the version.", version},
    Command{"help", "Print this.", help},
};

Result<> help(const Words&) {
  std::string text = "modelkeepd COMMAND\n\n";
  for (const Command& command : kCommands) {
    std::string line = "  " + std::string(command.name);
    line.resize(12, ' ');
    text += line + std::string(command.summary) + "\n";
  }
  print(text +
        "\nSettings come from the environment and from the file that MODELKEEP_CONFIG names.\n");
  return {};
}

}  // namespace

int run_command(const Words& words) {
  std::string_view name =
      words.empty() ? std::string_view("help") : std::string_view(words.front());
  if (name == "--help" || name == "-h") name = "help";
  if (name == "--version") name = "version";
  for (const Command& command : kCommands) {
    if (command.name != name) continue;
    const auto result =
        command.run(words.empty() ? Words{} : Words(words.begin() + 1, words.end()));
    if (result) return 0;
    std::fprintf(stderr, "modelkeepd: %s\n", result.error().message.c_str());
    if (!result.error().cause.empty()) log::failure("modelkeepd.failed", result.error());
    return result.error().code == codes::usage_invalid ? 2 : 1;
  }
  std::fprintf(stderr, "modelkeepd: there is no command \"%s\"; see modelkeepd help.\n",
               std::string(name).c_str());
  return 2;
}

}  // namespace modelkeep::app
