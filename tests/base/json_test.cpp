#include "base/json.h"

#include <string>

#include <gtest/gtest.h>

namespace modelkeep::json {
namespace {

struct Named {
  std::string name;
  std::optional<std::int64_t> count;
  std::vector<std::string> tags;
};

void from_json(Reader& in, Named& out) {
  in.required("name", out.name).optional("count", out.count).optional("tags", out.tags);
}

struct Refused {
  const char* claim;
  std::string text;
  std::string_view code;
};

TEST(Json, refuses_what_parsers_disagree_about) {
  const std::string deep = "{\"a\":" + std::string(32, '[') + std::string(32, ']') + "}";
  std::string wide = "{";
  for (int i = 0; i <= 1000; ++i) wide += "\"k" + std::to_string(i) + "\":1,";
  wide.back() = '}';
  const Refused rows[] = {
      {"B01 empty text", "", codes::json_invalid},
      {"B02 a list at the top", "[]", codes::field_type},
      {"B03 null at the top", "null", codes::field_type},
      {"B04 broken UTF-8", "{\"name\":\"\xC3\x28\"}", codes::json_invalid},
      {"B04 overlong form", "{\"name\":\"\xC0\xAF\"}", codes::json_invalid},
      {"B05 33 levels", deep, codes::json_too_deep},
      {"B06 a key twice", R"({"name":"a","name":"b"})", codes::json_duplicate_key},
      {"B07 byte order mark", "\xEF\xBB\xBF{}", codes::json_invalid},
      {"B08 U+0000 in a string", R"({"name":"a\u0000b"})", codes::field_invalid},
      {"B09 raw NUL, then more", std::string("{}\0{}", 5), codes::json_invalid},
      {"B10 lone surrogate", R"({"name":"\ud800"})", codes::json_invalid},
      {"B11 out of range", R"({"name":"a","count":1e400})", codes::json_invalid},
      {"B11 NaN", R"({"name":"a","count":NaN})", codes::json_invalid},
      {"B11 minus zero", R"({"name":"a","count":-0})", codes::field_type},
      {"B11 2^64", R"({"name":"a","count":18446744073709551616})", codes::field_type},
      {"B11 a fraction", R"({"name":"a","count":1.5})", codes::field_type},
      {"B12 comment", R"({/* */"name":"a"})", codes::json_invalid},
      {"B12 trailing comma", R"({"name":"a",})", codes::json_invalid},
      {"B14 long string", "{\"name\":\"" + std::string(5000, 'x') + "\"}", codes::json_too_large},
      {"B15 1,001 members", wide, codes::json_too_large},
      {"B17 missing", "{}", codes::field_missing},
      {"B17 a number", R"({"name":1})", codes::field_type},
      {"list of another type", R"({"name":"a","tags":[1]})", codes::field_type},
      {"text after the end", "{} x", codes::json_invalid},
  };
  for (const Refused& row : rows) {
    const auto parsed = parse<Named>(row.text);
    ASSERT_FALSE(parsed.has_value()) << row.claim;
    EXPECT_EQ(parsed.error().code, row.code) << row.claim << ": " << parsed.error().message;
  }
}

TEST(Json, a_million_open_brackets_are_refused_without_recursion) {
  Limits limits;
  limits.bytes = 2'000'000;
  limits.depth = 3'000'000;
  limits.members = 3'000'000;
  EXPECT_FALSE(Document::parse(std::string(1'000'000, '['), limits).has_value());
  EXPECT_EQ(Document::parse(std::string(1'000'000, '[')).error().kind, ErrorKind::too_large);
}

TEST(Json, fills_a_struct_and_keeps_absent_absent) {
  const auto parsed = parse<Named>(R"({"name":"gr\u00fcn","tags":["a","b"],"other":null})");
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->name, "grün");
  EXPECT_FALSE(parsed->count.has_value());
  EXPECT_EQ(parsed->tags, (std::vector<std::string>{"a", "b"}));
}

TEST(Json, says_which_member_is_not_known) {
  const auto document = Document::parse(R"({"name":"a","nmae":"b"})");
  ASSERT_TRUE(document.has_value());
  Reader reader(document->root());
  Named out;
  from_json(reader, out);
  reader.nothing_else();
  EXPECT_EQ(reader.finish().error().code, codes::field_unknown);
  EXPECT_NE(reader.finish().error().message.find("nmae"), std::string::npos);
}

TEST(Json, keeps_64_bit_integers_exact) {
  const auto document =
      Document::parse(R"({"most":18446744073709551615,"least":-9223372036854775808})");
  ASSERT_TRUE(document.has_value());
  EXPECT_EQ(document->root()["most"].as_uint(), 18446744073709551615ull);
  EXPECT_EQ(document->root()["least"].as_int(), std::numeric_limits<std::int64_t>::min());
}

TEST(JsonWriter, writes_members_in_order_and_leaves_out_the_absent) {
  Writer out;
  out.begin_object()
      .member("text", "a\"\n")
      .member("count", 3)
      .member("size", 18446744073709551615ull)
      .member("flag", true)
      .member("absent", std::optional<int>{})
      .member("list", std::vector<std::string>{"x", "y"})
      .key("raw")
      .raw("{\"a\":1}")
      .end_object();
  EXPECT_EQ(
      out.view(),
      R"({"text":"a\"\n","count":3,"size":18446744073709551615,"flag":true,"list":["x","y"],"raw":{"a":1}})");
}

}  // namespace
}  // namespace modelkeep::json
