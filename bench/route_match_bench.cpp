// What it costs to find the route of a request among all of them.
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "api/dispatch.h"
#include "http/path.h"
#include "http/pattern.h"

namespace {

using namespace modelkeep;

void match(benchmark::State& state, std::string_view target) {
  std::vector<http::Pattern> patterns;
  for (const api::Route& route : api::all_routes()) patterns.emplace_back(route.pattern);
  for (auto _ : state) {
    const auto path = http::Path::parse(target);
    int found = 0;
    for (const http::Pattern& pattern : patterns) found += pattern.matches(*path) ? 1 : 0;
    benchmark::DoNotOptimize(found);
  }
}
BENCHMARK_CAPTURE(match, health, "/api/health");
BENCHMARK_CAPTURE(match, model, "/api/models/google_flan-t5-small");
BENCHMARK_CAPTURE(match, file, "/api/models/google_flan-t5-small/files/onnx/decoder_model.onnx");
BENCHMARK_CAPTURE(match, nothing, "/api/no/such/route");

}  // namespace

BENCHMARK_MAIN();
