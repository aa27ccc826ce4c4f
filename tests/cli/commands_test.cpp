#include <gtest/gtest.h>

#include "tests/cli/fake_world.h"

namespace modelkeep::cli {
namespace {

using Calls = std::vector<std::string>;

std::string list_of(const std::vector<std::string>& models, const std::string& more = "") {
  std::string text;
  for (const std::string& model : models) text += (text.empty() ? "" : ",") + model;
  return R"({"success":true,"models":[)" + text + R"(],"total":)" + std::to_string(models.size()) +
         more + "}";
}

std::string one_of(const std::string& model) {
  return R"({"success":true,"model":)" + model + "}";
}

const std::string kFlan = model_json("google/flan-t5-small");

TEST(List, shows_names_sizes_status_and_use) {
  FakeWorld world;
  world.answers("GET /api/models", 200,
                list_of({kFlan, model_json("gpt2", R"("status":"failed",)")}));
  EXPECT_EQ(world.run("list"), kDone);
  EXPECT_EQ(world.out(),
            "NAME                  ID                        SIZE  STATUS  DOWNLOADED        "
            "REQUESTS  FIRST ASKED BY\n"
            "google/flan-t5-small  google_flan-t5-small  312.4 MB  ready   2026-01-22 10:30        "
            "17  john\n"
            "gpt2                  gpt2                  312.4 MB  failed  2026-01-22 10:30        "
            "17  john\n");
  EXPECT_EQ(world.talk(), "2 models, 624.8 MB\n");
}

TEST(List, search_filters_and_order_become_the_query) {
  FakeWorld world;
  world.run("list --search flan --sort size --min-size 1MB --status ready --limit 5");
  world.run("list --sort used --reverse");
  world.run("list --reverse");
  EXPECT_EQ(
      world.calls(),
      (Calls{"GET "
             "/api/"
             "models?search=flan&status=ready&min_size=1000000&sort=size_bytes&order=desc&limit=5",
             "GET /api/models?sort=last_used_at&order=asc",
             "GET /api/models?sort=name&order=desc"}));
}

TEST(List, a_limit_past_one_page_follows_the_cursor) {
  FakeWorld world;
  world.answers("GET /api/models?limit=200", 200, list_of({kFlan}, R"(,"next_cursor":"c/1")"));
  world.answers("GET /api/models?limit=200&cursor=c%2F1", 200, list_of({model_json("gpt2")}));
  EXPECT_EQ(world.run("list --all"), kDone);
  EXPECT_EQ(world.calls(),
            (Calls{"GET /api/models?limit=200", "GET /api/models?limit=200&cursor=c%2F1"}));
  EXPECT_NE(world.out().find("gpt2"), std::string::npos);
}

TEST(List, stops_at_its_limit) {
  FakeWorld world;
  world.answers("GET /api/models?limit=2", 200,
                list_of({kFlan, model_json("gpt2")}, R"(,"next_cursor":"c1")"));
  EXPECT_EQ(world.run("list --limit 2"), kDone);
  EXPECT_EQ(world.requests.size(), 1u);
}

TEST(List, an_empty_store_says_what_to_do_and_prints_nothing) {
  FakeWorld world;
  world.answers("GET /api/models", 200, list_of({}));
  EXPECT_EQ(world.run("list"), kDone);
  EXPECT_EQ(world.out(), "");
  EXPECT_EQ(world.talk(), "the store is empty; modelkeep download NAME brings a model in\n");
}

TEST(List, json_is_what_the_server_sent) {
  FakeWorld world;
  const std::string body = list_of({model_json("a/b", R"("unknown_field":{"x":[1,2.50]},)")});
  world.answers("GET /api/models", 200, body);
  EXPECT_EQ(world.run("--json list"), kDone);
  EXPECT_EQ(world.out(), body + "\n");
  EXPECT_EQ(world.talk(), "");
}

TEST(List, names_cannot_steer_the_terminal) {
  FakeWorld world;
  world.answers("GET /api/models", 200, list_of({model_json("evil\\u001b[2J\\u202ename")}));
  EXPECT_EQ(world.run("list"), kDone);
  const std::string out = world.out();
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_NE(out.find("evil\\x1b[2J\\u202ename"), std::string::npos);
}

TEST(Get, a_word_with_a_slash_is_looked_up_as_a_name) {
  FakeWorld world;
  world.answers("GET /api/models?name=google%2Fflan-t5-small&limit=1", 200, list_of({kFlan}));
  world.answers("GET /api/models/google_flan-t5-small", 200, one_of(kFlan));
  EXPECT_EQ(world.run("get google/flan-t5-small"), kDone);
  EXPECT_EQ(world.calls(), (Calls{"GET /api/models?name=google%2Fflan-t5-small&limit=1",
                                  "GET /api/models/google_flan-t5-small"}));
  const std::string out = world.out();
  EXPECT_NE(out.find("folder          /mnt/models/google_flan-t5-small\n"), std::string::npos)
      << out;
  EXPECT_NE(out.find("17 requests (5 downloads, 12 accesses) by 3 users"), std::string::npos)
      << out;
}

TEST(Get, another_word_is_an_id_first_and_then_a_name) {
  FakeWorld world;
  const std::string twin = model_json("a_b", "");
  world.answers("GET /api/models?name=a_b&limit=1", 200,
                R"({"success":true,"models":[{"id":"a_b~0a1b2c3d","name":"a_b"}],"total":1})");
  world.answers("GET /api/models/a_b~0a1b2c3d", 200, one_of(twin));
  EXPECT_EQ(world.run("get a_b"), kDone);
  EXPECT_EQ(world.calls(), (Calls{"GET /api/models/a_b", "GET /api/models?name=a_b&limit=1",
                                  "GET /api/models/a_b~0a1b2c3d"}));
}

TEST(Get, what_does_not_exist_is_status_1_with_the_next_step) {
  FakeWorld world;
  world.answers("GET /api/models?name=nope&limit=1", 200, list_of({}));
  EXPECT_EQ(world.run("get nope"), kRefused);
  EXPECT_EQ(
      world.talk(),
      "modelkeep: there is no model 'nope' in the store; modelkeep list shows what there is\n");
}

TEST(Get, dots_do_not_climb_out_of_the_path) {
  FakeWorld world;
  EXPECT_EQ(world.run("get .."), kRefused);
  EXPECT_TRUE(world.requests.empty());
}

TEST(Get, every_old_spelling_asks_the_same) {
  for (const char* line : {"get -id gpt2", "get -i gpt2", "get --id gpt2", "get gpt2",
                           "get -id=gpt2", "-s http://h:1 get -i gpt2",
                           "get -id gpt2 -server http://h:1", "get --server=http://h:1 gpt2"}) {
    FakeWorld world;
    world.answers("GET /api/models/gpt2", 200, one_of(model_json("gpt2")));
    EXPECT_EQ(world.run(line), kDone) << line << ": " << world.talk();
    EXPECT_EQ(world.calls(), (Calls{"GET /api/models/gpt2"})) << line;
    const bool elsewhere = std::string(line).find("h:1") != std::string::npos;
    EXPECT_EQ(world.requests[0].url.starts_with("http://h:1/"), elsewhere) << line;
  }
}

TEST(Update, sends_only_what_was_named) {
  FakeWorld world;
  world.answers("PUT /api/models/gpt2", 200, one_of(model_json("gpt2")));
  EXPECT_EQ(world.run({"update", "gpt2", "--description", "two \"words\"", "--tags", "a, b,,",
                       "--unpin"}),
            kDone);
  ASSERT_EQ(world.requests.size(), 1u);
  EXPECT_EQ(world.requests[0].body,
            R"({"description":"two \"words\"","tags":["a","b"],"pinned":false})");
  EXPECT_EQ(world.out(), "gpt2 is updated\n");
  world.run("update -id gpt2 -status archived");
  EXPECT_EQ(world.requests[1].body, R"({"status":"archived"})");
}

TEST(Update, alone_fetches_what_is_newer_upstream) {
  FakeWorld world;
  const std::string download =
      R"({"id":7,"model_id":"gpt2","model_name":"gpt2","status":"queued"})";
  world.answers("POST /api/models/gpt2/update", 202,
                R"({"success":true,"message":"Update queued","download":)" + download +
                    R"(,"model":)" + model_json("gpt2") + "}");
  EXPECT_EQ(world.run("update gpt2 --detach"), kDone);
  EXPECT_EQ(world.calls(), (Calls{"POST /api/models/gpt2/update"}));
  EXPECT_EQ(world.out(), "download 7 brings what is new of gpt2\n");
  EXPECT_EQ(world.run("update gpt2 --detach --pin"), kWrongUsage);
}

TEST(List, marks_what_is_newer_upstream) {
  FakeWorld world;
  world.answers("GET /api/models", 200,
                list_of({model_json("gpt2", R"("update_available":true,)")}));
  EXPECT_EQ(world.run("list"), kDone);
  EXPECT_NE(world.out().find("ready, newer upstream"), std::string::npos);
}

TEST(Get, names_the_newer_commit_and_what_to_do) {
  FakeWorld world;
  world.answers(
      "GET /api/models/gpt2", 200,
      one_of(model_json("gpt2", R"("update_available":true,"newer_commit":"0123456789ab",)")));
  EXPECT_EQ(world.run("get gpt2"), kDone);
  const std::string out = world.out();
  EXPECT_NE(out.find("modelkeep update fetches it"), std::string::npos) << out;
}

TEST(Delete, of_one_revision_takes_that_alone_and_asks_nothing) {
  FakeWorld world;
  world.answers("DELETE /api/models/gpt2/revisions/abc", 200,
                R"({"success":true,"message":"Revision deleted successfully"})");
  EXPECT_EQ(world.run("delete gpt2 --revision abc"), kDone);
  EXPECT_EQ(world.calls(), (Calls{"DELETE /api/models/gpt2/revisions/abc"}));
  EXPECT_EQ(world.question, "");
}

TEST(Delete, of_a_revision_that_is_not_there_does_not_deny_the_model) {
  FakeWorld world;
  world.answers(
      "DELETE /api/models/gpt2/revisions/abc", 404,
      R"({"success":false,"error":"There is no revision 'abc'.","code":"revision_not_found"})");
  world.answers("GET /api/models?name=gpt2&limit=1", 200, list_of({model_json("gpt2")}));
  EXPECT_EQ(world.run("delete gpt2 --revision abc"), kRefused);
  EXPECT_NE(world.talk().find("There is no revision 'abc'"), std::string::npos);
}

TEST(Get, shows_revisions_where_there_are_several) {
  FakeWorld world;
  const std::string two =
      R"("revisions":[{"commit":"aaa","refs":["main"],"size_bytes":1,"current":true,"path":"/m/gpt2"},)"
      R"({"commit":"bbb","refs":["v1"],"size_bytes":2,"current":false,"path":"/m/r/bbb"}],)";
  world.answers("GET /api/models/gpt2", 200, one_of(model_json("gpt2", two)));
  EXPECT_EQ(world.run("get gpt2"), kDone);
  const std::string out = world.out();
  EXPECT_NE(out.find("/m/r/bbb"), std::string::npos) << out;
}

TEST(Delete, asks_with_name_and_size_and_takes_only_yes) {
  for (const auto& [typed, gone] :
       {std::pair{"y", true}, {"YES", true}, {"", false}, {"no", false}, {"yy", false}}) {
    FakeWorld world;
    world.typed = typed;
    world.answers("GET /api/models/gpt2", 200, one_of(model_json("gpt2")));
    world.answers("DELETE /api/models/gpt2", 200,
                  R"({"success":true,"message":"Model deleted successfully"})");
    EXPECT_EQ(world.run("delete -id gpt2"), gone ? kDone : kRefused) << typed;
    EXPECT_EQ(world.question, "Delete gpt2 (312.4 MB, 17 requests) for everyone? [y/N] ");
    EXPECT_EQ(world.calls().size(), gone ? 2u : 1u);
    EXPECT_EQ(world.out(), gone ? "Model deleted successfully\n" : "");
  }
}

TEST(Delete, refuses_where_nobody_can_be_asked_and_obeys_yes) {
  FakeWorld world;
  world.answers("GET /api/models/gpt2", 200, one_of(model_json("gpt2")));
  world.answers("DELETE /api/models/gpt2", 200,
                R"({"success":true,"message":"Model deleted successfully"})");
  EXPECT_EQ(world.run("delete gpt2"), kRefused);
  EXPECT_NE(world.talk().find("--yes deletes without asking"), std::string::npos);
  EXPECT_EQ(world.run("delete gpt2 -y"), kDone);
  EXPECT_EQ(world.calls(), (Calls{"GET /api/models/gpt2", "DELETE /api/models/gpt2"}));
}

TEST(Stats, shows_totals_and_the_latest_activity) {
  FakeWorld world;
  world.answers(
      "GET /api/stats", 200,
      R"({"success":true,"stats":{"total_models":5,"total_size_bytes":2147483648,"total_requests":150,)"
      R"("unique_users":12,"recent_activity":[{"timestamp":"2026-01-22T10:30:00Z","action":"download",)"
      R"("model_id":"bert-base-uncased","username":"john","ip_address":"192.168.1.100"}]}})");
  EXPECT_EQ(world.run("stats"), kDone);
  EXPECT_EQ(world.out(),
            "models      5\n"
            "their size  2.1 GB\n"
            "requests    150\n"
            "users       12\n"
            "\n"
            "WHEN              USER  FROM           ACTION    MODEL\n"
            "2026-01-22 10:30  john  192.168.1.100  download  bert-base-uncased\n");
}

TEST(Health, shows_the_checks_and_succeeds_while_degraded) {
  FakeWorld world;
  world.answers(
      "GET /api/health", 200,
      R"({"success":true,"status":"degraded","mount_point":"/mnt/models","version":"0.1.0","checks":{)"
      R"("disk":{"status":"ok","free_bytes":1000000000},"upstream":{"status":"failed","message":"no route"}}})");
  EXPECT_EQ(world.run("health"), kDone);
  const std::string out = world.out();
  EXPECT_NE(out.find("disk      ok, 1.0 GB free\n"), std::string::npos) << out;
  EXPECT_NE(out.find("upstream  failed: no route\n"), std::string::npos) << out;
}

const std::string kQueue =
    R"({"success":true,"seq":9,"total":2,"downloads":[)"
    R"({"id":12,"model_id":"gpt2","model_name":"gpt2","status":"downloading","bytes_done":1000,"bytes_total":2000,)"
    R"("bytes_per_second":500,"eta_seconds":2,"revision":"main","requested_by":[{"username":"ana"},{"username":"b"}]},)"
    R"({"id":13,"model_id":"a_b","model_name":"a/b","status":"queued","wait_reason":"slot","bytes_done":0,)"
    R"("revision":"v1","position":2,"requested_by":[]}]})";

TEST(Queue, shows_what_runs_and_why_the_rest_waits) {
  FakeWorld world;
  world.answers("GET /api/downloads?limit=200&status=active", 200, kQueue);
  EXPECT_EQ(world.run("queue"), kDone);
  EXPECT_EQ(world.out(),
            "NUMBER  MODEL   SIZE              ASKED BY  STATUS\n"
            "    12  gpt2    1.0 kB of 2.0 kB  ana +1    downloading, 500 B/s, 2 s left\n"
            "    13  a/b@v1  -                 -         queued: starts as soon as a slot is free "
            "(place 2)\n");
}

TEST(Queue, an_empty_queue_is_no_error) {
  FakeWorld world;
  world.answers("GET /api/downloads?limit=200&status=active", 200,
                R"({"success":true,"downloads":[],"seq":1,"total":0})");
  EXPECT_EQ(world.run("queue"), kDone);
  EXPECT_EQ(world.talk(), "nothing is being downloaded\n");
}

TEST(DownloadActions, take_a_number_as_it_is) {
  for (const char* verb : {"pause", "resume", "cancel", "retry"}) {
    FakeWorld world;
    const std::string call = std::string("POST /api/downloads/12/") + verb;
    world.answers(call, 200,
                  R"({"success":true,"download":{"id":12,"status":"paused","model_name":"gpt2"}})");
    EXPECT_EQ(world.run(std::string(verb) + " 12"), kDone);
    EXPECT_EQ(world.calls(), (Calls{call}));
    EXPECT_TRUE(world.out().starts_with("download 12 of gpt2 is "));
  }
}

TEST(DownloadActions, pick_the_newest_download_of_a_model_that_the_verb_fits) {
  FakeWorld world;
  world.answers(
      "GET /api/downloads?model_id=gpt2&limit=200", 200,
      R"({"success":true,"downloads":[{"id":3,"status":"failed"},{"id":9,"status":"ready"},)"
      R"({"id":7,"status":"failed"},{"id":8,"status":"downloading"}]})");
  world.run("retry gpt2");
  world.run("pause gpt2");
  world.run("resume gpt2");
  const Calls calls = world.calls();
  EXPECT_EQ(calls.at(1), "POST /api/downloads/7/retry");
  EXPECT_EQ(calls.at(3), "POST /api/downloads/8/pause");
  EXPECT_EQ(calls.at(5), "POST /api/downloads/9/resume");
}

TEST(DownloadActions, a_model_without_downloads_is_told) {
  FakeWorld world;
  world.answers("GET /api/models?name=a%2Fb&limit=1", 200, list_of({}));
  world.answers("GET /api/downloads?model_id=a_b&limit=200", 200,
                R"({"success":true,"downloads":[]})");
  EXPECT_EQ(world.run("cancel a/b"), kRefused);
  EXPECT_EQ(world.talk(),
            "modelkeep: there is no download of 'a/b'; modelkeep queue --all shows all\n");
}

TEST(Usage, every_mistake_is_status_2_and_one_line_without_a_request) {
  for (const char* line : {"frobnicate",
                           "get",
                           "get a b",
                           "get a -i b",
                           "get -i a -i b",
                           "list --limit 0",
                           "list --limit x",
                           "list --limit 5 --all",
                           "list --sort colour",
                           "list --min-size big",
                           "list word",
                           "update gpt2 --tags a --detach",
                           "update gpt2 --pin --unpin",
                           "update gpt2 --status lost",
                           "delete",
                           "download",
                           "download a -n b",
                           "pause",
                           "stats --activity -1",
                           "--json",
                           "-s",
                           "list -s",
                           "help frobnicate",
                           "completions",
                           "completions tcsh",
                           "list -s gpu1",
                           "-s ftp://x list",
                           "list --token hf_x",
                           "queue --all --failed"}) {
    FakeWorld world;
    EXPECT_EQ(world.run(line), kWrongUsage) << line;
    const std::string talk = world.talk();
    EXPECT_EQ(std::count(talk.begin(), talk.end(), '\n'), 1) << line << ": " << talk;
    EXPECT_TRUE(talk.starts_with("modelkeep: ")) << talk;
    EXPECT_TRUE(world.requests.empty()) << line;
    EXPECT_EQ(world.out(), "") << line;
  }
}

}  // namespace
}  // namespace modelkeep::cli
