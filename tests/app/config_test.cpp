#include "app/config.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "app/config_report.h"
#include "app/settings.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::app {
namespace {

ConfigSources bare() {
  ConfigSources sources;
  sources.binary_dir = "/opt/modelkeep/bin";
  sources.working_dir = "/srv";
  return sources;
}

Config loaded(const ConfigSources& sources) {
  auto result = load_config(sources);
  EXPECT_TRUE(result) << result.error().message;
  return result ? result->config : Config{};
}

std::string refusal(const ConfigSources& sources) {
  const auto result = load_config(sources);
  return result ? "" : result.error().message;
}

TEST(Config, has_the_documented_defaults) {
  const Config config = loaded(bare());
  EXPECT_EQ(config.mount_point, "/srv/models");
  EXPECT_EQ(config.state_dir, "/srv/models/.modelkeep/state");
  EXPECT_EQ(config.listen.text(), "127.0.0.1:5000");
  EXPECT_EQ(config.fetchers, 2);
  EXPECT_GE(config.workers, 2);
  EXPECT_EQ(config.web_root, "/opt/modelkeep/share/modelkeep/web");
  EXPECT_EQ(config.upstream_endpoint, "https://huggingface.co");
  EXPECT_EQ(config.limits.downloads, 2);
  EXPECT_FALSE(config.hub_listen);
}

TEST(Config, takes_the_environment_before_the_file_before_the_database) {
  const TempFolder folder;
  std::ofstream(folder.path() + "/modelkeep.toml") << "workers = 5\nfetchers = 5\n";
  ConfigSources sources = bare();
  sources.database = {{"workers", "4"}, {"fetchers", "4"}, {"limits.downloads", "4"}};
  sources.environment = {{"MODELKEEP_CONFIG", folder.path() + "/modelkeep.toml"},
                         {"MODELKEEP_WORKERS", "6"}};
  const auto result = load_config(sources);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->config.workers, 6);
  EXPECT_EQ(result->config.fetchers, 5);
  EXPECT_EQ(result->config.limits.downloads, 4);
  EXPECT_EQ(result->provenance.find("workers")->second.detail, "MODELKEEP_WORKERS");
  EXPECT_EQ(result->provenance.find("fetchers")->second.origin, Origin::file);
  EXPECT_EQ(result->provenance.find("limits.downloads")->second.origin, Origin::database);
  EXPECT_EQ(result->provenance.find("listen")->second.origin, Origin::fallback);
}

TEST(Config, reads_tables_and_lists_from_the_file) {
  const TempFolder folder;
  std::ofstream(folder.path() + "/modelkeep.toml")
      << "trusted_proxies = [\"10.0.0.5\", \"10.1.0.0/16\"]\n[auth]\nmode = \"open\"\n[upstream]\n"
         "endpoint = \"http://hub.example.org:8080/\"\n";
  ConfigSources sources = bare();
  sources.environment = {{"MODELKEEP_CONFIG", folder.path() + "/modelkeep.toml"}};
  const Config config = loaded(sources);
  EXPECT_EQ(config.trusted_proxies, (std::vector<std::string>{"10.0.0.5", "10.1.0.0/16"}));
  EXPECT_EQ(config.auth_mode, AuthMode::open);
  EXPECT_EQ(config.upstream_endpoint, "http://hub.example.org:8080");
}

TEST(Config, names_the_key_and_its_origin_when_a_value_is_wrong) {
  struct Wrong {
    const char* variable;
    const char* value;
    const char* key;
  };
  const Wrong rows[] = {
      {"MODELKEEP_WORKERS", "0", "workers"},
      {"MODELKEEP_WORKERS", "two", "workers"},
      {"MODELKEEP_WORKERS", "-1", "workers"},
      {"MODELKEEP_FETCHERS", "65", "fetchers"},
      {"MODELKEEP_LISTEN", "everywhere", "listen"},
      {"HF_ENDPOINT", "huggingface.co", "upstream.endpoint"},
      {"HF_ENDPOINT", "https://user:secret@hub", "upstream.endpoint"},
      {"MODELKEEP_AUTH_MODE", "closed", "auth.mode"},
      {"MODELKEEP_TRUSTED_PROXIES", "10.0.0.0/33", "trusted_proxies"},
      {"MODELKEEP_TRUSTED_PROXIES", "everyone", "trusted_proxies"},
      {"MODELKEEP_SERVER_NAMES", "a;b", "server.names"},
      {"MODELS_MOUNT_POINT", "/models\" ; }", "mount_point"},
      {"MODELS_MOUNT_POINT", "/srv/$HOME", "mount_point"},
      {"MODELKEEP_LOG_LEVEL", "loud", "log.level"},
      {"MODELKEEP_STORAGE_RESERVE_BYTES", "5G", "storage.reserve_bytes"},
  };
  for (const Wrong& row : rows) {
    ConfigSources sources = bare();
    sources.environment = {{row.variable, row.value}};
    const std::string message = refusal(sources);
    EXPECT_TRUE(message.starts_with(row.key))
        << row.variable << "=" << row.value << ": " << message;
    EXPECT_NE(message.find(row.variable), std::string::npos) << message;
  }
}

TEST(Config, refuses_a_key_in_the_file_that_is_no_setting) {
  const TempFolder folder;
  const std::string path = folder.path() + "/modelkeep.toml";
  std::ofstream(path) << "worker = 3\n";
  ConfigSources sources = bare();
  sources.environment = {{"MODELKEEP_CONFIG", path}};
  EXPECT_TRUE(refusal(sources).starts_with("worker ("));
}

TEST(Config, refuses_a_file_that_is_missing_or_no_toml) {
  const TempFolder folder;
  const std::string path = folder.path() + "/modelkeep.toml";
  ConfigSources sources = bare();
  sources.environment = {{"MODELKEEP_CONFIG", path}};
  EXPECT_NE(refusal(sources).find(path), std::string::npos);
  std::ofstream(path) << "fetchers = 3\nworkers = = 3\n";
  EXPECT_NE(refusal(sources).find(path + " is not valid TOML in line 2"), std::string::npos)
      << refusal(sources);
}

TEST(Config, lists_variables_that_no_setting_reads) {
  ConfigSources sources = bare();
  sources.environment = {{"MODELKEEP_WORKER", "3"}, {"MODELKEEP_TOKEN", "x"}};
  const auto result = load_config(sources);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->unknown_variables, std::vector<std::string>{"MODELKEEP_WORKER"});
}

TEST(Config, opens_beyond_loopback_only_on_purpose) {
  Config config = loaded(bare());
  EXPECT_TRUE(check_config(config));
  config.listen = parse_listen_address("0.0.0.0:5000").value();
  const auto refused = check_config(config);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("auth.mode=open"), std::string::npos);
  config.auth_mode = AuthMode::open;
  EXPECT_TRUE(check_config(config));
}

TEST(Config, refuses_to_fetch_from_itself) {
  Config config = loaded(bare());
  for (const char* endpoint :
       {"http://127.0.0.1:5000", "http://localhost:5000", "http://127.0.0.1:5000/hf"}) {
    config.upstream_endpoint = endpoint;
    const auto refused = check_config(config);
    ASSERT_FALSE(refused) << endpoint;
    EXPECT_NE(refused.error().message.find("HF_ENDPOINT"), std::string::npos);
  }
  config.upstream_endpoint = "http://127.0.0.1:5001";
  EXPECT_TRUE(check_config(config));
}

TEST(Config, refuses_a_token_file_that_others_can_read) {
  const TempFolder folder;
  Config config = loaded(bare());
  config.upstream_token_file = folder.path() + "/token";
  EXPECT_FALSE(check_config(config)) << "missing";
  std::ofstream(config.upstream_token_file) << "hf_x";
  chmod(config.upstream_token_file.c_str(), 0644);
  EXPECT_FALSE(check_config(config));
  chmod(config.upstream_token_file.c_str(), 0600);
  EXPECT_TRUE(check_config(config));
}

TEST(ConfigReport, shows_each_setting_with_its_origin) {
  ConfigSources sources = bare();
  sources.environment = {{"MODELKEEP_WORKERS", "3"}};
  const std::string report = config_report(load_config(sources).value());
  EXPECT_NE(report.find("workers = 3  # MODELKEEP_WORKERS\n"), std::string::npos);
  EXPECT_NE(report.find("listen = \"127.0.0.1:5000\"  # default\n"), std::string::npos);
  for (const Setting& setting : settings()) {
    EXPECT_NE(report.find(setting.key), std::string::npos) << setting.key;
  }
}

TEST(ConfigReport, can_be_used_as_a_settings_file) {
  const TempFolder folder;
  const std::string path = folder.path() + "/modelkeep.toml";
  ConfigSources sources = bare();
  sources.environment = {{"MODELKEEP_WORKERS", "3"},
                         {"MODELKEEP_TRUSTED_PROXIES", "10.0.0.1,10.0.0.2"}};
  std::ofstream(path) << config_report(load_config(sources).value());
  sources.environment = {{"MODELKEEP_CONFIG", path}};
  const Config config = loaded(sources);
  EXPECT_EQ(config.workers, 3);
  EXPECT_EQ(config.trusted_proxies.size(), 2u);
}

}  // namespace
}  // namespace modelkeep::app
