// The hub door through the real nginx: what it makes of the worker's headers, and the bytes.
#include <string>
#include <vector>

#include "base/digest.h"
#include "tests/system/raw_http.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

const char* const kConfig = "/hf/test/tiny/resolve/main/config.json";
const char* const kWeights = "/hf/test/tiny/resolve/main/model.safetensors";

class HubDoor : public RunningStore {
 protected:
  void SetUp() override {
    hub_port_ = free_port();
    ServiceOptions options;
    options.environment["MODELKEEP_HUB_LISTEN"] = "127.0.0.1:" + std::to_string(hub_port_);
    ASSERT_TRUE(start(options));
    ASSERT_TRUE(fetch("test/tiny"));
  }
  RawAnswer raw(const std::string& target, const std::string& lines = {},
                const std::string& method = "GET") {
    return exchange(service().port(), plain_request(method, target, lines));
  }
  static std::size_t times(const std::string& head, const std::string& name) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = head.find("\n" + name + ":", at)) != std::string::npos; ++at) {
      ++found;
    }
    return found;
  }
  int hub_port_ = 0;
};

TEST_F(HubDoor, sends_the_bytes_with_the_headers_that_clients_live_on) {
  const RawAnswer head = raw(kWeights, {}, "HEAD");
  const RawAnswer got = raw(kWeights);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("ETag"), '"' + sha256_hex(got.body) + '"');
  EXPECT_EQ(got.header("Content-Encoding"), "");
  EXPECT_EQ(head.header("Content-Length"), std::to_string(got.body.size()));
  for (const char* name :
       {"ETag", "X-Repo-Commit", "X-Linked-Etag", "X-Linked-Size", "Accept-Ranges",
        "Content-Length", "Content-Disposition", "Content-Type", "Cache-Control"}) {
    EXPECT_EQ(head.header(name), got.header(name)) << name;
    EXPECT_FALSE(got.header(name).empty()) << name;
    EXPECT_EQ(times(got.head, name), 1U) << name;
  }
  EXPECT_EQ(times(got.head, "Last-Modified"), 0U);
}

TEST_F(HubDoor, sends_one_range_and_clamps_its_end) {
  const std::string whole = raw(kConfig).body;
  const RawAnswer probe = raw(kConfig, "Range: bytes=0-0\r\n");
  EXPECT_EQ(probe.status, 206);
  EXPECT_EQ(probe.body, whole.substr(0, 1));
  EXPECT_EQ(probe.header("Content-Range"), "bytes 0-0/" + std::to_string(whole.size()));
  EXPECT_EQ(probe.header("ETag"), raw(kConfig).header("ETag"));
  EXPECT_EQ(raw(kConfig, "Range: bytes=10-99999999\r\n").body, whole.substr(10));
  EXPECT_EQ(raw(kConfig, "Range: bytes=10-\r\n").body, whole.substr(10));
  const RawAnswer past = raw(kConfig, "Range: bytes=99999999-\r\n");
  EXPECT_EQ(past.status, 416);
  EXPECT_EQ(past.header("Content-Range"), "bytes */" + std::to_string(whole.size()));
  EXPECT_TRUE(past.header("Content-Type").starts_with("application/json"));
  EXPECT_EQ(past.header("X-Error-Code"), "RangeNotSatisfiable");
}

TEST_F(HubDoor, resumes_only_what_is_the_same_file) {
  const std::string etag = raw(kConfig).header("ETag");
  EXPECT_EQ(raw(kConfig, "Range: bytes=5-\r\nIf-Range: " + etag + "\r\n").status, 206);
  EXPECT_EQ(raw(kConfig, "Range: bytes=5-\r\nIf-Range: \"other\"\r\n").status, 200);
}

TEST_F(HubDoor, tells_who_has_the_bytes_already) {
  const std::string etag = raw(kConfig).header("ETag");
  const RawAnswer same = raw(kConfig, "If-None-Match: " + etag + "\r\n");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.header("ETag"), etag);
  EXPECT_TRUE(same.body.empty());
  EXPECT_EQ(raw(kConfig, "If-Modified-Since: Fri, 31 Dec 2100 00:00:00 GMT\r\n").status, 200);
}

TEST_F(HubDoor, finds_every_odd_name) {
  ASSERT_TRUE(fetch("test/odd-names"));
  const std::string base = "/hf/test/odd-names/resolve/main/";
  EXPECT_EQ(raw(base + "sub%20dir/we%20ird%23name%2B100%25.txt").body, "odd but legal\n");
  EXPECT_EQ(raw(base + "a%3Fb%23c%2541%20d").body, "a question\n");
  EXPECT_EQ(raw(base + "a..b.txt").body, "two dots\n");
  EXPECT_EQ(raw(base + "deep%2F1%2F2/3/4/5.txt").body, "deep\n");
  for (const char* empty : {"empty.txt", "folder/empty.bin"}) {
    EXPECT_EQ(raw(base + empty, {}, "HEAD").header("Content-Length"), "0");
    const RawAnswer probe = raw(base + empty, "Range: bytes=0-0\r\n");
    EXPECT_EQ(probe.status, 200);
    EXPECT_EQ(probe.header("Content-Range"), "bytes */0");
    EXPECT_EQ(probe.header("Content-Length"), "0");
  }
}

TEST_F(HubDoor, is_at_the_root_of_its_own_listener) {
  Client door("http://127.0.0.1:" + std::to_string(hub_port_));
  EXPECT_EQ(door.get("/api/models/test/tiny").text("id"), "test/tiny");
  EXPECT_EQ(door.get("/test/tiny/resolve/main/config.json").body, raw(kConfig).body);
  EXPECT_EQ(door.get("/v2/test/tiny/manifests/latest").header("X-Error-Code"), "EntryNotFound");
  // Neither the pages nor the API are there.
  EXPECT_EQ(door.get("/").status, 404);
  EXPECT_EQ(door.get("/api/stats").header("X-Error-Code"), "RouteNotFound");
  EXPECT_EQ(door.get("/internal/hub/aa/bb").status, 404);
  const RawAnswer foreign =
      exchange(hub_port_, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(foreign.status, 421);
}

TEST_F(HubDoor, takes_questions_of_hundreds_of_paths) {
  std::string body = "paths=config.json";
  while (body.size() < 300'000) body += "&paths=" + std::string(500, 'x');
  const auto ask = [&](const std::string& form) {
    return exchange(service().port(),
                    plain_request("POST", "/hf/api/models/test/tiny/paths-info/main",
                                  "Content-Type: application/x-www-form-urlencoded\r\n", form));
  };
  const RawAnswer answer = ask(body);
  EXPECT_EQ(answer.status, 200) << answer.body.substr(0, 200);
  EXPECT_NE(answer.body.find("config.json"), std::string::npos);
  const RawAnswer larger = ask(std::string(2 << 20, 'x'));
  EXPECT_EQ(larger.status, 413);
  EXPECT_EQ(larger.header("X-Error-Code"), "BodyTooLarge");
  // The API's own limit stays what it was.
  EXPECT_EQ(api().post("/api/models/download", std::string(70'000, ' ')).status, 413);
}

}  // namespace
}  // namespace modelkeep::system_test
