#include "cli/settings.h"

#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "cli/server_url.h"
#include "cli/user_name.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::cli {
namespace {

class Home {
 public:
  Home() { std::filesystem::create_directories(path("/.config/modelkeep")); }

  std::string path(const std::string& below) const { return folder_.path() + below; }

  std::string write(const std::string& below, const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path(below)) << text;
    ::chmod(path(below).c_str(), mode);
    return path(below);
  }

  void config(const std::string& text, mode_t mode = 0600) const {
    write("/.config/modelkeep/config.toml", text, mode);
  }

  Result<Settings> find(const Said& said = {},
                        std::map<std::string, std::string> variables = {}) const {
    variables["HOME"] = folder_.path();
    return find_settings(said, [variables](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional{found->second};
    });
  }

 private:
  TempFolder folder_;
};

TEST(Settings, ask_localhost_when_nothing_is_said) {
  const Result<Settings> settings = Home().find();
  ASSERT_TRUE(settings.has_value());
  EXPECT_EQ(settings->server, "http://localhost:5000");
  EXPECT_EQ(settings->token, "");
}

TEST(Settings, the_command_line_goes_before_the_variable_and_that_before_the_file) {
  const Home home;
  home.config("server = \"http://file:1\"\n", 0644);
  EXPECT_EQ(home.find()->server, "http://file:1");
  EXPECT_EQ(home.find({}, {{"MODELKEEP_SERVER", "http://variable:1"}})->server,
            "http://variable:1");
  EXPECT_EQ(home.find({"http://line:1/", {}}, {{"MODELKEEP_SERVER", "http://variable:1"}})->server,
            "http://line:1");
  EXPECT_EQ(home.find({}, {{"MODELKEEP_SERVER", ""}})->server, "http://file:1");
}

TEST(Settings, the_token_comes_from_the_variable_the_token_file_or_the_config_file) {
  const Home home;
  home.config("token = \"from-config\"\n");
  const std::string file = home.write("/token", "from-file\n");
  EXPECT_EQ(home.find()->token, "from-config");
  EXPECT_EQ(home.find({{}, file})->token, "from-file");
  EXPECT_EQ(home.find({{}, file}, {{"MODELKEEP_TOKEN", "from-variable"}})->token, "from-variable");
}

TEST(Settings, a_file_with_a_token_that_others_may_read_is_refused) {
  const Home home;
  for (const mode_t mode : {0644U, 0640U, 0604U, 0610U}) {
    home.config("token = \"secret\"\n", mode);
    const Result<Settings> settings = home.find();
    ASSERT_FALSE(settings.has_value()) << mode;
    EXPECT_EQ(settings.error().code, codes::usage_invalid);
    EXPECT_NE(settings.error().message.find("chmod 600"), std::string::npos);
    EXPECT_EQ(settings.error().message.find("secret"), std::string::npos);
  }
  home.config("");
  EXPECT_FALSE(home.find({{}, home.write("/token", "secret\n", 0644)}).has_value());
}

TEST(Settings, a_wrong_file_is_named_and_its_contents_are_not_repeated) {
  const Home home;
  const std::pair<const char*, const char*> rows[] = {
      {"sever = \"http://x:1\"\n", "unknown key 'sever'"},
      {"server = 5000\n", "server must be a text"},
      {"token = \"hf_secret\n", "is not TOML"},
      {"server = \"gpu1:5000\"\n", "did you mean http://gpu1:5000?"},
      {"token = \"two words\"\n", "no token"},
  };
  for (const auto& [text, reason] : rows) {
    home.config(text);
    const Result<Settings> settings = home.find();
    ASSERT_FALSE(settings.has_value()) << text;
    EXPECT_NE(settings.error().message.find(reason), std::string::npos) << settings.error().message;
    EXPECT_EQ(settings.error().message.find("hf_secret"), std::string::npos);
  }
}

TEST(Settings, a_token_cannot_break_out_of_its_header) {
  EXPECT_FALSE(Home().find({}, {{"MODELKEEP_TOKEN", "abc\r\nX-Username: root"}}).has_value());
}

TEST(ServerUrl, takes_http_addresses_and_cuts_the_last_slash) {
  EXPECT_EQ(server_url("http://gpu1:5000", "--server").value(), "http://gpu1:5000");
  EXPECT_EQ(server_url("https://models.example/store//", "--server").value(),
            "https://models.example/store");
  EXPECT_EQ(server_url("http://[::1]:5000", "--server").value(), "http://[::1]:5000");
}

TEST(ServerUrl, refuses_everything_else_and_says_why) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "empty"},
      {"gpu1:5000", "did you mean http://gpu1:5000?"},
      {"ftp://gpu1", "http:// or https://"},
      {"file:///etc/passwd", "http:// or https://"},
      {"http://", "address"},
      {"http://user:pw@gpu1", "user or password"},
      {"http://gpu1/?a=b", "? or #"},
      {"http://gpu1:5000 ", "space"},
      {"http://gpu1\r\nX: y", "control character"},
      {"http://gpu1:99999999", "address"},
      {"http://" + std::string(5000, 'a'), "too long"},
  };
  for (const auto& [text, reason] : rows) {
    const Result<std::string> url = server_url(text, "--server");
    ASSERT_FALSE(url.has_value()) << text;
    EXPECT_EQ(url.error().code, codes::usage_invalid);
    EXPECT_NE(url.error().message.find(reason), std::string::npos) << url.error().message;
    EXPECT_EQ(url.error().message.find('\n'), std::string::npos);
  }
}

std::string name_with(std::map<std::string, std::string> variables) {
  return user_name([variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  });
}

TEST(UserName, is_USER_then_USERNAME_then_the_passwd_entry) {
  EXPECT_EQ(name_with({{"USER", "ana"}, {"USERNAME", "ben"}}), "ana");
  EXPECT_EQ(name_with({{"USER", ""}, {"USERNAME", "ben"}}), "ben");
  EXPECT_FALSE(name_with({}).empty());
}

TEST(UserName, cannot_carry_a_second_header) {
  EXPECT_EQ(name_with({{"USER", "ana\r\nX-Admin: 1"}}), "anaX-Admin: 1");
  EXPECT_EQ(name_with({{"USER", "\xff\xfe"}, {"USERNAME", "ben"}}), "ben");
  EXPECT_EQ(name_with({{"USER", std::string(300, 'a')}}).size(), 64u);
}

}  // namespace
}  // namespace modelkeep::cli
