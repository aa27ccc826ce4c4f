// Bodies and queries that mean nothing, or too much.
#include "base/text.h"
#include "tests/system/bad_inputs.h"
#include "tests/system/raw_http.h"

namespace modelkeep::system_test {
namespace {

class BadBodies : public BadInputs {
 protected:
  BadInput named(const std::string& label, const std::string& name) const {
    return ask_for(label, asking(name), {400}, "repo_id_invalid");
  }
  BadInput with_revision(const std::string& label, const std::string& revision) const {
    return ask_for(label, asking("test/medium", "\"revision\":\"" + revision + "\""), {400},
                   "revision_invalid");
  }
};

TEST_F(BadBodies, that_are_no_json) {
  expect_refused({
      ask_for("B02 a list", "[]", {400}, "field_type"),
      ask_for("B03 null", "null", {400}, "field_type"),
      ask_for("B04 broken UTF-8", "{\"model_name\":\"\xff\"}", {400}, "json_invalid"),
      ask_for("B05 33 deep", "{\"a\":" + std::string(33, '[') + std::string(33, ']') + "}", {400},
              "json_too_deep"),
      ask_for("B05 60,000 deep", std::string(60'000, '['), {400}, {}),
      ask_for("B05 a million deep", std::string(1'000'000, '['), {413}, "body_too_large"),
      ask_for("B06 twice", R"({"model_name":"a/b","model_name":"c/d"})", {400},
              "json_duplicate_key"),
      ask_for("B07 BOM", "\xef\xbb\xbf{}", {400}, "json_invalid"),
      ask_for("B08 U+0000", R"({"model_name":"a\u0000b"})", {400}, "field_invalid"),
      ask_for("B09 NUL and more", std::string("{}\0{}", 5), {400}, "json_invalid"),
      ask_for("B10 lone surrogate", R"({"model_name":"\ud800"})", {400}, "json_invalid"),
      ask_for("B11 1e400", R"({"model_name":"a/b","x":1e400})", {400}, "json_invalid"),
      ask_for("B11 NaN", R"({"model_name":"a/b","x":NaN})", {400}, "json_invalid"),
      ask_for("B12 comment", "{/* */}", {400}, "json_invalid"),
      ask_for("B12 trailing comma", R"({"model_name":"a/b",})", {400}, "json_invalid"),
      ask_for("B14 5 KiB text", R"({"model_name":")" + std::string(5 * 1024, 'a') + "\"}", {400},
              "json_too_large"),
      {"B01 empty",
       plain_request("POST", "/api/models/download",
                     "Content-Type: application/json\r\nContent-Length: 0\r\n"),
       {400},
       "json_invalid"},
  });
}

TEST_F(BadBodies, with_names_that_are_none) {
  expect_refused({
      ask_for("B17 missing", "{}", {400}, "field_missing"),
      ask_for("B17 a number", R"({"model_name":1})", {400}, "field_type"),
      named("B17 empty", ""),
      named("B17 blanks", "  "),
      named("B18", "a/b/c"),
      named("B19", "/a"),
      named("B19", "a/"),
      named("B20", ".."),
      named("B20", "a..b"),
      named("B20", "a--b"),
      named("B21", ".a"),
      named("B21", "a."),
      named("B21", "-a"),
      named("B22", "a.git"),
      named("B22", "a.GIT"),
      named("B23", std::string(97, 'a')),
      named("B24 Cyrillic", "\xd0\xb0"),
      named("B24 full width", "\xef\xbd\x81"),
      named("B25 newline", "a/b\n"),
      named("B26 encoded", "a%2Fb"),
      named("B27 a data set", "datasets/a/b"),
      named("B28 an address", "https://huggingface.co/a/b"),
      with_revision("B46", "../x"),
      with_revision("B46", "a..b"),
      with_revision("B46", "x.lock"),
      with_revision("B46", std::string(256, 'r')),
      ask_for("B73 65 characters",
              asking("test/medium", "\"username\":\"" + std::string(65, 'u') + "\""), {400},
              "username_invalid"),
      ask_for("B73 control character", asking("test/medium", R"("username":"a\u0007b")"), {400},
              "username_invalid"),
  });
}

TEST_F(BadBodies, queries_that_are_none) {
  std::vector<BadInput> table;
  for (const char* limit :
       {"0", "-1", "201", "1e3", "%2B5", "%205", "99999999999999999999", "05"}) {
    table.push_back(get(std::string("B49 ") + limit, std::string("/api/models?limit=") + limit,
                        {400}, "page_invalid"));
  }
  table.push_back(get("B50 garbage", "/api/models?limit=5&cursor=garbage", {400}, "page_invalid"));
  table.push_back(get("B51", "/api/models?sort=password", {400}, "page_invalid"));
  table.push_back(get("B52", "/api/models?limit=1&limit=2", {400}, "query_duplicate"));
  table.push_back(
      get("B54", "/api/models?search=" + std::string(201, 's'), {400}, "query_invalid"));
  expect_refused(table);
}

TEST_F(BadBodies, B53_a_search_is_taken_literally) {
  EXPECT_EQ(api().get("/api/models?search=%25").number("total"), 0);
  EXPECT_EQ(api().get("/api/models?search=" + percent_encode("'; DROP TABLE models")).status, 200);
  EXPECT_EQ(api().get("/api/models?search=tin").number("total"), 1);
}

TEST_F(BadBodies, B59_computed_members_cannot_be_set) {
  for (const char* body : {R"({"size_bytes":1})", R"({"id":"other"})"}) {
    const Answer answer = api().put("/api/models/test_tiny", body);
    EXPECT_EQ(answer.status, 400) << answer.brief();
    EXPECT_EQ(answer.code(), "field_invalid");
  }
}

TEST_F(BadBodies, B73_a_name_with_markup_is_stored_and_shown_as_text) {
  const Answer answer =
      api().post("/api/models/download", asking("test/tiny", R"("username":"<script>")"));
  EXPECT_EQ(answer.status, 200);
  const Answer stats = api().get("/api/stats");
  EXPECT_EQ(stats.text("stats.recent_activity.0.username"), "<script>") << stats.brief();
}

}  // namespace
}  // namespace modelkeep::system_test
