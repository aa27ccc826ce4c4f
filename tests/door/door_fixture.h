#pragma once
// The hub door over a store that holds one small repo in all its shapes: git files, LFS files, a
// folder with a space, an empty file, a name that needs encoding. Called without nginx.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json.h"
#include "hub/door.h"
#include "hub/identity.h"
#include "tests/usage/usage_store.h"

namespace modelkeep::hub {

inline const std::string kCommit = "12c856d0a5c6dc2f3e0f170d52f5c574f470c2c0";
inline const std::string kConfig =
    "{\n  \"architectures\": [\"TinyForCausalLM\"],\n  \"model_type\": \"tiny\"\n}\n";
inline const std::string kEmptyOid = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
inline const std::string kOddPath = "custom code/we ird#name+100%.txt";

struct Sent {
  std::string target;
  std::string method = "GET";
  std::string body{};
  std::string content_type{};
  std::string range{};
  std::string if_none_match{};
  std::string origin{};
  std::string door{};
  std::string username{};
  std::string user_agent{};
  std::string address = "10.0.0.9";
  std::string host = "store.example:8080";
};

struct Answer {
  int status = 0;
  std::string type;
  std::string text;
  std::map<std::string, std::string, std::less<>> headers;
  std::optional<std::int64_t> length;
  std::optional<json::Document> document;

  std::string header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
  }
  json::Value root() const { return document ? document->root() : json::Value{}; }
  std::string text_at(std::size_t item, std::string_view key) const {
    return std::string{root()[item][key].as_string().value_or("")};
  }
};

class DoorFixture : public testing::Test {
 protected:
  DoorFixture() : journal_(store_.journal()) {
    services_.hosts.names = {"store.example"};
    add_repo("acme/tiny-llm", kCommit);
  }

  static catalog::PlannedFile git_file(const std::string& path, const std::string& content) {
    catalog::PlannedFile file = TestStore::file(path, content);
    file.git_oid = git_blob_oid(content);
    file.is_lfs = false;
    return file;
  }
  /// As a Hub lists it: its git object is the pointer.
  static catalog::PlannedFile lfs_file(const std::string& path, const std::string& content) {
    catalog::PlannedFile file = TestStore::file(path, content);
    file.git_oid =
        git_blob_oid("version https://git-lfs.github.com/spec/v1\noid sha256:" + file.sha256 +
                     "\nsize " + std::to_string(content.size()) + "\n");
    return file;
  }
  static std::vector<catalog::PlannedFile> shapes() {
    return {git_file(".gitattributes", "* text\n"),
            git_file("README.md", "# Tiny\n"),
            git_file("config.json", kConfig),
            git_file("custom code/__init__.py", ""),
            git_file(kOddPath, "odd\n"),
            lfs_file("model-00001-of-00002.safetensors", "weights one"),
            lfs_file("model-00002-of-00002.safetensors", "weights two")};
  }
  void add_repo(const std::string& name, const std::string& commit,
                const std::string& revision = "main") {
    store_.ask(name, "ada", revision);
    store_.finish(store_.claim(), shapes(), commit);
  }

  Answer send(const Sent& sent) {
    http::Request request;
    request.method = sent.method;
    request.target = sent.target;
    request.body = sent.body;
    request.content_type = sent.content_type;
    request.range = sent.range;
    request.if_none_match = sent.if_none_match;
    request.origin = sent.origin;
    request.door = sent.door;
    request.username = sent.username;
    request.user_agent = sent.user_agent;
    request.host = sent.host;
    request.scheme = "http";
    request.remote_address = sent.address;
    request.request_id = "0123456789abcdef";
    const Door door(services_);
    const http::Response response =
        door.handle(request, [this]() -> Result<sqlite::Connection*> { return &store_.db(); });
    Answer answer;
    answer.status = response.status;
    answer.type = response.content_type;
    answer.text = response.body;
    answer.length = response.content_length;
    for (const auto& [name, value] : response.headers) answer.headers[std::string{name}] = value;
    constexpr json::Limits kAnything{64u << 20, 64, 10'000'000, 1u << 20, false};
    if (auto document = json::Document::parse(answer.text, kAnything))
      answer.document = std::move(*document);
    return answer;
  }
  Answer get(const std::string& target) { return send({.target = target}); }
  Answer head(const std::string& target) { return send({.target = target, .method = "HEAD"}); }

  UsageStore store_;
  usage::Journal journal_;
  Services services_{.journal = journal_, .clock = store_.clock(), .gate = {}, .hosts = {}};
};

}  // namespace modelkeep::hub
