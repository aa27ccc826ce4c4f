// Coming up and going away.
#include <csignal>
#include <filesystem>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

class Start : public RunningStore {};

TEST_F(Start, brings_every_role_up_and_sigterm_ends_them_all) {
  ASSERT_TRUE(start());
  EXPECT_EQ(service().pids(Role::worker).size(), 2U);
  EXPECT_EQ(service().pids(Role::long_worker).size(), 1U);
  EXPECT_EQ(service().pids(Role::stream_worker).size(), 1U);
  EXPECT_EQ(service().pids(Role::fetcher).size(), 2U);
  EXPECT_EQ(service().pids(Role::nginx_master).size(), 1U);
  EXPECT_GE(service().pids(Role::nginx_worker).size(), 1U);
  const auto exit = service().stop();
  ASSERT_TRUE(exit.has_value());
  EXPECT_EQ(exit->status, 0);
}

TEST_F(Start, answers_again_within_five_seconds_when_nothing_changed) {
  ASSERT_TRUE(start());
  service().stop();
  const Stopwatch watch;
  ASSERT_TRUE(service().start());
  EXPECT_LT(watch.ms(), 5'000);
}

TEST_F(Start, refuses_a_second_master_on_the_same_store_and_the_first_serves_on) {
  ASSERT_TRUE(start());
  ProgramOptions second = service().command({"run"});
  second.set_variables["MODELKEEP_LISTEN"] = "127.0.0.1:" + std::to_string(free_port());
  const Finished finished = run_program(second, 10'000);
  ASSERT_TRUE(finished.exit.has_value());
  EXPECT_EQ(finished.exit->status, 1);
  EXPECT_TRUE(service().healthy());
}

TEST_F(Start, names_the_setting_that_is_wrong) {
  prepare();
  ProgramOptions wrong = service().command({"run"});
  wrong.set_variables["MODELKEEP_WORKERS"] = "many";
  const Finished finished = run_program(wrong, 10'000);
  ASSERT_TRUE(finished.exit.has_value());
  EXPECT_EQ(finished.exit->status, 1);
  EXPECT_NE(service().log().find("MODELKEEP_WORKERS"), std::string::npos);
}

TEST_F(Start, refuses_to_listen_beyond_loopback_unless_it_is_opened_on_purpose) {
  prepare();
  ProgramOptions exposed = service().command({"run"});
  exposed.set_variables["MODELKEEP_LISTEN"] = "0.0.0.0:" + std::to_string(free_port());
  const Finished finished = run_program(exposed, 10'000);
  ASSERT_TRUE(finished.exit.has_value());
  EXPECT_EQ(finished.exit->status, 1);
  EXPECT_NE(service().log().find("auth.mode"), std::string::npos);
}

TEST_F(Start, refuses_its_own_listener_as_upstream) {
  prepare();
  ProgramOptions circular = service().command({"run"});
  circular.set_variables["HF_ENDPOINT"] = service().url();
  const Finished finished = run_program(circular, 10'000);
  ASSERT_TRUE(finished.exit.has_value());
  EXPECT_EQ(finished.exit->status, 1);
}

}  // namespace
}  // namespace modelkeep::system_test
