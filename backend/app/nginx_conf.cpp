#include "app/nginx_conf.h"

#include <array>

#include "app/nginx_templates.h"
#include "base/files.h"

namespace modelkeep::app {
namespace {

constexpr std::string_view kMainName = "modelkeep.conf";
// Folders that nginx wants to make itself, below paths compiled into it, unless they are named.
constexpr std::array<std::string_view, 5> kTempKinds = {"body", "fastcgi", "proxy", "uwsgi",
                                                        "scgi"};

std::string with_values(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string out;
  out.reserve(text.size() + 1024);
  while (!text.empty()) {
    const auto begin = text.find('@');
    out += text.substr(0, begin);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin + 1);
    const auto end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    const auto found = end != std::string_view::npos && text[end] == '@'
                           ? values.find(std::string(text.substr(0, end)))
                           : values.end();
    if (found == values.end()) {
      out += '@';  // An at sign of nginx's own, as in the name of a location.
      continue;
    }
    out += found->second;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string quoted_names(const std::vector<std::string>& names) {
  std::string quoted = "localhost";
  for (const std::string& name : names) quoted += " \"" + name + "\"";
  return quoted;
}

std::string realip_lines(const Config& config) {
  if (config.trusted_proxies.empty()) return "    # None is named.\n";
  std::string lines;
  for (const std::string& proxy : config.trusted_proxies) {
    lines += "    set_real_ip_from " + proxy + ";\n";
  }
  return lines + "    real_ip_header X-Forwarded-For;\n    real_ip_recursive on;\n";
}

std::string api_limit_line(const Config& config) {
  if (config.listen.is_loopback()) return "            # Only this machine reaches us: no limit.";
  if (config.limit_api_rate == 0) return "            # limits.api_rate is 0: no limit.";
  return "            limit_req zone=api burst=" + std::to_string(2 * config.limit_api_rate) +
         " nodelay;";
}

std::string hub_limit_line(const Config& config) {
  const bool is_own =
      config.listen.is_loopback() && (!config.hub_listen || config.hub_listen->is_loopback());
  if (is_own) return "# Only this machine reaches us: no limit.";
  if (config.limit_api_rate == 0) return "# limits.api_rate is 0: no limit.";
  return "limit_req zone=hub burst=2000 nodelay;";
}

std::string hub_server_line(const Config& config, const storage::Layout& layout) {
  if (!config.hub_listen) return "    # hub_listen is not set: the door is at /hf alone.";
  return "    include \"" + layout.nginx_temp_dir("conf") + "/hub_server.conf\";";
}

}  // namespace

NginxFiles render_nginx(const Config& config, const storage::Layout& layout,
                        const NginxTarget& target, const std::vector<std::string>& names) {
  const std::map<std::string, std::string> values = {
      {"NGINX_WORKERS", std::to_string(target.plan.nginx_workers)},
      {"KEEPALIVE", std::to_string(target.plan.keepalive)},
      {"CONNECTIONS", std::to_string(target.connections_max)},
      {"USER_LINE",
       target.runs_as_root ? "user root;" : "# Started without root: nginx keeps the user it has."},
      {"RUN", layout.run_dir()},
      {"MOUNT", layout.mount()},
      {"BYTES_LOG", layout.bytes_log()},
      {"WEB_ROOT", config.web_root},
      {"LISTEN", config.listen.text()},
      {"POOL_SOCKET", target.pool_socket},
      {"LONG_SOCKET", target.long_socket},
      {"STREAM_SOCKET", target.stream_socket},
      {"SERVER_NAMES", quoted_names(names)},
      {"REALIP", realip_lines(config)},
      {"API_RATE", std::to_string(config.limit_api_rate == 0 ? 1 : config.limit_api_rate)},
      {"API_LIMIT", api_limit_line(config)},
      {"HUB_LIMIT", hub_limit_line(config)},
      {"HUB_SERVER", hub_server_line(config, layout)},
      {"HUB_LISTEN", config.hub_listen.value_or(config.listen).text()},
  };
  NginxFiles files;
  for (const NginxTemplate& one : nginx_templates()) {
    files[std::string(one.name)] = with_values(one.text, values);
  }
  return files;
}

Result<> write_nginx(const storage::Layout& layout, const NginxFiles& files) {
  const std::string includes = layout.nginx_temp_dir("conf").append("/");
  TRY(posix_files().make_folders(layout.nginx_temp_dir("conf"), 0700));
  for (const std::string_view kind : kTempKinds) {
    TRY(posix_files().make_folders(layout.nginx_temp_dir(kind), 0700));
  }
  for (const auto& [name, text] : files) {
    std::string path = layout.nginx_conf();
    if (name != kMainName) path.assign(includes).append(name);
    TRY(write_file_atomic(posix_files(), path, text, 0600));
  }
  return {};
}

}  // namespace modelkeep::app
