// What a page of 50 models and one model with its files cost as JSON.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "api/model_wire.h"
#include "base/json.h"
#include "catalog/models.h"

namespace {

using namespace modelkeep;

catalog::Model model_of(int number) {
  catalog::Model model;
  model.pk = number;
  model.id = "org_model-" + std::to_string(number);
  model.name = "org/model-" + std::to_string(number);
  model.canonical_name = model.name;
  model.status = catalog::ModelStatus::ready;
  model.integrity = catalog::Integrity::verified;
  model.complete = true;
  model.revision = "main";
  model.commit = std::string(40, 'a');
  model.size_bytes = 1'000'000;
  model.description = "A model that is here to be measured.";
  model.tags = {"english", "baseline"};
  model.task = "text-generation";
  model.license = "apache-2.0";
  model.first_downloaded_by = "john";
  model.first_downloaded_from = "192.168.1.100";
  model.created_at = {1'760'000'000'000};
  model.downloaded_at = Time{1'760'000'000'000};
  model.stats = {5, 12, 17, 3, Time{1'760'000'000'000}};
  return model;
}

void page_of_50(benchmark::State& state) {
  std::vector<catalog::Model> models;
  for (int i = 0; i < 50; ++i) models.push_back(model_of(i));
  std::size_t bytes = 0;
  for (auto _ : state) {
    json::Writer out;
    out.begin_object().member("success", true).key("models").begin_array();
    for (const catalog::Model& model : models) out.value(api::ModelWire{model, "/mnt/models"});
    out.end_array().member("total", 10'000).end_object();
    std::string text = out.take();
    bytes = text.size();
    benchmark::DoNotOptimize(text);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes) * state.iterations());
}
BENCHMARK(page_of_50);

void parse_request_body(benchmark::State& state) {
  const std::string body =
      R"({"model_name":"google/flan-t5-small","username":"john","revision":"main"})";
  for (auto _ : state) {
    auto document = json::Document::parse(body);
    benchmark::DoNotOptimize(document);
  }
}
BENCHMARK(parse_request_body);

}  // namespace

BENCHMARK_MAIN();
