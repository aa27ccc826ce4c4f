#include <algorithm>

#include "base/json.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/limit_window.h"
#include "cli/parser.h"
#include "cli/table.h"
#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "",
    .about =
        "Shows how much fetching may take, or changes it. A change holds within two seconds, also "
        "for what runs. Hours are those of the server's clock, which is shown with them; the "
        "first window that fits holds.",
    .examples =
        "modelkeep limit\n"
        "modelkeep limit --downloads 3 --rate 500MB/s\n"
        "modelkeep limit --rate none\n"
        "modelkeep limit --window 'mon-fri 08:00-20:00 200MB/s' # days 200 MB/s, nights free\n"
        "modelkeep limit --window '08:00-18:00 downloads=0' # nothing by day\n"
        "modelkeep limit --no-windows\n"
        "modelkeep limit --default",
    .options = {}};

struct Setting {
  std::string key;
  std::string source;
  std::string variable;
  bool fixed = false;
  std::string updated_by;
  std::optional<std::vector<LimitWindow>> windows;
};

void from_json(json::Reader& in, Setting& out) {
  in.required("key", out.key)
      .optional("source", out.source)
      .optional("variable", out.variable)
      .optional("fixed", out.fixed)
      .optional("updated_by", out.updated_by);
  // Of other keys the value is no list; those in force are told beside it.
  if (out.key == "limits.windows") {
    std::vector<LimitWindow> windows;
    in.optional("value", windows);
    out.windows = std::move(windows);
  }
}

struct LimitsNow {
  LimitNumbers limits;
  std::optional<std::int64_t> window;  ///< Counted from 0.
};

void from_json(json::Reader& in, LimitsNow& out) {
  from_json(in, out.limits);
  in.optional("window", out.window);
}

struct SettingsAnswer {
  std::vector<Setting> settings;
  LimitsNow now;
  std::string local_time;
};

void from_json(json::Reader& in, SettingsAnswer& out) {
  in.required("settings", out.settings)
      .required("limits_now", out.now)
      .optional("local_time", out.local_time);
}

std::string with_source(std::string value, const SettingsAnswer& answer, std::string_view key) {
  const auto found = std::ranges::find(answer.settings, key, &Setting::key);
  if (found == answer.settings.end()) return value;
  if (found->fixed) value += "  (fixed by " + found->variable + ")";
  if (found->source == "api" && !found->updated_by.empty())
    value += "  (set by " + found->updated_by + ")";
  return value;
}

void print_limits(const SettingsAnswer& answer, World& world) {
  const LimitNumbers& now = answer.now.limits;
  const auto fact = [&](std::string value, std::string_view key) {
    return with_source(std::move(value), answer, key);
  };
  std::string clock = answer.local_time;
  // "2026-01-22T11:30:00+01:00": the minute and the zone are what the windows are about.
  if (clock.size() == 25) clock = clock.substr(11, 5) + " (UTC" + clock.substr(19) + ")";
  const std::int64_t downloads = now.downloads.value_or(0);
  std::vector<Fact> facts = {
      {"downloads at once",
       fact(downloads == 0 ? "none at this hour" : grouped(downloads), "limits.downloads")},
      {"connections", fact(grouped(now.connections.value_or(0)), "limits.connections")},
      {"in all", fact(rate_text(now.bytes_per_second.value_or(0)), "limits.bytes_per_second")},
      {"a download", fact(rate_text(now.bytes_per_second_per_download.value_or(0)),
                          "limits.bytes_per_second_per_download")},
      {"the server's clock", clock}};
  const auto windows = std::ranges::find(answer.settings, "limits.windows", &Setting::key);
  if (windows != answer.settings.end() && windows->windows) {
    for (std::size_t i = 0; i < windows->windows->size(); ++i) {
      std::string text = window_text((*windows->windows)[i]);
      if (answer.now.window == static_cast<std::int64_t>(i)) text += "  (now)";
      facts.push_back({i == 0 ? "windows" : "", text});
    }
  }
  world.out.write(facts_text(facts, world.out));
}

using Text = TCLAP::ValueArg<std::string>;
using Number = TCLAP::ValueArg<int>;

Result<> add_rate(json::Writer& body, std::string_view key, const Text& option) {
  if (!option.isSet()) return {};
  const auto rate = parse_rate(option.getValue());
  if (!rate) return wrong_usage("--" + option.getName() + " is a rate such as 200MB/s, or none");
  body.member(key, *rate);
  return {};
}

}  // namespace

Result<> run_limit(Call& call) {
  Parser parser(call, kManual);
  TCLAP::CmdLine& line = parser.line();
  Number downloads("d", "downloads", "Downloads that run at once.", false, 0, "N", line);
  Number connections("c", "connections", "Connections to the Hub, over all downloads.", false, 0,
                     "N", line);
  Text rate("r", "rate", "Bandwidth of all downloads together, or none for no limit.", false, "",
            "RATE", line);
  Text rate_each("", "rate-per-download", "Bandwidth of one download, or none.", false, "", "RATE",
                 line);
  TCLAP::MultiArg<std::string> windows("w", "window",
                                       "Hours with limits of their own, in place of all there are.",
                                       false, "HOURS", line);
  TCLAP::SwitchArg no_windows("", "no-windows", "The same limits at every hour.", line);
  TCLAP::SwitchArg fallback("", "default", "Back to what holds when nobody sets any.", line);
  if (!TRY(parser.read())) return {};
  const bool sets = downloads.isSet() || connections.isSet() || rate.isSet() || rate_each.isSet() ||
                    windows.isSet() || no_windows.isSet();
  if (fallback.isSet() && sets) return wrong_usage("give --default or limits, not both");
  if (windows.isSet() && no_windows.isSet())
    return wrong_usage("give --window or --no-windows, not both");

  json::Writer body;
  body.begin_object();
  if (downloads.isSet()) body.member("limits.downloads", downloads.getValue());
  if (connections.isSet()) body.member("limits.connections", connections.getValue());
  TRY(add_rate(body, "limits.bytes_per_second", rate));
  TRY(add_rate(body, "limits.bytes_per_second_per_download", rate_each));
  if (windows.isSet() || no_windows.isSet()) {
    std::vector<LimitWindow> parsed;
    for (const std::string& text : windows.getValue())
      parsed.push_back(TRY(parse_limit_window(text)));
    body.member("limits.windows", parsed);
  }
  if (fallback.isSet()) {
    for (const char* key : {"limits.downloads", "limits.connections", "limits.bytes_per_second",
                            "limits.bytes_per_second_per_download", "limits.windows"})
      body.key(key).null();
  }
  body.end_object();

  Client client = TRY(connect(parser, call.world));
  const bool changes = sets || fallback.isSet();
  const Answer answer =
      TRY(changes ? client.put("/api/settings", body.take()) : client.get("/api/settings"));
  if (call.world.json) {
    print_json(answer, call.world);
    return {};
  }
  print_limits(TRY(read<SettingsAnswer>(client, answer)), call.world);
  return {};
}

}  // namespace modelkeep::cli
