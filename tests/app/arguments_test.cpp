#include "app/arguments.h"

#include <gtest/gtest.h>

namespace modelkeep::app {
namespace {

TEST(Arguments, are_names_with_values_and_plain_words) {
  const auto parsed =
      Arguments::parse({"--pool=long", "here", "--listen-fd=3"}, {"pool", "listen-fd"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->text("pool"), "long");
  EXPECT_EQ(parsed->number("listen-fd", -1).value(), 3);
  EXPECT_EQ(parsed->plain(), std::vector<std::string>{"here"});
}

TEST(Arguments, refuse_an_option_that_is_not_known) {
  const auto parsed = Arguments::parse({"--pol=long"}, {"pool"});
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, codes::usage_invalid);
  EXPECT_NE(parsed.error().message.find("--pol"), std::string::npos);
}

TEST(Arguments, refuse_a_number_that_is_none) {
  const auto parsed = Arguments::parse({"--listen-fd=x"}, {"listen-fd"});
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->number("listen-fd", 0));
}

}  // namespace
}  // namespace modelkeep::app
