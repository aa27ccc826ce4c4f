// Reads of files: what their events and their marks say.
#include "hub/client_family.h"
#include "tests/door/door_fixture.h"
#include "usage/served_log.h"

namespace modelkeep::hub {
namespace {

const std::string kFile = "/hf/acme/tiny-llm/resolve/main/config.json";

class HubReads : public DoorFixture {
 protected:
  std::int64_t downloads() {
    store_.drain();
    return must(catalog::find_model(store_.db(), "acme_tiny-llm")).stats.download_count;
  }
  std::string clients() {
    store_.drain();
    return must(store_.db().one<std::string>("SELECT group_concat(client) FROM hub_reads"))
        .value_or("");
  }
};

TEST_F(HubReads, of_one_caller_are_one_download) {
  const std::int64_t before = downloads();
  for (const char* file : {"config.json", "README.md", "custom%20code/__init__.py"}) {
    get("/hf/acme/tiny-llm/resolve/main/" + std::string(file));
    get("/hf/acme/tiny-llm/resolve/" + kCommit + "/" + file);
    get("/hf/acme/tiny-llm/raw/main/" + std::string(file));
  }
  EXPECT_EQ(downloads(), before + 1);
  send({.target = kFile, .username = "bob"});
  send({.target = kFile, .username = "bob", .address = "10.0.0.10"});
  EXPECT_EQ(downloads(), before + 2);
  send({.target = kFile, .address = "10.0.0.10"});
  EXPECT_EQ(downloads(), before + 3);
}

TEST_F(HubReads, are_gets_that_were_answered) {
  const std::int64_t before = downloads();
  head(kFile);
  get("/hf/acme/tiny-llm/resolve/main/none");
  get("/hf/api/models/acme/tiny-llm");
  EXPECT_EQ(downloads(), before);
  // The client has the file, and that is what it asked for.
  send({.target = kFile, .if_none_match = "*"});
  EXPECT_EQ(downloads(), before + 1);
}

TEST_F(HubReads, are_marked_where_bytes_follow) {
  const Answer answer = send({.target = kFile,
                              .username = "A%3Ab%20c",
                              .user_agent = "transformers/4.50; hf_hub/1.2; python/3.11"});
  const std::string mark = answer.header(usage::kReadHeader);
  const auto read = usage::parse_served("b1 2.000 1.000 5 " + mark + " 10.0.0.9 .");
  ASSERT_TRUE(read) << mark;
  EXPECT_EQ(read->commit, kCommit);
  EXPECT_EQ(read->client, "transformers");
  EXPECT_EQ(read->username, "A:b c");
  EXPECT_FALSE(read->from_upstream);
  EXPECT_TRUE(head(kFile).header(usage::kReadHeader).empty());
  EXPECT_TRUE(send({.target = kFile, .if_none_match = "*"}).header(usage::kReadHeader).empty());
  EXPECT_TRUE(get("/hf/acme/tiny-llm/resolve/main/none").header(usage::kReadHeader).empty());
  EXPECT_TRUE(get("/hf/api/models/acme/tiny-llm").header(usage::kReadHeader).empty());
  EXPECT_EQ(clients(), "transformers,other");
}

TEST(ClientFamily, is_found_in_the_user_agents_that_clients_send) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"unknown/None; hf_hub/1.29.0; python/3.11.2; torch/2.5.0", "huggingface_hub"},
      {"transformers/4.50.0; python/3.11; session_id/ab; hf_hub/1.29.0", "transformers"},
      {"diffusers/0.32; hf_hub/0.27; python/3.12", "diffusers"},
      {"vllm/0.8; hf_hub/1.0.0; python/3.12", "vllm"},
      {"transformers.js/3.5.0; is_ci/false;", "transformers.js"},
      {"llama-cpp", "llama.cpp"},
      {"llama-cpp/b4567", "llama.cpp"},
      {"unknown/None; hf-hub/0.4.2; rust/unknown", "hf-hub"},
      {"modelkeep/0.3.0", "modelkeep"},
      {"curl/8.5.0", "curl"},
      {"aria2/1.37.0", "aria2"},
      {"Wget/1.21.4", "wget"},
      {"python-requests/2.32", "python"},
      {"node", "node"},
      {"Mozilla/5.0 (X11; Linux x86_64)", "browser"},
      {"", "other"},
      {"\xff\x00<script>", "other"},
  };
  for (const auto& [agent, family] : cases) EXPECT_EQ(client_family(agent), family) << agent;
}

}  // namespace
}  // namespace modelkeep::hub
