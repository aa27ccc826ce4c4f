// Deaths in any order while people use the store. The seed is printed; MODELKEEP_TEST_SEED replays
// it.
#include <csignal>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "tests/system/database.h"
#include "tests/system/load.h"
#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

constexpr int kRounds = 24;
constexpr int kClients = 4;

std::uint32_t chosen_seed() {
  const char* given = std::getenv("MODELKEEP_TEST_SEED");
  return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10))
                          : std::random_device{}();
}

/// Each request has a name of its own, so that its event can be found.
std::string name_of(const Turn& turn) {
  return "c" + std::to_string(turn.client) + "-" + std::to_string(turn.number);
}

Answer use_the_store(Client& client, int number, std::int64_t turn) {
  // On a connection that was kept curl asks once more by itself when it finds it dead; on a fresh
  // one each request is sent once.
  const std::vector<net::Header> who{{"X-Username", name_of({number, turn})},
                                     {"Connection", "close"}};
  const std::string repo = "kill/m" + std::to_string(turn % 6);
  const std::string id = "kill_m" + std::to_string(turn % 6);
  switch ((turn + number) % 7) {
    case 0:
      return client.post("/api/models/download", asking(repo), who);
    case 1:
      return client.get("/api/models/" + id, who);
    case 2:
      return client.put("/api/models/" + id, R"({"description":"used"})", who);
    case 3:
      return client.get("/api/models", who);
    case 4:
      return client.get("/api/downloads", who);
    case 5:
      return turn % 35 == 5 ? client.send("DELETE", "/api/models/" + id, {}, who)
                            : client.get("/api/models/" + id + "/files/config.json", who);
    default:
      return client.get("/api/health", who);
  }
}

class RandomKills : public RunningStore {
 protected:
  void kill_one(std::mt19937& random) {
    constexpr Role kRoles[] = {Role::worker,  Role::worker,       Role::long_worker,
                               Role::fetcher, Role::nginx_worker, Role::nginx_master};
    const auto pick = random() % 8;
    if (pick == 6) {
      service().kill_everything();
      ASSERT_TRUE(service().start());
    } else if (pick == 7) {
      service().signal_master(SIGKILL);
      ASSERT_TRUE(service().start());
    } else {
      const auto pids = service().pids(kRoles[pick]);
      if (!pids.empty()) kill(pids[random() % pids.size()], SIGKILL);
    }
  }

  /// Events by the name of their request.
  std::map<std::string, int> recorded() {
    OutsideDatabase db(service().layout().database());
    std::map<std::string, int> events;
    for (const auto& row : db.query("SELECT u.name, count(e.seq) FROM events e"
                                    " JOIN users u ON u.pk = e.user GROUP BY u.name")) {
      events[row[0]] = std::atoi(row[1].c_str());
    }
    return events;
  }
};

TEST_F(RandomKills, lose_no_answered_request_and_no_byte_of_a_ready_model) {
  const std::uint32_t seed = chosen_seed();
  std::cout << "MODELKEEP_TEST_SEED=" << seed << "\n";
  std::mt19937 random(seed);
  ASSERT_TRUE(start({}, {"--rate-total", "30MB"}));
  for (int i = 0; i < 6; ++i) {
    hub().add_repo("kill/m" + std::to_string(i), 3'000'000, i < 3 ? 50 : 50 + i);
  }
  Load load(service().url(), kClients, use_the_store);
  for (int round = 0; round < kRounds && !HasFatalFailure(); ++round) {
    system_clock().sleep_ms(50 + static_cast<std::int64_t>(random() % 350));
    kill_one(random);
  }
  ASSERT_TRUE(service().wait_healthy(5'000));
  const LoadFigures figures = load.stop();
  EXPECT_GT(figures.answered, 500);

  EXPECT_EQ(api().get("/api/stats").status, 200);
  const std::map<std::string, int> events = recorded();
  std::int64_t lost = 0;
  std::int64_t twice = 0;
  for (const Turn& turn : figures.well_answered) {
    const auto found = events.find(name_of(turn));
    if (found == events.end()) ++lost;
    if (found != events.end() && found->second > 1) ++twice;
  }
  EXPECT_EQ(lost, 0) << "of " << figures.answered;
  EXPECT_EQ(twice, 0) << "of " << figures.answered;

  // Whatever was under way comes to its end: nothing hangs in the queue.
  EXPECT_TRUE(wait_until(
      [&] {
        OutsideDatabase db(service().layout().database());
        return db.number(
                   "SELECT count(id) FROM downloads WHERE status NOT IN"
                   " ('ready', 'cancelled', 'failed')") == 0;
      },
      30'000, 200));
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
