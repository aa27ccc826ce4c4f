// Addresses that try to leave their place, and ranges that lie outside of the file.
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "tests/system/bad_inputs.h"
#include "tests/system/database.h"
#include "tests/system/raw_http.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

const std::string kFiles = "/api/models/test_tiny/files/";

class BadPaths : public BadInputs {};

TEST_F(BadPaths, ids_that_are_none) {
  expect_refused({
      get("B31 dots", "/api/models/..", {400, 404}),
      get("B31 encoded dots", "/api/models/%2e%2e", {400, 404}),
      get("B31 encoded way out", "/api/models/..%2f..%2fetc", {400, 404}),
      get("B31 way out of the API", "/api/../../etc/passwd", {400, 404}),
      get("B32 encoded NUL", "/api/models/a%00b", {400}),
      get("B33 no hex", "/api/models/%zz", {400}),
      get("B34 overlong dots", "/api/models/%c0%ae%c0%ae", {400}, "path_invalid"),
      get("B35 backslashes", "/api/models/a%5c..%5cb", {400}, "model_id_invalid"),
      get("B40 a header in the path", "/api/models/a%0d%0aSet-Cookie:x", {400}),
      get("B41 bidi", "/api/models/a%e2%80%aeb", {400}, "model_id_invalid"),
      get("too long", "/api/models/" + std::string(221, 'a'), {400}, "model_id_invalid"),
      get("absent", "/api/models/absent", {404}, "model_not_found"),
  });
}

TEST_F(BadPaths, files_that_are_none) {
  std::string deep;
  for (int i = 0; i < 33; ++i) deep += i == 0 ? "d" : "/d";
  std::string wide;
  for (int i = 0; i < 5; ++i) wide += std::string(204, 'w') + "/";
  expect_refused({
      get("B31 dots", kFiles + "../../../etc/passwd", {400, 404}),
      get("B31 encoded dots", kFiles + "%2e%2e/%2e%2e/x", {400, 404}),
      get("B36 decoded once", kFiles + "%252e%252e", {404}, "file_not_found"),
      get("B37 empty component", kFiles + "a//b", {400}, "path_invalid"),
      get("B37 dot component", kFiles + "a/./b", {400}, "path_invalid"),
      get("B38 absolute", kFiles + "/etc/passwd", {400, 404}),
      get("B38 absolute, encoded", kFiles + "%2fetc%2fpasswd", {400, 404}),
      get("B39 long component", kFiles + std::string(256, 'c'), {400}, "path_invalid"),
      get("B39 long path", kFiles + wide + "end", {400}, "path_invalid"),
      get("B39 deep path", kFiles + deep, {400}, "path_invalid"),
      get("B40 a header in the path", kFiles + "a%0d%0aSet-Cookie:%20x=1", {400}),
      get("B41 bidi", kFiles + "a%e2%80%aeb", {400}, "path_invalid"),
      get("B42 git", kFiles + ".git/config", {400}, "path_invalid"),
      get("B42 ours", kFiles + ".modelkeep/x", {400}, "path_invalid"),
      get("B42 ours, another case", kFiles + ".ModelKeep/x", {400}, "path_invalid"),
      get("absent", kFiles + "absent", {404}, "file_not_found"),
  });
}

TEST_F(BadPaths, places_inside_of_nginx_are_not_reached_from_outside) {
  OutsideDatabase db(service().layout().database());
  const std::string blob = db.text("SELECT sha256 FROM blobs LIMIT 1");
  const std::string path = "/internal/blobs/" + blob.substr(0, 2) + "/" + blob;
  expect_refused({
      get("B43 a blob", path, {404}),
      get("B43 by a way round", "/api/..%2finternal/blobs/" + blob.substr(0, 2) + "/" + blob,
          {400, 404}),
      get("B43 doubled slash", "//internal//blobs/" + blob.substr(0, 2) + "/" + blob, {404}),
      get("B43 an error", "/_e/503", {404}),
      {"B43 asked for by header",
       plain_request("GET", "/", "X-Accel-Redirect: " + path + "\r\n"),
       {200},
       {}},
  });
}

TEST_F(BadPaths, B44_a_symlink_planted_in_a_folder_or_for_a_blob_leads_nowhere) {
  const std::string folder = service().mount() + "/test_tiny";
  fs::create_symlink("/etc/passwd", folder + "/passwd");
  EXPECT_EQ(api().get(kFiles + "passwd").status, 404);
  const Answer shown = model("test_tiny");
  const std::string blob = service().layout().blob(shown.text("model.files.0.sha256"));
  fs::remove(blob);
  fs::create_symlink("/etc/passwd", blob);
  const Answer answer = api().get(kFiles + shown.text("model.files.0.path"));
  EXPECT_TRUE(answer.status == 403 || answer.status == 404) << answer.brief();
  EXPECT_EQ(answer.body.find("root:"), std::string::npos);
}

TEST_F(BadPaths, B55_ranges_that_cannot_be_are_416) {
  for (const char* range :
       {"bytes=5-2", "bytes=abc", "bytes=99999999-", "bytes=18446744073709551616-"}) {
    const Answer answer = api().get(kFiles + "config.json", {{"Range", range}});
    EXPECT_EQ(answer.status, 416) << range;
    EXPECT_TRUE(answer.body.empty() || answer.is_json()) << answer.body;
  }
  // A unit that nobody knows is no range at all.
  EXPECT_EQ(api().get(kFiles + "config.json", {{"Range", "abc"}}).status, 200);
}

TEST_F(BadPaths, B56_a_hundred_ranges_are_the_whole_file) {
  std::string ranges = "bytes=0-0";
  for (int i = 1; i < 100; ++i) ranges += "," + std::to_string(i) + "-" + std::to_string(i);
  const Answer answer = api().get(kFiles + "config.json", {{"Range", ranges}});
  EXPECT_EQ(answer.status, 200);
  const Answer part = api().get(kFiles + "config.json", {{"Range", "bytes=1-3"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body.size(), 3U);
}

TEST_F(BadPaths, B57_an_etag_of_anything_is_a_hit_and_one_of_8_kib_harmless) {
  const Answer first = api().get(kFiles + "config.json");
  const std::string etag = first.header("ETag");
  EXPECT_FALSE(etag.empty());
  EXPECT_EQ(api().get(kFiles + "config.json", {{"If-None-Match", etag}}).status, 304);
  EXPECT_EQ(api().get(kFiles + "config.json", {{"If-None-Match", "*"}}).status, 304);
  const Answer long_one =
      api().get(kFiles + "config.json", {{"If-None-Match", std::string(8'300, 'e')}});
  EXPECT_TRUE(long_one.status == 400 || long_one.status == 200) << long_one.brief();
}

}  // namespace
}  // namespace modelkeep::system_test
