// How fast bytes are verified; without the CPU's SHA instructions this is the limit of a download.
#include <string>

#include <benchmark/benchmark.h>

#include "base/digest.h"

namespace {

using namespace modelkeep;

void sha256(benchmark::State& state) {
  const std::string block(static_cast<std::size_t>(state.range(0)), 'x');
  Digest digest = Digest::sha256();
  for (auto _ : state) digest.update(block);
  state.SetBytesProcessed(state.range(0) * state.iterations());
}
BENCHMARK(sha256)->Arg(1 << 10)->Arg(16 << 10)->Arg(512 << 10);

void git_blob(benchmark::State& state) {
  const std::string block(static_cast<std::size_t>(state.range(0)), 'x');
  Digest digest = Digest::git_blob(1ULL << 40U);
  for (auto _ : state) digest.update(block);
  state.SetBytesProcessed(state.range(0) * state.iterations());
}
BENCHMARK(git_blob)->Arg(512 << 10);

}  // namespace

BENCHMARK_MAIN();
