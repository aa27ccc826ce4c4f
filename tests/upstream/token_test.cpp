#include "upstream/token.h"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace modelkeep::upstream {
namespace {

Environment from(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

std::string source(const Environment& environment, const std::string& token_file = {}) {
  const auto token = discover_token(environment, posix_files(), token_file);
  if (!token) return std::string(token.error().code);
  return *token ? (*token)->source + "=" + (*token)->value : "none";
}

TEST(Token, comes_from_the_first_place_that_has_one) {
  const TempFolder folder;
  const std::string file = folder.path() + "/token";
  ASSERT_TRUE(write_file_atomic(posix_files(), file, "from_file\n", 0600));
  EXPECT_EQ(source(from({{"HF_TOKEN", "a"}, {"HUGGINGFACE_TOKEN", "b"}}), file), "HF_TOKEN=a");
  EXPECT_EQ(source(from({{"HF_TOKEN", " \n"}, {"HUGGINGFACE_TOKEN", "b"}}), file),
            "HUGGINGFACE_TOKEN=b");
  EXPECT_EQ(source(from({}), file), "token_file=from_file");
  EXPECT_EQ(source(from({{"HF_HOME", folder.path()}})), "hub_cli=from_file");
  EXPECT_EQ(source(from({{"HF_HOME", folder.path()}, {"HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"}})),
            "none");
  EXPECT_EQ(source(from({})), "none");
}

TEST(Token, that_could_split_a_header_is_refused) {
  EXPECT_EQ(source(from({{"HF_TOKEN", "a\r\nX-Evil: b"}})), codes::setting_invalid);
}

TEST(Token, in_a_file_that_others_may_read_is_refused) {
  const TempFolder folder;
  const std::string file = folder.path() + "/token";
  ASSERT_TRUE(write_file_atomic(posix_files(), file, "x", 0644));
  ASSERT_TRUE(posix_files().set_permissions(file, 0644));
  EXPECT_EQ(source(from({}), file), codes::setting_invalid);
}

}  // namespace
}  // namespace modelkeep::upstream
