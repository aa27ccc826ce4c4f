#include <gtest/gtest.h>

#include "cli/commands.h"
#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

std::string script(const std::string& shell) {
  FakeWorld world;
  EXPECT_EQ(world.run("completions " + shell), kDone);
  return world.out();
}

TEST(Completions, name_every_command_in_every_shell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string text = script(shell);
    for (const Command& command : commands()) {
      EXPECT_NE(text.find(command.name), std::string::npos) << shell << " " << command.name;
    }
  }
}

TEST(Completions, offer_the_options_that_the_parsers_declare) {
  EXPECT_NE(script("bash").find("--min-size"), std::string::npos);
  EXPECT_NE(script("bash").find("'name size downloaded used requests'"), std::string::npos);
  EXPECT_NE(script("zsh").find("'--sort[Sort by this; the largest or latest first, names from A.]"
                               ":sort:(name size downloaded used requests)'"),
            std::string::npos);
  EXPECT_NE(script("fish").find("'__fish_seen_subcommand_from delete' -s y -l yes"),
            std::string::npos);
}

TEST(Help, explains_each_command_with_examples) {
  for (const Command& command : commands()) {
    FakeWorld world;
    EXPECT_EQ(world.run("help " + std::string(command.name)), kDone);
    const std::string by_help = world.out();
    EXPECT_EQ(world.run(std::string(command.name) + " --help"), kDone);
    EXPECT_EQ(world.out(), by_help) << command.name;
    EXPECT_TRUE(by_help.starts_with("Usage: modelkeep " + std::string(command.name))) << by_help;
    EXPECT_NE(by_help.find("Examples:"), std::string::npos) << command.name;
    EXPECT_TRUE(world.requests.empty());
  }
}

TEST(Help, the_overview_lists_each_command_and_fits_a_narrow_terminal) {
  FakeWorld world;
  EXPECT_EQ(world.run("--help"), kDone);
  const std::string text = world.out();
  for (const Command& command : commands()) {
    EXPECT_NE(text.find("\n  " + std::string(command.name) + " "), std::string::npos)
        << command.name;
  }
  EXPECT_EQ(world.run("help"), kDone);
  EXPECT_EQ(world.out(), text);
}

TEST(Help, nothing_at_all_shows_the_way_and_is_wrong_usage) {
  FakeWorld world;
  EXPECT_EQ(world.run(std::vector<std::string>{}), kWrongUsage);
  EXPECT_EQ(world.out(), "");
  EXPECT_NE(world.talk().find("Usage: modelkeep"), std::string::npos);
}

TEST(Version, is_printed_in_all_its_spellings) {
  for (const char* line : {"version", "--version", "-V", "-version"}) {
    FakeWorld world;
    EXPECT_EQ(world.run(line), kDone) << line;
    EXPECT_TRUE(world.out().starts_with("modelkeep ")) << line;
  }
}

}  // namespace
}  // namespace modelkeep::cli
