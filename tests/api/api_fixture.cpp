#include "tests/api/api_fixture.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/log.h"
#include "catalog/publish.h"

namespace modelkeep::api {
namespace {

http::Request request_of(const Sent& sent) {
  http::Request request;
  request.method = sent.method;
  request.target = sent.target;
  request.body = sent.body;
  if (!sent.body.empty()) request.content_type = sent.content_type;
  request.host = sent.host;
  request.origin = sent.origin;
  request.sec_fetch_site = sent.sec_fetch_site;
  request.username = sent.username;
  request.if_match = sent.if_match;
  request.remote_address = sent.address;
  request.request_id = "0123456789abcdef";
  request.repeated_header = sent.repeated_header;
  request.forwarded = sent.forwarded;
  request.body_too_large = sent.body_too_large;
  return request;
}

catalog::PlannedFile planned(const std::string& path) {
  catalog::PlannedFile file;
  file.path = path;
  file.size_bytes = static_cast<std::int64_t>(path.size());
  file.sha256 = sha256_hex(path);
  file.is_lfs = true;
  return file;
}

}  // namespace

std::string Answer::code() const {
  if (status < 400) return "ok";
  return std::string{(*this)["code"].as_string().value_or("(no code)")};
}

ApiFixture::ApiFixture() : layout_(folder_.path()), services_(make_services()) {
  restart();
}

Services ApiFixture::make_services() {
  log::set_level(log::Level::warn);
  for (const std::string& path : {layout_.state_dir(), layout_.locks_dir(), layout_.journal_dir(),
                                  layout_.backups_dir(), layout_.run_dir()}) {
    std::filesystem::create_directories(path);
  }
  std::ofstream{layout_.marker()} << "x";
  state_.folder = layout_.state_dir();
  state_.prepare_lock = layout_.lock("prepare");
  state_.database = layout_.database();
  state_.write_lock = layout_.db_write_lock();
  state_.backups = layout_.backups_dir();
  state_.ballast = layout_.ballast();
  CHECK(catalog::prepare(state_, clock_));
  db_ = catalog::open(state_).value();
  pulse_ = usage::Pulse::open(layout_.pulse()).value();
  journal_ = usage::Journal::open(layout_.journal_dir(), "worker", *pulse_).value();
  Services services{.mount = layout_.mount(),
                    .store_marker = layout_.marker(),
                    .state = state_,
                    .drain = {layout_.journal_dir(), layout_.drain_lock(), layout_.lock("drainer")},
                    .journal = *journal_,
                    .pulse = *pulse_,
                    .clock = clock_,
                    .version = "0.1.0",
                    .upstream_endpoint = "https://huggingface.co",
                    .gate = {},
                    .hosts = {},
                    .is_long_pool = true,
                    .stop = {}};
  services.wake_fetchers = [this] {
    ++wakes_;
    return on_wake && on_wake();
  };
  services.remove_pending = [this] { ++removals_asked_; };
  return services;
}

void ApiFixture::restart() {
  api_ = std::make_unique<Api>(services_);
}

Answer ApiFixture::send(const Sent& sent) {
  clock_.advance_ms(1'000);
  const http::Response response = api_->handle(request_of(sent), thread_);
  Answer answer;
  answer.status = response.status;
  answer.type = response.content_type;
  answer.text = response.body;
  for (const http::Header& header : response.headers)
    answer.headers[std::string{header.name}] = header.value;
  constexpr json::Limits kAnything{64u << 20, 64, 10'000'000, 1u << 20, true};
  if (auto document = json::Document::parse(answer.text, kAnything))
    answer.document = std::move(*document);
  return answer;
}

Answer ApiFixture::get(const std::string& target) {
  return send({.method = "GET", .target = target});
}
Answer ApiFixture::post(const std::string& target, const std::string& body) {
  return send({.method = "POST", .target = target, .body = body});
}
Answer ApiFixture::put(const std::string& target, const std::string& body) {
  return send({.method = "PUT", .target = target, .body = body});
}
Answer ApiFixture::del(const std::string& target) {
  return send({.method = "DELETE", .target = target});
}

Answer ApiFixture::ask(const std::string& name, const std::string& username) {
  return post("/api/models/download",
              R"({"model_name":")" + name + R"(","username":")" + username + "\"}");
}

catalog::Download ApiFixture::claim() {
  auto claimed = catalog::claim_next_queued(*db_, clock_.now());
  CHECK(claimed && *claimed);
  return std::move(**claimed);
}

void ApiFixture::fetch_next(const std::vector<std::string>& paths) {
  const catalog::Download download = claim();
  const catalog::Claim claim{download.id, download.epoch};
  catalog::ModelFacts facts;
  facts.commit = std::string(40, 'a');
  facts.canonical_name = download.model_name;
  CHECK(catalog::save_facts(*db_, claim, facts));
  catalog::Plan plan;
  plan.wanted_version = download.wanted_version;
  catalog::Published published;
  for (const std::string& path : paths) {
    plan.files.push_back(planned(path));
    const catalog::PlannedFile& file = plan.files.back();
    published.files.push_back({path, file.size_bytes, file.sha256, {}, clock_.now()});
  }
  const auto files = catalog::save_plan(*db_, claim, plan);
  CHECK(files);
  CHECK(catalog::move_to(*db_, claim, catalog::DownloadStatus::downloading));
  CHECK(catalog::move_to(*db_, claim, catalog::DownloadStatus::verifying));
  for (const catalog::DownloadFile& file : *files) {
    CHECK(catalog::save_digests(*db_, claim, {{file.number, file.sha256}}));
  }
  CHECK(catalog::move_to(*db_, claim, catalog::DownloadStatus::publishing));
  CHECK(catalog::publish(*db_, claim, published, clock_.now()));
}

void ApiFixture::fail_next(const Error& error) {
  const catalog::Download download = claim();
  CHECK(catalog::fail_download(*db_, {download.id, download.epoch}, error, clock_.now()));
}

void ApiFixture::add_model(const std::string& name) {
  CHECK(ask(name).status == 202);
  fetch_next();
}

}  // namespace modelkeep::api
