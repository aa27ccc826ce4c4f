// What it costs to write an event down before its answer leaves.
#include <cstdlib>
#include <string>

#include <benchmark/benchmark.h>

#include "tests/support/temp_folder.h"
#include "usage/journal.h"
#include "usage/pulse.h"

namespace {

using namespace modelkeep;

usage::Event event_of_a_get() {
  usage::Event event;
  event.at = {1'760'000'000'000};
  event.action = "get";
  event.model_pk = 12'345;
  event.counts = usage::Counts::access;
  event.username = "john";
  event.ip_address = "192.168.1.100";
  return event;
}

void record_line(benchmark::State& state) {
  const usage::Event event = event_of_a_get();
  for (auto _ : state) {
    std::string line = usage::record_line(event);
    benchmark::DoNotOptimize(line);
  }
}
BENCHMARK(record_line);

void append(benchmark::State& state) {
  const TempFolder folder;
  auto pulse = usage::Pulse::open(folder.path() + "/pulse");
  CHECK(pulse.has_value());
  auto journal = usage::Journal::open(folder.path(), "bench", *pulse);
  CHECK(journal.has_value());
  const usage::Event event = event_of_a_get();
  for (auto _ : state) CHECK(journal->append(event).has_value());
}
BENCHMARK(append)->Iterations(500'000);

}  // namespace

BENCHMARK_MAIN();
