// What a page of the list costs, and a batch of events with its counters, in a small and in a large
// catalog. Asked of SQLite through the functions that the service uses; the model rows are written
// straight, since only their number matters here.
//
// Last answer (CPU time, two cores of a shared and busy virtual machine, GCC 12, -O2): a page of 50
// of 100 models 68 us, of 100,000 models 82 to 89 us in the middle of any order; one model 4 and 7
// us; 1,000 events with counters 22 ms spread evenly over 100,000 models, 17 ms as in life; totals
// and recent activity 41 us.
#include <filesystem>
#include <random>

#include <benchmark/benchmark.h>

#include "base/check.h"
#include "base/clock.h"
#include "catalog/events.h"
#include "catalog/model_list.h"
#include "catalog/stats.h"
#include "catalog/store.h"
#include "sqlite/transaction.h"

using namespace modelkeep;
using namespace modelkeep::catalog;

namespace {

constexpr std::int64_t kSmall = 100;
constexpr std::int64_t kLarge = 100'000;
constexpr int kBatch = 1'000;

template <class T>
T must(Result<T> result) {
  CHECK(result.has_value());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

constexpr std::string_view kFillModels = R"(
  WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1)
  INSERT INTO models (id, name, status, integrity, complete, size_bytes, description, task, license,
                      format, created_at, downloaded_at, first_downloaded_by)
  SELECT printf('org%d_model-%06d', n % 97, n * 7919 % 1000003),
         printf('org%d/model-%06d', n % 97, n * 7919 % 1000003), 'ready', 'verified', 1,
         n * 104729 % 1000000007, 'A model of some use', 'text-generation', 'mit', 'safetensors', n,
         n * 31 % 65536 + 1, 'ada'
  FROM n)";
constexpr std::string_view kFillIndex = R"(
  INSERT INTO models_fts (rowid, name, canonical_name, description, tags)
  SELECT pk, name, canonical_name, description, tags FROM models)";
constexpr std::string_view kFillCounters = R"(
  UPDATE model_counters SET access_count = model_pk * 17 % 1009, total_requests = model_pk * 17 % 1009,
                            last_used_at = model_pk * 13 % 65537)";

/// A catalog of so many models, made once for the whole run.
class Catalog {
 public:
  explicit Catalog(std::int64_t models) {
    folder_ = std::filesystem::temp_directory_path() /
              ("catalog-bench-" + std::to_string(::getpid()) + '-' + std::to_string(models));
    std::filesystem::create_directories(folder_ / "locks");
    std::filesystem::create_directories(folder_ / "backups");
    StatePaths paths;
    paths.folder = folder_;
    paths.database = folder_ / "modelkeep.db";
    paths.write_lock = folder_ / "locks/db-write.lock";
    paths.prepare_lock = folder_ / "locks/prepare.lock";
    paths.backups = folder_ / "backups";
    must(prepare(paths, system_clock()));
    db_ = std::make_unique<sqlite::Connection>(must(open(paths, kImporterCacheKib)));
    {
      auto writing = must(sqlite::WriteTransaction::begin(*db_));
      must(db_->run(kFillModels, models));
      must(db_->run(kFillIndex));
      must(db_->run(kFillCounters));
      must(writing.commit());
    }
    must(save_all_ranks(*db_));
  }
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;
  ~Catalog() {
    db_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  sqlite::Connection& db() { return *db_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<sqlite::Connection> db_;
};

Catalog& catalog_of(std::int64_t models) {
  static Catalog small(kSmall);
  static Catalog large(kLarge);
  return models == kSmall ? small : large;
}

/// A page of 50 in the middle of the list: as deep as any.
void list_page(benchmark::State& state) {
  sqlite::Connection& db = catalog_of(state.range(0)).db();
  ModelQuery query;
  query.sort = static_cast<ModelSort>(state.range(1));
  query.descending = state.range(2) != 0;
  const std::int64_t middle = state.range(0) / 4;
  ModelQuery walk = query;
  walk.limit = static_cast<int>(middle);
  query.after = must(list_models(db, walk)).next;
  for (auto _ : state) {
    const ModelPage page = must(list_models(db, query));
    CHECK(page.models.size() == 50);
    benchmark::DoNotOptimize(page);
  }
}
BENCHMARK(list_page)
    ->ArgNames({"models", "sort", "desc"})
    ->ArgsProduct({{kSmall, kLarge}, {0, 1, 2, 3, 4}, {0, 1}});

void search(benchmark::State& state, const char* text) {
  sqlite::Connection& db = catalog_of(state.range(0)).db();
  ModelQuery query;
  query.filter.search = text;
  for (auto _ : state) benchmark::DoNotOptimize(must(list_models(db, query)));
}
BENCHMARK_CAPTURE(search, one_hit, "model-007919")->Arg(kLarge)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(search, thousand_hits, "org42/")->Arg(kLarge)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(search, every_model, "model")->Arg(kLarge)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(search, two_letters, "97")->Arg(kLarge)->Unit(benchmark::kMicrosecond);

void filtered_page(benchmark::State& state) {
  sqlite::Connection& db = catalog_of(state.range(0)).db();
  ModelQuery query;
  query.filter.status = ModelStatus::ready;
  for (auto _ : state) benchmark::DoNotOptimize(must(list_models(db, query)));
}
BENCHMARK(filtered_page)->Arg(kSmall)->Arg(kLarge)->Unit(benchmark::kMicrosecond);

void one_model(benchmark::State& state) {
  sqlite::Connection& db = catalog_of(state.range(0)).db();
  std::mt19937 random(1);
  std::uniform_int_distribution<std::int64_t> pick(1, state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(must(find_model_by_pk(db, pick(random))));
}
BENCHMARK(one_model)->Arg(kSmall)->Arg(kLarge);

void stats(benchmark::State& state) {
  sqlite::Connection& db = catalog_of(kLarge).db();
  for (auto _ : state) {
    benchmark::DoNotOptimize(must(totals(db)));
    benchmark::DoNotOptimize(must(recent_activity(db)));
  }
}

/// A batch of 1,000 reads, spread evenly or as in life: a few models get most of them.
void add_batch(benchmark::State& state) {
  sqlite::Connection& db = catalog_of(kLarge).db();
  const bool is_skewed = state.range(0) != 0;
  std::mt19937 random(1);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  EventNumbers numbers(EventNumbers::Ranks::later);
  std::int64_t now_ms = 1'769'000'000'000;
  int batches = 0;
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Event> events(kBatch);
    for (Event& event : events) {
      const double even = unit(random);
      const double place = is_skewed ? even * even * even * even * even * even : even;
      event.at = Time{++now_ms};
      event.action = "get";
      event.model_pk = 1 + static_cast<std::int64_t>(place * static_cast<double>(kLarge - 1));
      event.counts = Counts::access;
      event.username = "user" + std::to_string(random() % 100);
      event.ip_address = "10.0.0." + std::to_string(random() % 200);
    }
    state.ResumeTiming();
    {
      auto writing = must(sqlite::WriteTransaction::begin(db));
      must(add_events(db, numbers, events));
      must(writing.commit());
    }
    // As often as the drainer does it when batches come each 100 ms.
    if (++batches % 20 == 0) must(save_ranks(db, numbers));
  }
  state.SetItemsProcessed(state.iterations() * kBatch);
}
BENCHMARK(add_batch)
    ->ArgName("skewed")
    ->Arg(0)
    ->Arg(1)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(200);
BENCHMARK(stats);

}  // namespace

BENCHMARK_MAIN();
