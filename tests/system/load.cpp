#include "tests/system/load.h"

#include <algorithm>
#include <utility>

#include "tests/system/wait_until.h"

namespace modelkeep::system_test {
namespace {

constexpr std::size_t kFailuresKept = 5;

bool nobody_listened(const Answer& answer) {
  return answer.status == 0 && answer.failure.starts_with("connection_failed");
}

void note(LoadFigures& figures, const Answer& answer, const Turn& turn, std::int64_t took_ms) {
  ++figures.sent;
  if (nobody_listened(answer)) {
    ++figures.refused;
    return;
  }
  if (answer.status != 0) {
    ++figures.answered;
    figures.latencies_ms.push_back(took_ms);
  }
  if (answer.status != 0 && answer.status < 500) {
    figures.well_answered.push_back(turn);
    return;
  }
  ++figures.failed;
  if (figures.failures.size() < kFailuresKept) figures.failures.push_back(answer.brief());
}

}  // namespace

Load::Load(const std::string& url, int clients, Ask ask) : ask_(std::move(ask)) {
  for (int number = 0; number < clients; ++number) {
    threads_.emplace_back(
        [this, number, url](const std::stop_token& stop) { run(number, url, stop); });
  }
}

Load::~Load() {
  stop();
}

void Load::run(int number, const std::string& url, const std::stop_token& stop) {
  Client client(url);
  for (std::int64_t turn = 0; !stop.stop_requested(); ++turn) {
    const Stopwatch watch;
    const Answer answer = ask_(client, number, turn);
    if (answer.status != 0) ++answered_;
    figures_.with([&](LoadFigures& figures) { note(figures, answer, {number, turn}, watch.ms()); });
    if (answer.status == 0) system_clock().sleep_ms(5);
  }
}

LoadFigures Load::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  threads_.clear();
  return figures_.with([](LoadFigures& figures) { return figures; });
}

Answer ask_a_mixture(Client& client, int number, std::int64_t turn) {
  switch ((number + turn) % 4) {
    case 0:
      return client.get("/api/health");
    case 1:
      return client.get("/api/models?limit=10");
    case 2:
      return client.get("/api/models/test_tiny");
    default:
      return client.get("/api/downloads");
  }
}

std::int64_t percentile(std::vector<std::int64_t> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size() - 1));
  return values[index];
}

}  // namespace modelkeep::system_test
