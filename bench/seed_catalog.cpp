// Fills a store's database with models and events, through the functions that the service uses, so
// that every index, counter and text index is as it would be after years of work. Nobody else may
// have the database open.
//
//   seed_catalog STATE_FOLDER MODELS EVENTS
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <random>
#include <string>

#include "base/clock.h"
#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "catalog/ask.h"
#include "catalog/events.h"
#include "catalog/models.h"
#include "catalog/publish.h"
#include "catalog/queue.h"
#include "catalog/store.h"
#include "sqlite/transaction.h"

using namespace modelkeep;
using namespace modelkeep::catalog;

namespace {

constexpr std::int64_t kFilesOfAModel = 5;
constexpr std::int64_t kUsers = 1'000;
constexpr std::int64_t kModelsOfAUser = 20;
constexpr std::size_t kBatch = 10'000;
constexpr std::array kTasks = {"text-generation", "fill-mask", "image-classification"};
constexpr std::array kFormats = {"safetensors", "gguf", "pytorch"};
constexpr std::array kLicenses = {"apache-2.0", "mit", "llama3"};

std::string numbered(const char* format, std::int64_t number) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, static_cast<long long>(number));
  return text.data();
}

Time time_of(std::int64_t number) {
  return {1'760'000'000'000 + number * 1'000};
}

template <std::size_t N>
std::string pick(const std::array<const char*, N>& words, std::int64_t number) {
  return words.at(static_cast<std::size_t>(number) % N);
}

Plan plan_of(std::int64_t number) {
  Plan plan;
  for (std::int64_t file = 0; file < kFilesOfAModel; ++file) {
    const std::string sha256 = sha256_hex(std::to_string(number) + "/" + std::to_string(file));
    plan.files.push_back(
        {numbered("model-%05lld.safetensors", file), 1'000'000 + number + file, sha256, "", true});
  }
  return plan;
}

/// From the asking to `ready`, as a fetcher does it.
Result<> add_model(sqlite::Connection& db, std::int64_t number) {
  const Time now = time_of(number);
  const std::string name =
      "org" + std::to_string(number % 97) + "/" + numbered("model-%06lld", number);
  TRY(ask_for_model(db,
                    {.name = name,
                     .revision = "main",
                     .allow_patterns = {},
                     .ignore_patterns = {},
                     .priority = std::nullopt,
                     .username = "user" + std::to_string(number % kUsers),
                     .ip_address = "10.0.0." + std::to_string(number % 250)},
                    now));
  const std::optional<Download> download = TRY(claim_next_queued(db, now));
  if (!download) return fail(ErrorKind::internal, codes::internal_error, "the queue is empty");
  const Claim claim{download->id, download->epoch};
  const std::string commit = sha256_hex(name).substr(0, 40);
  TRY(save_facts(db, claim,
                 {.commit = commit,
                  .canonical_name = name,
                  .task = pick(kTasks, number),
                  .license = pick(kLicenses, number),
                  .library = "transformers",
                  .format = pick(kFormats, number),
                  .gated = ""}));
  const Plan plan = plan_of(number);
  TRY(save_plan(db, claim, plan));
  TRY(move_to(db, claim, DownloadStatus::verifying));
  TRY(move_to(db, claim, DownloadStatus::publishing));
  Published published;
  for (const PlannedFile& file : plan.files) {
    published.files.push_back({file.path, file.size_bytes, file.sha256, file.git_oid, now});
  }
  return publish(db, claim, published, now);
}

/// A few users ask most, and each has a few models, as in life.
std::int64_t skewed(std::mt19937_64& random, std::int64_t count) {
  std::uniform_real_distribution<double> share(0.0, 1.0);
  const double x = share(random);
  return static_cast<std::int64_t>(x * x * x * static_cast<double>(count));
}

Result<> add_batch(sqlite::Connection& db, EventNumbers& numbers, const std::vector<Event>& batch) {
  sqlite::WriteTransaction transaction = TRY(sqlite::WriteTransaction::begin(db));
  TRY(add_events(db, numbers, batch));
  return transaction.commit();
}

Result<> add_history(sqlite::Connection& db, std::int64_t models, std::int64_t events) {
  std::mt19937_64 random(1);
  EventNumbers numbers;
  std::vector<Event> batch;
  for (std::int64_t number = 0; number < events; ++number) {
    Event event;
    event.at = time_of(models + number / 10);
    event.action = number % 10 == 0 ? "list" : "get";
    const std::int64_t user = skewed(random, kUsers);
    event.username = "user" + std::to_string(user);
    if (event.action == "get" && models > 0) {
      event.model_pk = 1 + (user * kModelsOfAUser + skewed(random, kModelsOfAUser)) % models;
    }
    event.counts = event.model_pk ? Counts::access : Counts::nothing;
    event.ip_address = "10.0.0." + std::to_string(number % 250);
    batch.push_back(std::move(event));
    if (batch.size() < kBatch && number + 1 < events) continue;
    TRY(add_batch(db, numbers, batch));
    batch.clear();
  }
  return {};
}

Result<> seed(const std::string& folder, std::int64_t models, std::int64_t events) {
  const StatePaths paths{.folder = folder,
                         .database = folder + "/modelkeep.db",
                         .write_lock = folder + "/seed.lock",
                         .prepare_lock = folder + "/prepare.lock",
                         .backups = folder + "/backups",
                         .ballast = folder + "/ballast"};
  std::error_code ignored;
  std::filesystem::create_directories(paths.backups, ignored);
  TRY(prepare(paths, system_clock()));
  sqlite::Connection db = TRY(open(paths));
  for (std::int64_t number = 0; number < models; ++number) TRY(add_model(db, number));
  return add_history(db, models, events);
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: seed_catalog STATE_FOLDER MODELS EVENTS\n");
    return 2;
  }
  const auto models = static_cast<std::int64_t>(parse_decimal(words[2]).value_or(0));
  const auto events = static_cast<std::int64_t>(parse_decimal(words[3]).value_or(0));
  const Result<> done = seed(words[1], models, events);
  if (done) return 0;
  log::failure("seed.failed", done.error());
  return 1;
}
