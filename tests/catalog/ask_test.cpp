#include "catalog/ask.h"

#include <gtest/gtest.h>

#include "catalog/model_ids.h"
#include "sqlite/transaction.h"
#include "tests/support/test_store.h"

namespace modelkeep::catalog {
namespace {

Asking asking_for(const std::string& name) {
  Asking asking;
  asking.name = name;
  asking.username = "ada";
  asking.ip_address = "10.0.0.7";
  return asking;
}

TEST(Ask, creates_the_model_and_a_queued_download) {
  TestStore store;
  const Asked asked = store.ask("google/flan-t5-small");
  EXPECT_EQ(asked.outcome, AskOutcome::queued);
  EXPECT_EQ(asked.model.id, "google_flan-t5-small");
  EXPECT_EQ(asked.model.status, ModelStatus::downloading);
  EXPECT_EQ(asked.model.first_downloaded_by, "ada");
  ASSERT_TRUE(asked.download);
  EXPECT_EQ(asked.download->status, DownloadStatus::queued);
  EXPECT_EQ(asked.download->position, 1);
}

TEST(Ask, twice_is_one_download_with_two_askers) {
  TestStore store;
  const Asked first = store.ask("gpt2", "ada");
  const Asked second = store.ask("gpt2", "bob");
  EXPECT_EQ(second.outcome, AskOutcome::joined);
  EXPECT_EQ(second.download->id, first.download->id);
  EXPECT_EQ(must(download_askers(store.db(), first.download->id)).size(), 2u);
}

TEST(Ask, for_a_ready_model_fetches_nothing) {
  TestStore store;
  store.ready_model("gpt2", {TestStore::file("a.bin", "abc")});
  const Asked again = store.ask("gpt2", "bob");
  EXPECT_EQ(again.outcome, AskOutcome::already_there);
  EXPECT_FALSE(again.download);
  EXPECT_EQ(again.model.first_downloaded_by, "ada");
}

TEST(Ask, gives_colliding_names_ids_of_their_own) {
  TestStore store;
  EXPECT_EQ(store.ask("a_b/c").model.id, "a_b_c");
  const std::string second = store.ask("a/b_c").model.id;
  EXPECT_EQ(second, suffixed_id("a/b_c"));
  EXPECT_EQ(second.size(), std::string("a_b_c~12345678").size());
  EXPECT_EQ(must(find_model_named(store.db(), "a/b_c"))->id, second);
}

TEST(Ask, takes_ids_that_differ_by_case_as_the_same_folder) {
  TestStore store;
  store.ask("org/Model");
  EXPECT_EQ(store.ask("org/model").model.id, suffixed_id("org/model"));
}

TEST(Ids, that_are_something_of_ours_are_reserved_in_any_case) {
  for (const char* id : {"models_db.json", "LOST+FOUND", ".modelkeep", "download", ""})
    EXPECT_TRUE(is_reserved_id(id)) << id;
  EXPECT_FALSE(is_reserved_id("google_flan-t5-small"));
}

TEST(Ask, keeps_reserved_names_away_from_the_mount) {
  TestStore store;
  EXPECT_EQ(store.ask("models_db.json").model.id, suffixed_id("models_db.json"));
}

TEST(Ask, frees_the_id_with_the_model) {
  TestStore store;
  const Asked first = store.ask("gpt2");
  must(delete_model(store.db(), "gpt2", store.now()));
  const Asked second = store.ask("gpt2");
  EXPECT_EQ(second.model.id, "gpt2");
  EXPECT_NE(second.model.pk, first.model.pk);
  EXPECT_NE(second.download->id, first.download->id);
}

TEST(Ask, refuses_past_the_limit_of_the_queue_and_creates_nothing) {
  TestStore store;
  store.ask("m0");
  {
    auto writing = must(sqlite::WriteTransaction::begin(store.db()));
    must(store.db().run(R"(
      WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
      INSERT INTO downloads (model_id, model_name, revision, status, position, created_at)
      SELECT 'm', 'm', 'main', 'queued', n, 1 FROM n)",
                        kQueueMax - 1));
    must(writing.commit());
  }
  const auto refused = ask_for_model(store.db(), asking_for("one-more"), store.now());
  EXPECT_EQ(code_of(refused), codes::queue_full);
  EXPECT_FALSE(must(find_model_named(store.db(), "one-more")));
  EXPECT_EQ(store.ask("m0", "bob").outcome, AskOutcome::joined);
}

TEST(Ask, keeps_patterns_and_widens_them_when_another_wants_more) {
  TestStore store;
  Asking asking = asking_for("org/quants");
  asking.allow_patterns = {"*Q4*"};
  asking.ignore_patterns = {"*.md", "*.png"};
  const Asked first = must(ask_for_model(store.db(), asking, store.now()));
  EXPECT_EQ(first.download->allow_patterns, asking.allow_patterns);
  asking.allow_patterns = {"*Q8*"};
  asking.ignore_patterns = {"*.md"};
  const Asked second = must(ask_for_model(store.db(), asking, store.now()));
  EXPECT_EQ(second.download->allow_patterns, (std::vector<std::string>{"*Q4*", "*Q8*"}));
  EXPECT_EQ(second.download->ignore_patterns, (std::vector<std::string>{"*.md"}));
  EXPECT_EQ(second.download->wanted_version, first.download->wanted_version + 1);
}

TEST(Ask, for_all_of_a_partial_model_fetches_the_rest) {
  TestStore store;
  Asking asking = asking_for("org/quants");
  asking.allow_patterns = {"*Q4*"};
  must(ask_for_model(store.db(), asking, store.now()));
  const Claim claim = store.claim();
  must(save_facts(store.db(), claim, {.commit = std::string(40, 'a')}));
  Plan plan;
  plan.files = {TestStore::file("Q4.gguf", "four")};
  plan.complete = false;
  must(save_plan(store.db(), claim, plan));
  must(move_to(store.db(), claim, DownloadStatus::verifying));
  must(move_to(store.db(), claim, DownloadStatus::publishing));
  must(publish(store.db(), claim, TestStore::published(plan.files), store.now()));
  EXPECT_EQ(must(ask_for_model(store.db(), asking, store.now())).outcome,
            AskOutcome::already_there);
  const Asked all = store.ask("org/quants");
  EXPECT_EQ(all.outcome, AskOutcome::queued);
  EXPECT_EQ(all.model.status, ModelStatus::ready);
  EXPECT_TRUE(all.download->in_folder);
}

TEST(Ask, puts_a_failed_download_back_in_the_queue) {
  TestStore store;
  const Asked first = store.ask("gpt2");
  must(fail_download(store.db(), store.claim(),
                     {ErrorKind::not_found, codes::upstream_not_found, "No such repo.", ""},
                     store.now()));
  EXPECT_EQ(must(find_model(store.db(), "gpt2")).status, ModelStatus::failed);
  const Asked again = store.ask("gpt2", "bob");
  EXPECT_EQ(again.outcome, AskOutcome::queued);
  EXPECT_EQ(again.download->id, first.download->id);
  EXPECT_EQ(again.download->error_code, "");
  EXPECT_EQ(again.model.status, ModelStatus::downloading);
}

TEST(Ask, from_two_connections_makes_one_download) {
  TestStore store;
  sqlite::Connection other = store.another();
  store.ask("gpt2");
  EXPECT_EQ(must(ask_for_model(other, asking_for("gpt2"), store.now())).outcome,
            AskOutcome::joined);
}

TEST(Ask, for_another_revision_is_another_download_beside_the_folder) {
  TestStore store;
  store.ready_model("gpt2", {TestStore::file("a.bin", "abc")});
  const Asked other = store.ask("gpt2", "ada", "v2");
  EXPECT_EQ(other.outcome, AskOutcome::queued);
  EXPECT_FALSE(other.download->in_folder);
}

}  // namespace
}  // namespace modelkeep::catalog
