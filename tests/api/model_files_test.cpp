#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "tests/api/api_fixture.h"

namespace modelkeep::api {
namespace {

TEST(ModelFile, is_sent_by_nginx_from_its_blob_as_an_attachment) {
  ApiFixture api;
  api.ask("gpt2");
  api.fetch_next({"config.json", "onnx/model.onnx"});
  const Answer answer = api.get("/api/models/gpt2/files/onnx/model.onnx");
  ASSERT_EQ(answer.status, 200) << answer.text;
  EXPECT_EQ(answer.type, "application/octet-stream");
  const std::string sha256 = sha256_hex("onnx/model.onnx");
  EXPECT_EQ(answer.headers.at("X-Accel-Redirect"),
            "/internal/blobs/" + sha256.substr(0, 2) + "/" + sha256);
  EXPECT_EQ(answer.headers.at("Content-Disposition"), "attachment; filename*=UTF-8''model.onnx");
  EXPECT_TRUE(answer.text.empty());
}

TEST(ModelFile, is_found_with_its_slashes_encoded_as_well) {
  ApiFixture api;
  api.ask("gpt2");
  api.fetch_next({"onnx/model.onnx"});
  EXPECT_EQ(api.get("/api/models/gpt2/files/onnx%2Fmodel.onnx").status, 200);
}

TEST(ModelFile, B45_keeps_an_odd_name_byte_for_byte) {
  ApiFixture api;
  api.ask("gpt2");
  api.fetch_next({"a?b#c%41 d"});
  const Answer answer = api.get("/api/models/gpt2/files/a%3Fb%23c%2541%20d");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("Content-Disposition"),
            "attachment; filename*=UTF-8''a%3Fb%23c%2541%20d");
  EXPECT_EQ(api.get("/api/models/gpt2/files/a%3Fb%23cA%20d").code(), "file_not_found");
}

TEST(ModelFile, counts_as_access) {
  ApiFixture api;
  api.add_model("gpt2");
  api.get("/api/models/gpt2/files/config.json");
  api.get("/api/models/gpt2/files/nothing");
  EXPECT_EQ(api.get("/api/models/gpt2")["model"]["stats"]["access_count"].as_int(), 1);
}

TEST(ModelFile, B37_to_B42_outside_the_rules_of_paths_is_refused) {
  ApiFixture api;
  api.add_model("gpt2");
  std::string deep = "a";
  for (int i = 0; i < 32; ++i) deep += "/a";
  const std::vector<std::string> paths{"a//b",
                                       "a/./b",
                                       "../config.json",
                                       "%2e%2e/config.json",
                                       "..%2fconfig.json",
                                       "/etc/passwd",
                                       "%2fetc%2fpasswd",
                                       "a%5c..%5cb",
                                       std::string(256, 'a'),
                                       std::string(200, 'a') + "/" + std::string(200, 'b') + "/" +
                                           std::string(200, 'c') + "/" + std::string(200, 'd') +
                                           "/" + std::string(221, 'e'),
                                       deep,
                                       "a%0d%0aSet-Cookie:x",
                                       "a%E2%80%AEb",
                                       "a%C2%85",
                                       "%EF%BB%BFa",
                                       ".git/config",
                                       ".GIT/config",
                                       "a/.modelkeep/x",
                                       ".ModelKeep-x",
                                       "a%7f",
                                       ""};
  for (const std::string& path : paths) {
    const Answer answer = api.get("/api/models/gpt2/files/" + path);
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_EQ(answer.code(), "path_invalid") << path;
    EXPECT_FALSE(answer.headers.contains("X-Accel-Redirect")) << path;
  }
}

TEST(ModelFile, B36_B44_that_the_revision_does_not_have_is_404) {
  ApiFixture api;
  api.add_model("gpt2");
  for (const char* path :
       {"planted-link", "%252e%252e/config.json", "config.json/x", "Config.json"}) {
    EXPECT_EQ(api.get(std::string{"/api/models/gpt2/files/"} + path).code(), "file_not_found")
        << path;
  }
  EXPECT_EQ(api.get("/api/models/nothing/files/config.json").code(), "model_not_found");
}

}  // namespace
}  // namespace modelkeep::api
