#include "tests/hub/options.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace modelkeep::standin {
namespace {

tl::unexpected<Error> wrong(std::string message) {
  return fail(ErrorKind::invalid, codes::field_invalid, std::move(message));
}

template <class Number>
Result<> read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc{} && end == text.data() + text.size()) return {};
  return wrong("Not a number: " + std::string{text});
}

Result<> read_size(std::string_view text, std::uint64_t& out) {
  out = TRY(parse_size(text));
  return {};
}

Result<MadeRepo> parse_made(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return wrong("--make wants ID=PATH:SIZE[:COUNT]");
  const std::vector<std::string_view> parts = split(text.substr(equals + 1), ':');
  if (parts.size() < 2 || parts.size() > 3) return wrong("--make wants ID=PATH:SIZE[:COUNT]");
  MadeRepo made{std::string{text.substr(0, equals)}, std::string{parts[0]}, 0, 1};
  made.size_bytes = TRY(parse_size(parts[1]));
  if (parts.size() == 3) TRY(read_number(parts[2], made.count));
  return made;
}

Result<> add_made(Options& out, std::string_view text) {
  out.made.push_back(TRY(parse_made(text)));
  return {};
}

Result<> add_catalog(Options& out, std::string_view name) {
  if (name != "demo" && name != "test" && name != "hostile") {
    return wrong("There is no catalog " + std::string{name});
  }
  out.catalogs.emplace_back(name);
  return {};
}

struct Option {
  std::string_view name;
  Result<> (*read)(Options& out, std::string_view text);
};

const std::array kOptions{
    Option{"--address",
           [](Options& o, std::string_view text) -> Result<> {
             o.hub.address = text;
             return {};
           }},
    Option{"--port", [](Options& o, std::string_view t) { return read_number(t, o.hub.port); }},
    Option{"--cdn-port",
           [](Options& o, std::string_view t) { return read_number(t, o.hub.cdn_port); }},
    Option{"--catalog", add_catalog},
    Option{"--make", add_made},
    Option{"--fault",
           [](Options& o, std::string_view text) -> Result<> {
             o.faults.emplace_back(text);
             return {};
           }},
    Option{"--data-dir",
           [](Options& o, std::string_view text) -> Result<> {
             o.data_dir = text;
             return {};
           }},
    Option{"--rate-per-connection",
           [](Options& o, std::string_view t) { return read_size(t, o.hub.rate_per_connection); }},
    Option{"--rate-total",
           [](Options& o, std::string_view t) { return read_size(t, o.hub.rate_total); }},
    Option{"--delay-ms",
           [](Options& o, std::string_view t) { return read_number(t, o.hub.delay_ms); }},
    Option{"--tree-page",
           [](Options& o, std::string_view t) { return read_number(t, o.hub.tree_page); }},
    Option{"--url-lifetime-s",
           [](Options& o, std::string_view t) { return read_number(t, o.hub.url_lifetime_s); }},
    Option{"--quota-api",
           [](Options& o, std::string_view t) { return read_number(t, o.hub.quota.api); }},
    Option{"--quota-resolvers",
           [](Options& o, std::string_view t) { return read_number(t, o.hub.quota.resolvers); }},
    Option{"--quota-window-s",
           [](Options& o, std::string_view t) { return read_number(t, o.hub.quota.window_s); }},
};

bool read_flag(Options& out, std::string_view name) {
  if (name == "--print-url") return true;  // It always does; named so that a caller can say so.
  if (name == "--exit-with-parent") out.exit_with_parent = true;
  if (name == "--help" || name == "-h") out.help = true;
  return out.help || name == "--exit-with-parent";
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 6> kUnits{{
      {"KiB", 1ULL << 10U},
      {"MiB", 1ULL << 20U},
      {"GiB", 1ULL << 30U},
      {"kB", 1'000},
      {"MB", 1'000'000},
      {"GB", 1'000'000'000},
  }};
  std::uint64_t factor = 1;
  for (const auto& [unit, bytes] : kUnits) {
    if (text.size() > unit.size() && text.substr(text.size() - unit.size()) == unit) {
      factor = bytes;
      text.remove_suffix(unit.size());
      break;
    }
  }
  std::uint64_t number = 0;
  TRY(read_number(text, number));
  return number * factor;
}

Result<Options> parse_options(const std::vector<std::string_view>& arguments) {
  Options out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (read_flag(out, arguments[i])) continue;
    const Option* option = nullptr;
    for (const Option& known : kOptions) {
      if (known.name == arguments[i]) option = &known;
    }
    if (option == nullptr) return wrong("Unknown option " + std::string{arguments[i]});
    if (i + 1 == arguments.size()) return wrong(std::string{option->name} + " wants a value");
    TRY(option->read(out, arguments[++i]));
  }
  return out;
}

std::string_view usage() {
  return R"(standin_hub: a model hub on loopback, for demo, tests and measurements.

  --catalog demo|test|hostile   repositories to have; may be given several times
  --make ID=PATH:SIZE[:COUNT]   one more repository, generated; sizes as 64KiB, 2GiB, 4MB
  --data-dir DIR                keep made files there and send them from disk
  --port N, --cdn-port N        0 (default) takes a free one
  --address A                   127.0.0.1
  --rate-per-connection SIZE    bytes a second for each connection
  --rate-total SIZE             bytes a second for all together; demo: 12MB unless given
  --delay-ms N                  before the first byte of each answer
  --tree-page N                 entries a page of a listing; 50
  --url-lifetime-s N            how long a signed URL works; 3600
  --quota-api N, --quota-resolvers N, --quota-window-s N   refuse what is more with 429
  --fault JSON                  as POST /_standin/faults takes it
  --exit-with-parent            end when the process that started it ends

Prints its URL as the first line of stdout once it listens; SIGTERM ends it.
)";
}

}  // namespace modelkeep::standin
