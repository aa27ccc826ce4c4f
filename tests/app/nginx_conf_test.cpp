#include "app/nginx_conf.h"

#include <gtest/gtest.h>

namespace modelkeep::app {
namespace {

NginxFiles rendered(const Config& config, const NginxTarget& target = {}) {
  return render_nginx(config, storage::Layout(config.mount_point, "", "/run/mk"), target,
                      {"gpu1", "gpu1.lan"});
}

Config example() {
  Config config;
  config.mount_point = "/mnt/my models";
  config.web_root = "/opt/web";
  config.listen = parse_listen_address("127.0.0.1:5000").value();
  return config;
}

/// Every block that begins with `location`, up to its own closing brace.
std::vector<std::string> locations(const std::string& text) {
  std::vector<std::string> found;
  for (auto begin = text.find("location "); begin != std::string::npos;
       begin = text.find("location ", begin + 1)) {
    const auto open = text.find('{', begin);
    if (open == std::string::npos || open > text.find('\n', begin)) continue;  // A comment.
    std::size_t end = open;
    int depth = 0;
    do {
      if (text[end] == '{') ++depth;
      if (text[end] == '}') --depth;
    } while (++end < text.size() && depth > 0);
    found.push_back(text.substr(begin, end - begin));
  }
  return found;
}

TEST(NginxConf, fills_every_placeholder) {
  for (const auto& [name, text] : rendered(example())) {
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
      const auto end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at + 1);
      const bool is_placeholder = end != std::string::npos && text[end] == '@' && end > at + 1;
      // The introduction speaks of @NAMES@.
      EXPECT_TRUE(!is_placeholder || text.substr(at, end - at) == "@NAMES")
          << name << ": " << text.substr(at, 40);
    }
  }
}

TEST(NginxConf, has_one_set_of_security_headers_in_every_location) {
  for (const auto& [name, text] : rendered(example())) {
    for (const std::string& location : locations(text)) {
      // A bad range is found out when the headers of the file are set already.
      if (location.starts_with("location = /_e/416") ||
          location.starts_with("location = /_e/hub/416"))
        continue;
      // What the door's locations share is one file, which has them.
      if (location.find("nginx-conf/hub_pass.conf") != std::string::npos ||
          location.find("nginx-conf/hub_push.conf") != std::string::npos)
        continue;
      const auto first = location.find("nginx-conf/headers_");
      EXPECT_NE(first, std::string::npos) << name << ": " << location;
      EXPECT_EQ(location.find("nginx-conf/headers_", first + 1), std::string::npos)
          << name << ": " << location;
    }
  }
}

TEST(NginxConf, passes_the_parameters_wherever_it_passes_a_request) {
  int passing = 0;
  for (const std::string& location : locations(rendered(example()).at("modelkeep.conf"))) {
    if (location.find("fastcgi_pass") == std::string::npos) continue;
    ++passing;
    EXPECT_NE(location.find("nginx-conf/fastcgi.conf"), std::string::npos) << location;
  }
  EXPECT_GE(passing, 4);
}

TEST(NginxConf, never_keeps_connections_to_the_long_pool) {
  for (const std::string& location : locations(rendered(example()).at("modelkeep.conf"))) {
    if (location.find("fastcgi_pass long_pool") == std::string::npos) continue;
    EXPECT_EQ(location.find("fastcgi_keep_conn on"), std::string::npos);
  }
}

TEST(NginxConf, quotes_paths_with_spaces) {
  const std::string text = rendered(example()).at("modelkeep.conf");
  EXPECT_NE(text.find("alias \"/mnt/my models/.modelkeep/blobs/\";"), std::string::npos);
}

TEST(NginxConf, names_a_user_only_as_root) {
  NginxTarget target;
  EXPECT_EQ(rendered(example(), target).at("modelkeep.conf").find("\nuser "), std::string::npos);
  target.runs_as_root = true;
  EXPECT_NE(rendered(example(), target).at("modelkeep.conf").find("\nuser root;"),
            std::string::npos);
}

TEST(NginxConf, believes_forwarded_addresses_of_trusted_proxies_only) {
  Config config = example();
  EXPECT_EQ(rendered(config).at("modelkeep.conf").find("set_real_ip_from"), std::string::npos);
  config.trusted_proxies = {"10.0.0.5"};
  const std::string text = rendered(config).at("modelkeep.conf");
  EXPECT_NE(text.find("set_real_ip_from 10.0.0.5;"), std::string::npos);
  EXPECT_NE(text.find("real_ip_recursive on;"), std::string::npos);
}

TEST(NginxConf, limits_rates_beyond_loopback_only) {
  Config config = example();
  EXPECT_EQ(rendered(config).at("modelkeep.conf").find("limit_req zone=api"), std::string::npos);
  config.listen = parse_listen_address("0.0.0.0:5000").value();
  EXPECT_NE(rendered(config).at("modelkeep.conf").find("limit_req zone=api burst=400"),
            std::string::npos);
  config.limit_api_rate = 0;
  EXPECT_EQ(rendered(config).at("modelkeep.conf").find("limit_req zone=api burst"),
            std::string::npos);
}

}  // namespace
}  // namespace modelkeep::app
