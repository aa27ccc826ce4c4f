#include "adopt/json_pieces.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace modelkeep::adopt {
namespace {

using Pieces = std::vector<std::pair<std::string, std::string>>;

std::pair<Pieces, bool> pieces_of(std::string_view text) {
  Pieces pieces;
  const bool is_whole = each_piece(
      text, [&](std::string_view key, std::string_view value) { pieces.emplace_back(key, value); });
  return {pieces, is_whole};
}

TEST(JsonPieces, are_the_members_as_they_are_written) {
  const auto [pieces, is_whole] =
      pieces_of(R"( { "a" : 1, "b":[{"x":"]}"},2] , "a": {"c":"\"}"}, "d":true } )");
  EXPECT_TRUE(is_whole);
  EXPECT_EQ(
      pieces,
      (Pieces{{"a", "1"}, {"b", R"([{"x":"]}"},2])"}, {"a", R"({"c":"\"}"})"}, {"d", "true"}}));
}

TEST(JsonPieces, of_an_array_have_no_key) {
  const auto [pieces, is_whole] = pieces_of(R"([1, {"a":2}, "x"])");
  EXPECT_TRUE(is_whole);
  EXPECT_EQ(pieces, (Pieces{{"", "1"}, {"", R"({"a":2})"}, {"", R"("x")"}}));
  EXPECT_TRUE(pieces_of("[]").second);
  EXPECT_TRUE(pieces_of("{}").second);
}

TEST(JsonPieces, are_given_up_to_where_a_text_is_torn) {
  const std::string whole = R"([{"a":1},{"b":"two"},{"c":[3]}])";
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto [pieces, is_whole] = pieces_of(std::string_view(whole).substr(0, length));
    EXPECT_FALSE(is_whole) << length;
    EXPECT_LE(pieces.size(), 3u);
    if (length > 8) {
      EXPECT_EQ(pieces.front().second, R"({"a":1})");
    }
  }
}

TEST(JsonPieces, end_at_what_is_no_json) {
  for (const char* text : {"", "null", "12", "{1:2}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[1}",
                           "[,]", "{\"a\":}", "[\"\\"}) {
    EXPECT_FALSE(pieces_of(text).second) << text;
  }
}

}  // namespace
}  // namespace modelkeep::adopt
