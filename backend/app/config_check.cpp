#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include "app/config.h"
#include "base/text.h"

namespace modelkeep::app {
namespace {

Result<> refuse(std::string sentence) {
  return fail(ErrorKind::invalid, codes::setting_invalid, std::move(sentence));
}

/// Until people can sign in, the network position is the credential. It follows the setting and
/// never the peer's address: behind a proxy on this machine every peer looks like this machine.
Result<> check_open(const Config& config) {
  if (config.auth_mode == AuthMode::required) {
    return refuse(
        "auth.mode: \"required\" needs sign-in, which this version does not have yet; use open.");
  }
  if (config.auth_mode == AuthMode::open) return {};
  const bool is_hub_open = config.hub_listen && !config.hub_listen->is_loopback();
  if (config.listen.is_loopback() && !is_hub_open) return {};
  const bool is_main = !config.listen.is_loopback();
  return refuse(
      (is_main ? "listen: " + config.listen.text() : "hub_listen: " + config.hub_listen->text()) +
      " can be reached from other machines, and there is no sign-in yet; set auth.mode=open "
      "(MODELKEEP_AUTH_MODE=open) if everyone who reaches it may read and download; "
      "auth.open_scopes says what else.");
}

/// Asking ourselves would make each request beget another.
Result<> check_endpoint(const Config& config, const std::string& endpoint, const std::string& key) {
  std::string_view rest = endpoint;
  std::uint64_t port = rest.starts_with("https://") ? 443 : 80;
  rest.remove_prefix(rest.find("://") + 3);
  std::string_view host = rest.substr(0, rest.find('/'));
  const auto colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const auto given = parse_decimal(host.substr(colon + 1));
    if (!given || *given == 0 || *given > 65535) {
      return refuse(key + ": the port is not a port number.");
    }
    port = *given;
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto asked = static_cast<std::uint16_t>(port);
  if (leads_to(host, asked, config.listen) ||
      (config.hub_listen && leads_to(host, asked, *config.hub_listen))) {
    return refuse(key + ": " + endpoint +
                  " is this server itself; name the Hub that models come from.");
  }
  return {};
}

Result<> check_token_file(const std::string& path, const std::string& key) {
  if (path.empty()) return {};
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return refuse(key + ": " + path + " is not there.");
  }
  if ((status.st_mode & 077) != 0) {
    return refuse(key + ": " + path + " can be read by others; run chmod 600 on it.");
  }
  return {};
}

Result<> check_listeners(const Config& config) {
  if (!config.hub_listen || config.hub_listen->port != config.listen.port) return {};
  const bool is_apart = config.hub_listen->host != config.listen.host &&
                        !config.hub_listen->is_any() && !config.listen.is_any();
  if (is_apart) return {};
  return refuse("hub_listen: " + config.hub_listen->text() +
                " is taken by listen; the door at its root needs a port of its own.");
}

}  // namespace

bool takes_pushes(const Config& config) {
  if (config.push != PushMode::automatic) return config.push == PushMode::on;
  return config.listen.is_loopback() && (!config.hub_listen || config.hub_listen->is_loopback());
}

auth::Scope open_scope_of(const Config& config) {
  if (config.open_scope) return *config.open_scope;
  return config.listen.is_loopback() ? auth::Scope::admin : auth::Scope::download;
}

Result<> check_config(const Config& config) {
  TRY(check_listeners(config));
  TRY(check_open(config));
  TRY(check_endpoint(config, config.upstream_endpoint, "upstream.endpoint (HF_ENDPOINT)"));
  for (const std::string& mirror : config.upstream_mirrors)
    TRY(check_endpoint(config, mirror, "upstream.mirrors"));
  TRY(check_token_file(config.upstream_token_file, "upstream.token_file"));
  TRY(check_token_file(config.upstream_mirror_token_file, "upstream.mirror_token_file"));
  return {};
}

}  // namespace modelkeep::app
