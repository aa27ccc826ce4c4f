#include "app/settings.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"

namespace modelkeep::app {
namespace {

Result<> wrong(std::string what) {
  return fail(ErrorKind::invalid, codes::setting_invalid, std::move(what));
}

Result<> set_number(int& target, std::string_view text, int min, int max) {
  const auto number = parse_decimal(text);
  if (!number || *number < static_cast<unsigned>(min) || *number > static_cast<unsigned>(max)) {
    return wrong("it must be a whole number from " + std::to_string(min) + " to " +
                 std::to_string(max));
  }
  target = static_cast<int>(*number);
  return {};
}

/// A path goes into nginx's configuration between quotes, where these bytes have a meaning of their
/// own.
Result<> set_path(std::string& target, std::string_view text) {
  for (const char byte : text) {
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f || byte == '"' || byte == '\\' ||
        byte == '$') {
      return wrong(
          "a path may not contain quotes, backslashes, dollar signs or control characters");
    }
  }
  if (text.empty()) return wrong("the path is empty");
  target = std::string(text);
  return {};
}

Result<> set_list(std::vector<std::string>& target, std::string_view text,
                  bool (*accepts)(std::string_view), std::string_view what) {
  std::vector<std::string> items;
  for (const std::string_view piece : split(text, ',')) {
    const std::string_view item = trim(piece);
    if (item.empty()) continue;
    if (!accepts(item)) {
      return wrong("\"" + std::string(clipped(item, 100)) + "\" is not " + std::string(what));
    }
    items.emplace_back(item);
  }
  target = std::move(items);
  return {};
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += ",";
    text += item;
  }
  return text;
}

/// An address or a network, as 10.0.0.0/8; `parse_listen_address` knows the literals.
bool is_cidr(std::string_view text) {
  const auto slash = text.find('/');
  const std::string host(text.substr(0, slash));
  const bool ipv6 = host.find(':') != std::string::npos;
  if (!parse_listen_address((ipv6 ? "[" + host + "]" : host) + ":1") || host.empty()) return false;
  if (host == "localhost") return false;
  if (slash == std::string_view::npos) return true;
  const auto bits = parse_decimal(text.substr(slash + 1));
  return bits && *bits <= (ipv6 ? 128U : 32U);
}

bool is_host_name(std::string_view text) {
  if (text.size() > 253 || text.starts_with('.') || text.starts_with('-')) return false;
  return text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
         std::string_view::npos;
}

bool is_host_pattern(std::string_view text) {
  return is_host_name(text.starts_with("*.") ? text.substr(2) : text);
}

/// As browsers send it: scheme, host, a port that is not the scheme's own, nothing behind.
bool is_origin(std::string_view text) {
  std::string_view host = text;
  if (host.starts_with("https://")) {
    host.remove_prefix(8);
  } else if (host.starts_with("http://")) {
    host.remove_prefix(7);
  } else {
    return false;
  }
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos) {
    const auto port = parse_decimal(host.substr(colon + 1));
    if (!port || *port == 0 || *port > 65535) return false;
    host = host.substr(0, colon);
  }
  return !host.empty() && is_host_name(host);
}

/// A hub's address, without slashes at its end.
Result<std::string> plain_url(std::string_view text) {
  std::string_view rest = text;
  while (rest.ends_with('/')) rest.remove_suffix(1);
  std::string endpoint(rest);
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return fail(ErrorKind::invalid, codes::setting_invalid,
                "it must begin with https:// or http://");
  }
  if (rest.empty() || rest.starts_with('/') ||
      rest.find_first_of("@?# \t\r\n\"\\") != std::string_view::npos) {
    return fail(ErrorKind::invalid, codes::setting_invalid,
                "it must be a plain URL, as https://huggingface.co");
  }
  return endpoint;
}

Result<> set_endpoint(Config& config, std::string_view text) {
  config.upstream_endpoint = TRY(plain_url(text));
  return {};
}

Result<> set_mirrors(Config& config, std::string_view text) {
  std::vector<std::string> mirrors;
  for (const std::string_view piece : split(text, ',')) {
    if (trim(piece).empty()) continue;
    mirrors.push_back(TRY(plain_url(trim(piece))));
  }
  config.upstream_mirrors = std::move(mirrors);
  return {};
}

Result<> set_auth_mode(Config& config, std::string_view text) {
  if (text == "auto") {
    config.auth_mode = AuthMode::automatic;
  } else if (text == "open") {
    config.auth_mode = AuthMode::open;
  } else if (text == "required") {
    config.auth_mode = AuthMode::required;
  } else {
    return wrong("it must be auto, open or required");
  }
  return {};
}

std::string show_auth_mode(const Config& config) {
  if (config.auth_mode == AuthMode::open) return "open";
  return config.auth_mode == AuthMode::required ? "required" : "auto";
}

constexpr std::array<std::string_view, 3> kPushModes = {"auto", "on", "off"};

Result<> set_push(Config& config, std::string_view text) {
  const auto* const found = std::find(kPushModes.begin(), kPushModes.end(), text);
  if (found == kPushModes.end()) return wrong("it must be auto, on or off");
  config.push = static_cast<PushMode>(found - kPushModes.begin());
  return {};
}

constexpr std::array<std::string_view, 4> kLevels = {"debug", "info", "warn", "error"};

Result<> set_log_level(Config& config, std::string_view text) {
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    if (kLevels[level] != text) continue;
    config.log_level = static_cast<log::Level>(level);
    return {};
  }
  return wrong("it must be debug, info, warn or error");
}

Result<> set_pull_through(Config& config, std::string_view text) {
  if (text != "on" && text != "off") return wrong("it must be on or off");
  config.pull_through_set = text == "on";
  return {};
}

Result<> set_bytes(std::int64_t& target, std::string_view text) {
  const auto bytes = parse_decimal(text);
  if (!bytes || *bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return wrong("it must be a whole number of bytes");
  }
  target = static_cast<std::int64_t>(*bytes);
  return {};
}

Result<> set_reserve(Config& config, std::string_view text) {
  std::int64_t bytes = 0;
  TRY(set_bytes(bytes, text));
  config.reserve_bytes = bytes;
  return {};
}

/// "read,download": the scopes include each other, so the highest one counts.
Result<> set_open_scopes(Config& config, std::string_view text) {
  auto highest = auth::Scope::open;
  for (const std::string_view piece : split(text, ',')) {
    const auto scope = auth::parse_scope(trim(piece));
    if (!scope || *scope == auth::Scope::open) return wrong("it lists read, download and admin");
    highest = std::max(highest, *scope);
  }
  config.open_scope = highest;
  return {};
}

std::string show_open_scopes(const Config& config) {
  if (!config.open_scope) return {};
  std::string text = "read";
  if (*config.open_scope >= auth::Scope::download) text += ",download";
  if (*config.open_scope >= auth::Scope::admin) text += ",admin";
  return text;
}

constexpr std::array kSettings{
    Setting{"mount_point", "MODELS_MOUNT_POINT", "The folder that holds the models.",
            [](Config& c, std::string_view t) { return set_path(c.mount_point, t); },
            [](const Config& c) { return c.mount_point; }},
    Setting{
        "state_dir", "MODELKEEP_STATE_DIR",
        "Database, locks and journals; on a local disk. Default: .modelkeep/state in the mount.",
        [](Config& c, std::string_view t) { return set_path(c.state_dir, t); },
        [](const Config& c) { return c.state_dir; }},
    Setting{"listen", "MODELKEEP_LISTEN", "The address that nginx listens on.",
            [](Config& c, std::string_view t) -> Result<> {
              c.listen = TRY(parse_listen_address(t));
              return {};
            },
            [](const Config& c) { return c.listen.text(); }},
    Setting{
        "hub_listen", "MODELKEEP_HUB_LISTEN",
        "An address with the hub door at its root; none opens no second listener.",
        [](Config& c, std::string_view t) -> Result<> {
          c.hub_listen.reset();
          if (t != "none") c.hub_listen = TRY(parse_listen_address(t));
          return {};
        },
        [](const Config& c) { return c.hub_listen ? c.hub_listen->text() : std::string("none"); }},
    Setting{"workers", "MODELKEEP_WORKERS", "Processes that answer the API.",
            [](Config& c, std::string_view t) { return set_number(c.workers, t, 1, 64); },
            [](const Config& c) { return std::to_string(c.workers); }},
    Setting{"fetchers", "MODELKEEP_FETCHERS", "Processes that fetch.",
            [](Config& c, std::string_view t) { return set_number(c.fetchers, t, 1, 64); },
            [](const Config& c) { return std::to_string(c.fetchers); }},
    Setting{"web_root", "MODELKEEP_WEB_ROOT", "The folder of the pages.",
            [](Config& c, std::string_view t) { return set_path(c.web_root, t); },
            [](const Config& c) { return c.web_root; }},
    Setting{"upstream.endpoint", "HF_ENDPOINT", "The Hub that models come from.", set_endpoint,
            [](const Config& c) { return c.upstream_endpoint; }},
    Setting{"upstream.token_file", "",
            "A file with the Hub token, readable by its owner alone. HF_TOKEN and "
            "HUGGINGFACE_TOKEN go before it.",
            [](Config& c, std::string_view t) { return set_path(c.upstream_token_file, t); },
            [](const Config& c) { return c.upstream_token_file; }},
    Setting{"upstream.allow_cidrs", "MODELKEEP_UPSTREAM_ALLOW",
            "Private networks that the upstream may redirect into, as 10.1.0.0/16,fd00::/8.",
            [](Config& c, std::string_view t) {
              return set_list(c.upstream_allow_cidrs, t, is_cidr, "an address or network");
            },
            [](const Config& c) { return joined(c.upstream_allow_cidrs); }},
    Setting{"upstream.allow_hosts", "",
            "Further hosts that the upstream may redirect to, as files.example.org,*.example.org.",
            [](Config& c, std::string_view t) {
              return set_list(c.upstream_allow_hosts, t, is_host_pattern, "a host name");
            },
            [](const Config& c) { return joined(c.upstream_allow_hosts); }},
    Setting{"upstream.ca_file", "", "A file of certificates to trust besides the system's.",
            [](Config& c, std::string_view t) { return set_path(c.upstream_ca_file, t); },
            [](const Config& c) { return c.upstream_ca_file; }},
    // Not to be changed through the API, as no other address that a fetcher talks to: it is the
    // word of who runs the machine, and never of a request.
    Setting{"upstream.mirrors", "",
            "Hubs that are asked in this order while the one above is away, as "
            "https://mirror.example,http://10.0.0.2:8090. They get no token but that of "
            "upstream.mirror_token_file.",
            set_mirrors, [](const Config& c) { return joined(c.upstream_mirrors); }},
    Setting{"upstream.mirror_token_file", "",
            "A file with a token for the mirrors, readable by its owner alone.",
            [](Config& c, std::string_view t) { return set_path(c.upstream_mirror_token_file, t); },
            [](const Config& c) { return c.upstream_mirror_token_file; }},
    Setting{"upstream.check_hours", "",
            "Hours between two looks at upstream for a newer revision of a model. 0 is never.",
            [](Config& c, std::string_view t) {
              return set_number(c.upstream_check_hours, t, 0, 8760);
            },
            [](const Config& c) { return std::to_string(c.upstream_check_hours); }, true,
            SettingKind::number},
    Setting{"auth.mode", "",
            "auto: open on loopback. open: whoever reaches the address needs no sign-in.",
            set_auth_mode, show_auth_mode},
    Setting{"auth.open_scopes", "",
            "What needs no sign-in, of read, download, admin. Default: all of it on loopback, "
            "read,download elsewhere.",
            set_open_scopes, show_open_scopes},
    Setting{
        "push", "",
        "Whether Hub clients may push models, which needs the scope admin. auto: on loopback.",
        set_push,
        [](const Config& c) { return std::string(kPushModes[static_cast<std::size_t>(c.push)]); }},
    Setting{"trusted_proxies", "",
            "Proxies whose X-Forwarded-For is believed, as 10.0.0.5,10.1.0.0/16.",
            [](Config& c, std::string_view t) {
              return set_list(c.trusted_proxies, t, is_cidr, "an address or network");
            },
            [](const Config& c) { return joined(c.trusted_proxies); }},
    Setting{"server.names", "", "Host names, besides this machine's own, that the server goes by.",
            [](Config& c, std::string_view t) {
              return set_list(c.server_names, t, is_host_name, "a host name");
            },
            [](const Config& c) { return joined(c.server_names); }},
    Setting{"cors.allow_origins", "",
            "Origins whose pages may read the hub door, as https://tools.example.org.",
            [](Config& c, std::string_view t) {
              return set_list(c.cors_origins, t, is_origin, "an origin, as https://host:port");
            },
            [](const Config& c) { return joined(c.cors_origins); }},
    Setting{"pull_through", "",
            "on: what is not stored comes from the upstream when a client asks the hub door for "
            "it. Default: on while nobody has to sign in.",
            set_pull_through,
            [](const Config& c) { return std::string(c.pull_through() ? "on" : "off"); }},
    Setting{"limits.downloads", "", "Downloads that run at once.",
            [](Config& c, std::string_view t) {
              return set_number(c.limits.downloads, t, 1, catalog::kDownloadsMax);
            },
            [](const Config& c) { return std::to_string(c.limits.downloads); }, true,
            SettingKind::number},
    Setting{"limits.connections", "", "Connections to the upstream at once, over all downloads.",
            [](Config& c, std::string_view t) {
              return set_number(c.limits.connections, t, 1, catalog::kConnectionsMax);
            },
            [](const Config& c) { return std::to_string(c.limits.connections); }, true,
            SettingKind::number},
    Setting{"limits.bytes_per_second", "",
            "Bytes that all downloads together fetch in a second. 0 is no limit.",
            [](Config& c, std::string_view t) { return set_bytes(c.limits.bytes_per_second, t); },
            [](const Config& c) { return std::to_string(c.limits.bytes_per_second); }, true,
            SettingKind::number},
    Setting{"limits.bytes_per_second_per_download", "",
            "Bytes that one download fetches in a second. 0 is no limit.",
            [](Config& c, std::string_view t) {
              return set_bytes(c.limits.bytes_per_second_per_download, t);
            },
            [](const Config& c) { return std::to_string(c.limits.bytes_per_second_per_download); },
            true, SettingKind::number},
    Setting{"limits.windows", "",
            "Hours with limits of their own, in this server's local time, as mon-fri 08:00-20:00 "
            "bytes_per_second=200000000, 22:00-06:00 downloads=0. The first that fits holds.",
            [](Config& c, std::string_view t) -> Result<> {
              c.limits.windows = TRY(catalog::parse_windows(t));
              return {};
            },
            [](const Config& c) { return catalog::windows_text(c.limits.windows); }, true,
            SettingKind::windows},
    Setting{
        "limits.api_rate", "",
        "API requests a second from one address; never for this machine itself. 0 is no limit.",
        [](Config& c, std::string_view t) { return set_number(c.limit_api_rate, t, 0, 1000000); },
        [](const Config& c) { return std::to_string(c.limit_api_rate); }},
    Setting{"storage.reserve_bytes", "",
            "Free bytes that downloads leave. Default: the smaller of 5 GiB and 2 % of the mount.",
            set_reserve,
            [](const Config& c) {
              return c.reserve_bytes ? std::to_string(*c.reserve_bytes) : std::string();
            },
            true, SettingKind::number},
    Setting{"log.level", "", "debug, info, warn or error.", set_log_level,
            [](const Config& c) {
              return std::string(kLevels[static_cast<std::size_t>(c.log_level)]);
            }},
};

}  // namespace

std::span<const Setting> settings() {
  return kSettings;
}

std::string variable_of(const Setting& setting) {
  if (!setting.variable.empty()) return std::string(setting.variable);
  std::string name = "MODELKEEP_";
  for (const char letter : setting.key) {
    if (letter == '.') {
      name += '_';
    } else {
      name += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
  }
  return name;
}

}  // namespace modelkeep::app
