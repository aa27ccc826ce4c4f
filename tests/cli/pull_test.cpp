// A store whose connections end, lie and stop, and what a pull makes of it on this machine's disk.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file_lock.h"
#include "base/text.h"
#include "tests/cli/fake_world.h"
#include "tests/support/temp_folder.h"

namespace modelkeep::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 256 * 1024;
const std::string kCommit(40, 'c');

/// What the connections do, beside answering.
struct Door {
  std::map<std::string, std::string> files;
  std::uint64_t sent = 0;
  std::uint64_t cut_after = 0;  ///< Each connection ends after so many bytes, while > 0.
  int cuts_left = 0;
  int wrong_answers_left = 0;  ///< Of whole answers: other bytes of the right number.
  int status = 0;              ///< Set: this and nothing else.
  bool is_gone = false;
  std::uint64_t gone_after = 0;  ///< Nobody answers once so many bytes were sent, while > 0.
  std::vector<std::string> ranges;
};

class FakeBulk : public net::BulkSession {
 public:
  FakeBulk(Door& door, Clock& clock) : door_(door), clock_(clock) {}

  Result<> start(std::uint64_t key, net::Request request, net::Sink& sink) override {
    running_[key] = {std::move(request), &sink};
    return {};
  }
  void abandon(std::uint64_t key) override { running_.erase(key); }
  std::size_t running() const override { return running_.size(); }
  void wake() override {}

  std::vector<Finished> drive(int wait_ms) override {
    std::vector<Finished> finished;
    clock_.sleep_ms(wait_ms);
    if (running_.empty()) ::usleep(1'000);
    const auto now = std::exchange(running_, {});
    for (const auto& [key, one] : now) finished.push_back({key, answer(one.request, *one.sink)});
    return finished;
  }

 private:
  struct Running {
    net::Request request;
    net::Sink* sink = nullptr;
  };

  Result<net::ResponseHead> answer(const net::Request& request, net::Sink& sink) {
    if (door_.is_gone || (door_.gone_after > 0 && door_.sent >= door_.gone_after))
      return fail(ErrorKind::unavailable, codes::connection_failed, "Nobody answers.");
    net::ResponseHead head;
    const std::string path =
        *percent_decode(request.url.substr(request.url.find(kCommit) + kCommit.size() + 1));
    std::string bytes = door_.files.at(path);
    head.status = 200;
    for (const net::Header& header : request.headers) {
      if (header.name != "Range") continue;
      door_.ranges.push_back(header.value);
      const auto dash = header.value.find('-');
      const auto begin = *parse_decimal(header.value.substr(6, dash - 6));
      const auto last = *parse_decimal(header.value.substr(dash + 1));
      head.headers.add("Content-Range",
                       "bytes " + header.value.substr(6) + "/" + std::to_string(bytes.size()));
      bytes = bytes.substr(begin, last - begin + 1);
      head.status = 206;
    }
    if (door_.status != 0) head.status = door_.status;
    TRY(sink.begin(head));
    if (door_.wrong_answers_left > 0 && door_.wrong_answers_left-- > 0)
      bytes[bytes.size() / 2] ^= 1;
    bool cut = false;
    if (door_.cut_after > 0 && door_.cuts_left > 0 && bytes.size() > door_.cut_after) {
      --door_.cuts_left;
      bytes.resize(door_.cut_after);
      cut = true;
    }
    for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
      const std::size_t size = std::min(kBlock, bytes.size() - at);
      door_.sent += size;
      TRY(sink.write(std::span<const char>(bytes).subspan(at, size)));
    }
    if (cut) return fail(ErrorKind::unavailable, codes::connection_lost, "It ended early.");
    return head;
  }

  Door& door_;
  Clock& clock_;
  std::map<std::uint64_t, Running> running_;
};

class FakeTransport : public net::Transport {
 public:
  FakeTransport(Door& door, Clock& clock) : door_(door), clock_(clock) {}
  Result<net::ResponseHead> stream(const net::Request&, net::Sink&) override {
    return fail(ErrorKind::internal, codes::internal_error, "not used");
  }
  Result<std::unique_ptr<net::BulkSession>> open_bulk() override {
    return std::make_unique<FakeBulk>(door_, clock_);
  }

 private:
  Door& door_;
  Clock& clock_;
};

class Pull : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.open_transport = [this]() -> Result<std::unique_ptr<net::Transport>> {
      return std::make_unique<FakeTransport>(door_, world_.clock);
    };
    add("config.json", "{}", false);
    add("onnx/model.onnx", "onnx weights", true);
    // Three pieces of 16 MiB.
    add("model.safetensors", std::string(40'000'000, 'w') + "end", true);
    add("copy of config.json", "{}", false);
    add("empty", "", false);
  }

  void add(const std::string& path, const std::string& content, bool is_lfs) {
    door_.files[path] = content;
    Digest git = Digest::git_blob(content.size());
    git.update(content);
    etags_[path] = is_lfs ? sha256_hex(content) : git.finish_hex();
    const std::string size = std::to_string(content.size());
    siblings_ +=
        (siblings_.empty() ? "" : ",") + (R"({"rfilename":")" + path + R"(","size":)") + size +
        R"(,"blobId":")" + (is_lfs ? std::string(40, '1') : etags_[path]) + '"' +
        (is_lfs ? R"(,"lfs":{"sha256":")" + etags_[path] + R"(","size":)" + size + "}" : "") + "}";
  }
  int pull(const std::string& more = "", const std::string& revision = "main") {
    world_.answers(
        "GET /hf/api/models/acme/tiny/revision/" + revision + "?blobs=true", 200,
        R"({"id":"acme/tiny","sha":")" + kCommit + R"(","siblings":[)" + siblings_ + "]}");
    return world_.run("pull acme/tiny " + folder() + more);
  }
  std::string folder() const { return folder_.path() + "/to"; }
  std::string read(const std::string& path) {
    std::ifstream file(folder() + "/" + path, std::ios::binary);
    if (!file) return "(absent)";
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void expect_whole() {
    for (const auto& [path, content] : door_.files) EXPECT_TRUE(read(path) == content) << path;
    std::set<std::string> state;
    for (const auto& entry : fs::directory_iterator(folder() + "/.modelkeep-pull"))
      state.insert(entry.path().filename());
    EXPECT_EQ(state, (std::set<std::string>{"lock", "verified"}));
  }

  TempFolder folder_;
  Door door_;
  FakeWorld world_;
  std::map<std::string, std::string> etags_;
  std::string siblings_;
};

TEST_F(Pull, copies_every_file_and_says_where) {
  EXPECT_EQ(pull(), kDone) << world_.talk();
  EXPECT_EQ(world_.out(), folder() + "\n");
  EXPECT_NE(world_.talk().find("acme/tiny is here: 40.0 MB in 5 files"), std::string::npos);
  expect_whole();
  EXPECT_EQ(door_.ranges, (std::vector<std::string>{"bytes=0-16777215", "bytes=16777216-33554431",
                                                    "bytes=33554432-40000002"}));
  EXPECT_EQ(door_.sent, 40'000'003U + 12U + 2U) << "what two names share comes once";
}

TEST_F(Pull, skips_what_is_there_and_right_and_mends_what_is_not) {
  ASSERT_EQ(pull(), kDone);
  const std::uint64_t before = door_.sent;
  ASSERT_EQ(pull(), kDone);
  EXPECT_EQ(door_.sent, before);
  // Of the right size and time, so only another inode or the bytes tell.
  std::ofstream(folder() + "/onnx/model.onnx.new") << "onnx weightS";
  fs::rename(folder() + "/onnx/model.onnx.new", folder() + "/onnx/model.onnx");
  fs::remove(folder() + "/copy of config.json");
  std::ofstream(folder() + "/notes.txt") << "mine";
  ASSERT_EQ(pull(), kDone);
  EXPECT_EQ(door_.sent, before + 12);
  expect_whole();
  EXPECT_EQ(read("notes.txt"), "mine");
  // Without a memory the digests tell.
  fs::remove_all(folder() + "/.modelkeep-pull");
  ASSERT_EQ(pull(), kDone);
  EXPECT_EQ(door_.sent, before + 12);
}

TEST_F(Pull, goes_on_where_a_connection_ended) {
  door_.cut_after = 5'000'000;
  door_.cuts_left = 4;
  EXPECT_EQ(pull(), kDone) << world_.talk();
  expect_whole();
  EXPECT_EQ(door_.sent, 40'000'003U + 12U + 2U) << "no byte comes twice";
}

TEST_F(Pull, a_second_one_goes_on_where_the_first_was_left_alone) {
  door_.gone_after = 20'000'000;
  EXPECT_EQ(pull(), kUnreachable);
  EXPECT_NE(world_.talk().find("the same command goes on"), std::string::npos);
  EXPECT_EQ(read("model.safetensors"), "(absent)") << "no name before the digest";
  const std::uint64_t before = door_.sent;
  EXPECT_GT(before, 16'000'000U);
  door_.gone_after = 0;
  EXPECT_EQ(pull(), kDone) << world_.talk();
  expect_whole();
  EXPECT_LT(door_.sent - before, 30'000'000U);
}

TEST_F(Pull, fetches_wrong_bytes_again_and_never_gives_them_a_name) {
  door_.wrong_answers_left = 1;
  EXPECT_EQ(pull(), kDone) << world_.talk();
  expect_whole();
  fs::remove_all(folder());
  door_.wrong_answers_left = 1'000;
  EXPECT_EQ(pull(), kRefused);
  EXPECT_NE(world_.talk().find("arrived twice with other bytes"), std::string::npos);
  EXPECT_EQ(read("model.safetensors"), "(absent)");
}

TEST_F(Pull, ends_with_the_statuses_that_are_documented) {
  door_.status = 404;
  EXPECT_EQ(pull(), kRefused);
  door_.status = 200;
  EXPECT_EQ(pull(), kRefused) << "a whole file in the place of a piece";
  door_.status = 503;
  EXPECT_EQ(pull(), kRefused);
  door_ = {};
  EXPECT_EQ(world_.run("pull other/model"), kRefused);
  EXPECT_NE(world_.talk().find("modelkeep download other/model brings it"), std::string::npos);
  EXPECT_EQ(world_.run("pull"), kWrongUsage);
  EXPECT_EQ(world_.run("pull a/b c d"), kWrongUsage);
  EXPECT_EQ(world_.run("pull a/b -j 0"), kWrongUsage);
  EXPECT_EQ(world_.run("pull a/b --revision ../x"), kWrongUsage);
}

TEST_F(Pull, takes_only_what_is_meant) {
  EXPECT_EQ(pull(" --include *.json onnx/ --exclude copy*"), kDone) << world_.talk();
  EXPECT_EQ(read("config.json"), "{}");
  EXPECT_EQ(read("onnx/model.onnx"), "onnx weights");
  EXPECT_EQ(read("copy of config.json"), "(absent)");
  EXPECT_EQ(read("model.safetensors"), "(absent)");
  EXPECT_EQ(pull(" --include none"), kRefused);
}

TEST_F(Pull, writes_a_cache_as_the_hub_client_does) {
  EXPECT_EQ(pull(" --hf-cache --revision refs/pr/1", "refs%2Fpr%2F1"), kDone) << world_.talk();
  const std::string repo = "models--acme--tiny";
  EXPECT_EQ(world_.out(), folder() + "/" + repo + "/snapshots/" + kCommit + "\n");
  EXPECT_EQ(read(repo + "/refs/refs/pr/1"), kCommit);
  for (const auto& [path, content] : door_.files) {
    const std::string name = repo + "/snapshots/" + kCommit + "/" + path;
    EXPECT_TRUE(read(name) == content) << path;
    EXPECT_EQ(
        fs::read_symlink(folder() + "/" + name),
        (path.find('/') == std::string::npos ? "../../blobs/" : "../../../blobs/") + etags_[path]);
  }
  const std::uint64_t before = door_.sent;
  fs::remove(folder() + "/" + repo + "/snapshots/" + kCommit + "/config.json");
  EXPECT_EQ(pull(" --hf-cache --revision refs/pr/1", "refs%2Fpr%2F1"), kDone);
  EXPECT_EQ(door_.sent, before);
  EXPECT_EQ(read(repo + "/snapshots/" + kCommit + "/config.json"), "{}");
}

TEST_F(Pull, finds_the_cache_that_the_client_would_use) {
  world_.variables["HF_HOME"] = folder_.path() + "/hf";
  world_.answers("GET /hf/api/models/acme/tiny/revision/main?blobs=true", 200,
                 R"({"id":"acme/tiny","sha":")" + kCommit + R"(","siblings":[)" + siblings_ + "]}");
  EXPECT_EQ(world_.run("pull acme/tiny --hf-cache --json"), kDone);
  EXPECT_TRUE(fs::exists(folder_.path() + "/hf/hub/models--acme--tiny/refs/main"));
  const std::string out = world_.out();
  EXPECT_NE(
      out.find(R"("files":5,"files_skipped":0,"bytes_total":40000019,"bytes_fetched":40000017)"),
      std::string::npos)
      << out;
}

TEST_F(Pull, refuses_a_server_that_names_files_outside_of_the_folder) {
  for (const char* path :
       {"../x", "/etc/x", "a/../../x", "a//b", ".modelkeep-pull/verified", "a\\u0000"}) {
    siblings_ = R"({"rfilename":")" + std::string(path) + R"(","size":0,"blobId":")" +
                std::string(40, 'e') + "\"}";
    FakeWorld fresh;
    fresh.open_transport = world_.open_transport;
    fresh.answers("GET /hf/api/models/acme/tiny/revision/main?blobs=true", 200,
                  R"({"sha":")" + kCommit + R"(","siblings":[)" + siblings_ + "]}");
    EXPECT_EQ(fresh.run("pull acme/tiny " + folder()), kRefused) << path;
  }
  EXPECT_FALSE(fs::exists(folder()));
}

TEST_F(Pull, two_at_once_do_not_share_a_folder) {
  fs::create_directories(folder() + "/.modelkeep-pull");
  const auto lock = FileLock::try_take(folder() + "/.modelkeep-pull/lock");
  EXPECT_EQ(pull(), kRefused);
  EXPECT_NE(world_.talk().find("another pull works in this folder"), std::string::npos);
}

}  // namespace
}  // namespace modelkeep::cli
