#include "app/supervisor.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>

namespace modelkeep::app {
namespace {

/// Real children, for what is tested is what the kernel does; only the time between deaths is ours.
class SteppedClock : public Clock {
 public:
  Time now() override { return {}; }
  std::int64_t mono_ms() override { return mono_ms_; }
  void sleep_ms(std::int64_t duration_ms) override { mono_ms_ += duration_ms; }

 private:
  std::int64_t mono_ms_ = 0;
};

ChildSpec shell(const std::string& script, Role role = Role::worker) {
  ChildSpec spec;
  spec.role = role;
  spec.generation = 1;
  spec.command.program = "/bin/sh";
  spec.command.arguments = {"-c", script, "sh"};
  return spec;
}

/// Until a child of ours has changed its state; leaves it to be collected.
void await_death() {
  siginfo_t info{};
  waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
}

TEST(Supervisor, starts_a_dead_child_again) {
  SteppedClock clock;
  Supervisor supervisor(clock);
  supervisor.add(shell("exit 3"));
  supervisor.start_due();
  EXPECT_EQ(supervisor.alive(Role::worker), 1);
  await_death();
  EXPECT_TRUE(supervisor.reap());
  EXPECT_EQ(supervisor.alive(Role::worker), 0);
  ASSERT_TRUE(supervisor.next_start_in_ms());
  EXPECT_LE(*supervisor.next_start_in_ms(), 1'000);
  clock.sleep_ms(1'000);
  supervisor.start_due();
  EXPECT_EQ(supervisor.alive(Role::worker), 1);
  await_death();
  supervisor.reap();
}

TEST(Supervisor, tells_why_a_child_keeps_stopping) {
  SteppedClock clock;
  Supervisor supervisor(clock);
  // The report's number is the last word of the command: --report-fd=3.
  supervisor.add(shell("fd=${1#--report-fd=}; eval \"echo no settings >&$fd\"; exit 1"));
  for (int death = 0; death < 5; ++death) {
    supervisor.start_due();
    await_death();
    supervisor.reap();
    clock.sleep_ms(100);
  }
  const auto troubles = supervisor.troubles();
  ASSERT_EQ(troubles.size(), 1u);
  EXPECT_EQ(troubles[0].reason, "A worker process keeps stopping: no settings");
  EXPECT_TRUE(supervisor.is_down(Role::worker, 1));
  EXPECT_GT(*supervisor.next_start_in_ms(), 1'000);
}

TEST(Supervisor, knows_who_is_ready) {
  SteppedClock clock;
  Supervisor supervisor(clock);
  supervisor.add(shell(
      "fd=${1#--report-fd=}; eval \"echo ready >&$fd\"; echo >/dev/null; read never </dev/zero"));
  EXPECT_FALSE(supervisor.all_ready(1));
  supervisor.start_due();
  while (!supervisor.all_ready(1)) sched_yield();
  supervisor.let_go([](const ChildSpec&) { return true; }, SIGKILL);
  await_death();
  supervisor.reap();
  EXPECT_FALSE(supervisor.any_alive());
}

TEST(Supervisor, does_not_restart_whom_it_let_go) {
  SteppedClock clock;
  Supervisor supervisor(clock);
  supervisor.add(shell("exec sleep 60"));
  supervisor.start_due();
  supervisor.let_go([](const ChildSpec&) { return true; }, SIGTERM);
  await_death();
  supervisor.reap();
  EXPECT_FALSE(supervisor.any_alive());
  EXPECT_FALSE(supervisor.next_start_in_ms());
}

TEST(Supervisor, counts_a_program_that_cannot_be_started_as_a_death) {
  SteppedClock clock;
  Supervisor supervisor(clock);
  ChildSpec spec = shell("");
  spec.command.program = "/nonexistent";
  supervisor.add(spec);
  supervisor.start_due();
  await_death();
  supervisor.reap();
  EXPECT_TRUE(supervisor.next_start_in_ms());
}

TEST(Supervisor, passes_only_what_it_was_given) {
  SteppedClock clock;
  Supervisor supervisor(clock);
  // 0 to 2, the report, and the folder that ls itself reads.
  supervisor.add(shell("test \"$(ls /proc/self/fd | wc -l)\" -eq 5"));
  supervisor.start_due();
  int status = -1;
  siginfo_t info{};
  waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
  status = info.si_status;
  supervisor.reap();
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace modelkeep::app
