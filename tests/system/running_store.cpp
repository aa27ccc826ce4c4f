#include "tests/system/running_store.h"

#include <utility>

namespace modelkeep::system_test {

void RunningStore::prepare(ServiceOptions options, const std::vector<std::string>& hub_options) {
  service_.reset();
  hub_ = std::make_unique<Hub>(hub_options);
  if (options.upstream.empty()) options.upstream = hub_->url();
  service_ = std::make_unique<Service>(std::move(options));
  api_ = std::make_unique<Client>(service_->url());
}

bool RunningStore::start(ServiceOptions options, const std::vector<std::string>& hub_options) {
  prepare(std::move(options), hub_options);
  return service_->start();
}

std::int64_t RunningStore::ask(std::string_view model_name, std::string_view more) {
  const Answer answer = api().post("/api/models/download", asking(model_name, more));
  EXPECT_TRUE(answer.status == 202 || answer.status == 200) << answer.brief();
  return answer.number("download.id");
}

Answer RunningStore::download(std::int64_t id) {
  return api().get("/api/downloads/" + std::to_string(id));
}

Answer RunningStore::model(const std::string& id) {
  return api().get("/api/models/" + id);
}

bool RunningStore::wait_for(std::int64_t download_id, std::string_view status,
                            std::int64_t timeout_ms) {
  std::string seen;
  std::string whole;
  const auto is_final = [&] { return seen == "ready" || seen == "failed" || seen == "cancelled"; };
  wait_until(
      [&] {
        const Answer answer = download(download_id);
        if (answer.status != 200) return false;
        seen = answer.text("download.status");
        whole = answer.body;
        return seen == status || is_final();
      },
      timeout_ms, 50);
  EXPECT_EQ(seen, status) << whole;
  return seen == status;
}

bool RunningStore::fetch(std::string_view model_name, std::string_view more) {
  const std::int64_t id = ask(model_name, more);
  return id > 0 && wait_for(id, "ready");
}

bool RunningStore::wait_for_bytes(std::int64_t download_id, std::int64_t bytes,
                                  std::int64_t timeout_ms) {
  const bool seen = wait_until(
      [&] { return download(download_id).number("download.bytes_done") >= bytes; }, timeout_ms);
  EXPECT_TRUE(seen) << download(download_id).body;
  return seen;
}

std::int64_t RunningStore::total_requests() {
  return api().get("/api/stats").number("stats.total_requests");
}

}  // namespace modelkeep::system_test
