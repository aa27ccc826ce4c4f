#include <string>

#include "base/digest.h"
#include "tests/hub/test_hub.h"

namespace modelkeep::standin {
namespace {

class Files : public TestHub {};

TEST_F(Files, small_files_go_by_a_relative_307_to_the_cache) {
  const RawAnswer first = ask("HEAD", url_ + "/test/tiny/resolve/main/config.json");
  const File& config = file("test/tiny", "config.json");
  EXPECT_EQ(first.status, 307);
  EXPECT_TRUE(first.header("Location").starts_with("/api/resolve-cache/models/test/tiny/"));
  EXPECT_EQ(first.header("X-Linked-ETag"), '"' + config.oid + '"');
  const RawAnswer second = follow(url_ + "/test/tiny/resolve/main/config.json");
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(second.header("ETag"), '"' + config.oid + '"');
  EXPECT_EQ(second.header("X-Repo-Commit"), hub_->repos().find("test/tiny")->head()->commit);
  EXPECT_EQ(git_sha1_of(Content::text(second.body)), config.oid);
}

TEST_F(Files, lfs_files_go_by_a_302_that_carries_the_facts_to_another_port) {
  const RawAnswer first = ask("HEAD", url_ + "/test/medium/resolve/main/model.safetensors");
  const File& weights = file("test/medium", "model.safetensors");
  EXPECT_EQ(first.status, 302);
  EXPECT_TRUE(first.header("Location").starts_with(hub_->cdn_url() + '/'));
  EXPECT_EQ(first.header("X-Linked-ETag"), '"' + weights.sha256 + '"');
  EXPECT_EQ(first.header("X-Linked-Size"), std::to_string(weights.size()));
  EXPECT_TRUE(is_lower_hex(first.header("X-Xet-Hash")));
  EXPECT_NE(first.header("Link").find("rel=\"xet-auth\""), std::string::npos);
  const RawAnswer second = follow(url_ + "/test/medium/resolve/main/model.safetensors");
  EXPECT_EQ(sha256_hex(second.body), weights.sha256);
  EXPECT_TRUE(is_lower_hex(second.header("ETag").substr(1, 64)));
  EXPECT_NE(second.header("ETag"), '"' + weights.sha256 + '"');
  EXPECT_EQ(second.header("X-Repo-Commit"), "");
}

TEST_F(Files, ranges_are_answered_with_their_place) {
  const std::string url = url_ + "/test/medium/resolve/main/model.safetensors";
  const std::string whole = file("test/medium", "model.safetensors").content.all();
  const RawAnswer part = follow(url, {{"Range", "bytes=1000-1999"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.header("Content-Range"), "bytes 1000-1999/" + std::to_string(whole.size()));
  EXPECT_EQ(part.body, whole.substr(1000, 1000));
  const RawAnswer past = follow(url, {{"Range", "bytes=99999999-"}});
  EXPECT_EQ(past.status, 416);
  EXPECT_EQ(past.header("Content-Range"), "bytes */" + std::to_string(whole.size()));
}

TEST_F(Files, a_range_holds_only_while_if_range_matches) {
  const std::string url = url_ + "/test/medium/resolve/main/model.safetensors";
  const std::string etag = follow(url, {{"Range", "bytes=0-0"}}).header("ETag");
  EXPECT_EQ(follow(url, {{"Range", "bytes=5-9"}, {"If-Range", etag}}).status, 206);
  EXPECT_EQ(follow(url, {{"Range", "bytes=5-9"}, {"If-Range", "\"other\""}}).status, 200);
}

TEST_F(Files, odd_names_and_empty_files_arrive) {
  const std::string at = url_ + "/test/odd-names/resolve/main/";
  EXPECT_EQ(follow(at + "sub%20dir/we%20ird%23name%2B100%25.txt").body, "odd but legal\n");
  EXPECT_EQ(follow(at + "a%3Fb%23c%2541%20d").body, "a question\n");
  const RawAnswer empty = follow(at + "empty.txt");
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.header("Content-Length"), "0");
  EXPECT_EQ(follow(at + "empty.txt", {{"Range", "bytes=0-0"}}).status, 416);
}

TEST_F(Files, a_credential_at_the_cdn_is_refused_and_counted) {
  const std::string location =
      get(url_ + "/test/medium/resolve/main/model.safetensors", as("member")).header("Location");
  EXPECT_EQ(get(location, as("member")).status, 400);
  EXPECT_EQ(hub_->log().token_leaks, 1U);
  EXPECT_EQ(get(location).status, 200);
  EXPECT_EQ(hub_->log().token_leaks, 1U);
}

TEST_F(Files, a_tampered_url_is_refused) {
  std::string location =
      get(url_ + "/test/medium/resolve/main/model.safetensors").header("Location");
  location.replace(location.find("Signature=") + 10, 4, "0000");
  EXPECT_EQ(get(location).status, 403);
}

class ExpiringFiles : public TestHub {
 protected:
  ExpiringFiles() : TestHub({.url_lifetime_s = -1}) {}
};

TEST_F(ExpiringFiles, an_expired_url_is_refused_with_403) {
  const RawAnswer answer = follow(url_ + "/test/medium/resolve/main/model.safetensors");
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("expired"), std::string::npos);
}

TEST_F(Files, raw_gives_the_pointer_of_an_lfs_file) {
  const RawAnswer answer = get(url_ + "/test/medium/raw/main/model.safetensors");
  EXPECT_TRUE(answer.body.starts_with("version https://git-lfs.github.com/spec/v1\noid sha256:"));
}

TEST_F(Files, the_log_knows_ranges_bytes_and_callers) {
  follow(url_ + "/test/medium/resolve/main/model.safetensors", {{"Range", "bytes=0-99"}});
  const LogSnapshot log = hub_->log();
  ASSERT_EQ(log.requests.size(), 2U);
  EXPECT_EQ(log.requests[1].call, Call::cdn);
  EXPECT_EQ(log.requests[1].path, "model.safetensors");
  EXPECT_EQ(log.requests[1].range, "bytes=0-99");
  EXPECT_EQ(log.requests[1].status, 206);
  EXPECT_EQ(log.requests[1].body_bytes, 100U);
  EXPECT_EQ(log.count(Call::resolve, "model.safetensors"), 1U);
  const json::Document shown = json_of(get(url_ + "/_standin/log"));
  EXPECT_EQ(shown.root()["calls"]["cdn"]["body_bytes"].as_uint(), 100U);
  EXPECT_EQ(ask("POST", url_ + "/_standin/reset").status, 200);
  EXPECT_TRUE(hub_->log().requests.empty());
}

}  // namespace
}  // namespace modelkeep::standin
