// Downloads from a hub that misbehaves: F19 to F33 of docs/faults-and-inputs.md; each file by one
// request, and in many ranges over many connections.
#include "tests/fetch/fetch_fixture.h"

namespace modelkeep::fetch {
namespace {

using standin::Call;

constexpr const char* kModel = "test/medium";
constexpr const char* kFile = "model.safetensors";
constexpr std::uint64_t kFileBytes = std::uint64_t{8} << 20;

class FaultTest : public FetchTest, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    FetchTest::SetUp();
    if (in_ranges()) config_.ranges = {256 << 10, 64 << 10, 512 << 10};
  }
  bool in_ranges() const { return GetParam() == std::string_view("in_ranges"); }
  std::string outcome() { return status_of(bring(kModel)); }
  std::uint64_t cdn_bytes() { return hub_->log().calls["cdn"].body_bytes; }
  void expect_ready() {
    EXPECT_EQ(outcome(), "ready");
    expect_whole("test_medium", kModel);
    EXPECT_EQ(hub_->log().token_leaks, 0U);
    EXPECT_TRUE(staged().empty());
  }
  // Patience of a second; a busy machine may then take an honest answer for a stall, so more tries.
  void be_impatient() {
    config_.upstream.patience = {.connect_ms = 1'000,
                                 .first_byte_ms = 1'000,
                                 .low_speed_bytes_per_second = 100,
                                 .low_speed_seconds = 1};
    config_.retry.tries_max = 50;
  }
  void expect_failed(const std::string& code) {
    token_ = "hf_standin0reader0000000000000000000000";
    EXPECT_EQ(outcome(), "failed " + code);
    EXPECT_EQ(read("test_medium", kFile), "(absent)");
    EXPECT_EQ(hub_->log().token_leaks, 0U);
  }
};

TEST_P(FaultTest, F19_a_broken_transfer_goes_on_where_it_broke) {
  fault(R"({"kind":"truncate","match":"model.safetensors","call":"cdn","after_bytes":3000000})");
  fault(R"({"kind":"reset","match":"model.safetensors","call":"cdn","after_bytes":3000000})");
  expect_ready();
  EXPECT_LT(cdn_bytes(), kFileBytes + kFileBytes / 2);
}

TEST_P(FaultTest, F20_an_ignored_range_starts_over_and_appends_nothing) {
  fault(
      R"({"faults":[{"kind":"truncate","match":"model.safetensors","call":"cdn","after_bytes":3000000},
                      {"kind":"ignore_range","match":"model.safetensors","call":"cdn"}]})");
  expect_ready();
}

TEST_P(FaultTest, F21_a_wrong_range_is_never_appended) {
  for (const char* kind : {"wrong_start", "wrong_total", "length_equals_offset", "unsatisfiable"}) {
    SCOPED_TRACE(kind);
    fault(R"({"kind":"truncate","match":"model.safetensors","call":"cdn","after_bytes":3000000})");
    fault(std::string(R"({"match":"model.safetensors","call":"cdn","kind":")") + kind + "\"}");
    expect_ready();
    must(catalog::delete_model(db(), "test_medium", system_clock().now()));
    const auto sha = hub_->repos().find(kModel)->head()->find(kFile)->sha256;
    must(storage::BlobStore(posix_files(), layout()).remove(sha));
    std::filesystem::remove_all(layout().model_dir("test_medium"));
  }
}

TEST_P(FaultTest, F22_flipped_bytes_are_fetched_again_once) {
  fault(R"({"kind":"flip","match":"model.safetensors","at":5000000})");
  expect_ready();
}

TEST_P(FaultTest, F22_bytes_that_stay_wrong_are_never_published) {
  fault(R"({"kind":"flip","match":"model.safetensors","at":5000000,"times":-1})");
  expect_failed("checksum_mismatch");
  EXPECT_LT(cdn_bytes(), 3 * kFileBytes);
}

TEST_P(FaultTest, F23_more_bytes_than_listed_are_refused) {
  fault(R"({"kind":"longer","match":"model.safetensors","times":-1})");
  expect_failed("upstream_size_mismatch");
}

TEST_P(FaultTest, F23_a_body_without_an_end_is_stopped_at_the_size) {
  fault(R"({"kind":"endless","match":"model.safetensors","times":-1})");
  expect_failed("upstream_size_mismatch");
  // What lies in the sockets was sent too: some MiB for each connection.
  EXPECT_LT(cdn_bytes(), (in_ranges() ? 16 : 4) * kFileBytes);
}

TEST_P(FaultTest, F23_a_body_without_a_length_is_fine_when_it_is_right) {
  fault(R"({"kind":"no_length","match":"model.safetensors"})");
  expect_ready();
}

TEST_P(FaultTest, F24_compressed_bodies_are_refused) {
  fault(R"({"kind":"gzip","match":"model.safetensors","times":-1})");
  expect_failed("upstream_encoding_refused");
}

TEST_P(FaultTest, F25_an_expired_address_is_asked_for_anew) {
  fault(
      R"({"faults":[{"kind":"truncate","match":"model.safetensors","call":"cdn","after_bytes":3000000},
                      {"kind":"expired_url","match":"model.safetensors","times":1}]})");
  expect_ready();
}

TEST_P(FaultTest, F25_addresses_that_are_always_refused_fail_in_the_end) {
  fault(R"({"kind":"expired_url","match":"model.safetensors","times":-1})");
  expect_failed("upstream_url_expired");
}

TEST_P(FaultTest, F26_a_rate_limit_is_waited_for) {
  fault(R"({"kind":"rate_limited","match":"test/medium","call":"tree","retry_after":"1"})");
  const std::int64_t started_ms = system_clock().mono_ms();
  expect_ready();
  EXPECT_GE(system_clock().mono_ms() - started_ms, 1000);
}

TEST_P(FaultTest, F26_a_limit_in_no_known_form_is_waited_for_as_the_window_says) {
  fault(
      R"({"kind":"rate_limited","match":"model.safetensors","call":"resolve","retry_after":"garbage"})");
  const std::int64_t id = ask(kModel);
  ASSERT_TRUE(take_turn());
  EXPECT_EQ(status_of(row(id)), "queued");
  EXPECT_EQ(text(row(id).wait_reason), "rate_limited");
  EXPECT_LE(row(id).not_before.ms - system_clock().now().ms, 3'600'000);
}

TEST_P(FaultTest, F26_a_wish_for_thirty_years_is_an_hour_in_the_queue) {
  fault(
      R"({"kind":"rate_limited","match":"test/medium","call":"info","retry_after":"1000000000"})");
  const std::int64_t id = ask(kModel);
  ASSERT_TRUE(take_turn());
  const auto download = row(id);
  EXPECT_EQ(status_of(download), "queued");
  EXPECT_EQ(text(download.wait_reason), "rate_limited");
  EXPECT_LE(download.not_before.ms - system_clock().now().ms, 3'600'000);
  EXPECT_GT(download.not_before.ms - system_clock().now().ms, 3'500'000);
}

TEST_P(FaultTest, F27_a_storm_of_errors_passes) {
  for (const int status : {500, 502, 503, 504}) {
    fault(R"({"kind":"status","match":"test/medium","call":"any","times":2,"status":)" +
          std::to_string(status) + "}");
  }
  expect_ready();
}

TEST_P(FaultTest, F27_tries_are_bounded) {
  fault(R"({"kind":"status","match":"test/medium","call":"any","times":-1,"status":503})");
  expect_failed("upstream_unavailable");
  EXPECT_LE(hub_->log().requests.size(), 15U);
}

TEST_P(FaultTest, F28_a_stalled_transfer_is_replaced) {
  be_impatient();
  fault(R"({"kind":"stall","match":"model.safetensors","call":"cdn","after_bytes":10})");
  fault(R"({"kind":"silence","match":"model.safetensors","call":"resolve"})");
  expect_ready();
}

TEST_P(FaultTest, F28_a_drip_is_too_slow) {
  be_impatient();
  fault(
      R"({"kind":"drip","match":"model.safetensors","call":"cdn","after_bytes":1000,"bytes_per_s":1})");
  expect_ready();
}

TEST_P(FaultTest, F29_redirects_to_where_we_must_not_go_are_refused) {
  for (const char* kind :
       {"redirect_loop", "redirect_file", "redirect_ftp", "redirect_http", "redirect_metadata"}) {
    SCOPED_TRACE(kind);
    hub_->reset();
    fault(std::string(R"({"match":"model.safetensors","call":"resolve","times":-1,"kind":")") +
          kind + "\"}");
    expect_failed("upstream_redirect_refused");
    must(catalog::delete_model(db(), "test_medium", system_clock().now()));
  }
}

TEST_P(FaultTest, F29_a_few_hops_are_fine_and_the_sink_sees_no_token) {
  token_ = "hf_standin0reader0000000000000000000000";
  fault(R"({"kind":"redirect_hops","match":"model.safetensors","call":"resolve","count":3})");
  fault(R"({"kind":"redirect_sink","match":"config.json","call":"resolve","times":1})");
  const auto download = bring(kModel);
  EXPECT_EQ(hub_->log().token_leaks, 0U);
  EXPECT_NE(text(download.status), "publishing");
}

TEST_P(FaultTest, F30_headers_without_end_are_refused_and_do_no_harm) {
  fault(R"({"kind":"huge_header","match":"model.safetensors","call":"cdn"})");
  fault(R"({"kind":"many_headers","match":"model.safetensors","call":"cdn"})");
  expect_ready();
}

TEST_P(FaultTest, F31_each_way_to_be_out_of_reach_has_its_code) {
  config_.retry.tries_max = 2;
  config_.upstream.endpoint = "http://127.0.0.1:1";
  EXPECT_EQ(outcome(), "failed upstream_unavailable");
  config_.upstream.endpoint = "http://no-such-host.invalid";
  EXPECT_EQ(status_of(bring("test/other")), "failed upstream_dns_failed");
}

TEST_P(FaultTest, F31_a_certificate_that_does_not_fit_is_not_accepted) {
  config_.retry.tries_max = 3;
  fault(R"({"kind":"redirect_tls","match":"model.safetensors","call":"resolve","times":-1})");
  expect_failed("upstream_tls_failed");
  EXPECT_EQ(hub_->log().count(standin::Call::sink), 0U);
}

TEST_P(FaultTest, F28_is_seen_as_stalled_with_the_number_of_the_try) {
  be_impatient();
  fault(R"({"kind":"stall","match":"model.safetensors","call":"cdn","after_bytes":10,"times":-1})");
  const std::int64_t id = ask(std::string(kModel));
  int most = 0;
  {
    const std::jthread watch([&](const std::stop_token& over) {
      auto db = must(catalog::open(config_.state));
      while (!over.stop_requested() && most < 2) {
        const auto seen = must(catalog::find_download(db, id));
        if (seen.status == catalog::DownloadStatus::downloading)
          most = std::max(most, seen.stalled_tries);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
      must(catalog::pause_download(db, id));
    });
    take_turn();
  }
  EXPECT_GE(most, 2);
}

TEST_P(FaultTest, F32_a_branch_that_moves_meanwhile_changes_nothing) {
  const auto before = hub_->repos().find("test/history")->head();
  fault(R"({"kind":"branch_moves","match":"test/history","call":"resolve"})");
  EXPECT_EQ(status_of(bring("test/history")), "ready");
  const auto model = must(catalog::find_model(db(), "test_history"));
  EXPECT_EQ(model.commit, before->commit);
  EXPECT_EQ(must(catalog::model_files(db(), model.pk)).size(), before->files.size());
}

TEST_P(FaultTest, F33_a_repo_that_goes_or_closes_meanwhile_fails_with_its_cause) {
  fault(R"({"kind":"repo_gated","match":"test/medium","call":"resolve"})");
  expect_failed("upstream_gated");
  must(catalog::delete_model(db(), "test_medium", system_clock().now()));
  hub_->reset();
  fault(R"({"kind":"repo_deleted","match":"test/medium","call":"resolve"})");
  expect_failed("upstream_not_found");
  EXPECT_FALSE(staged().empty());
}

TEST_P(FaultTest, pages_instead_of_answers_are_tried_again) {
  fault(R"({"kind":"html","match":"test/medium","call":"info"})");
  fault(R"({"kind":"broken_json","match":"test/medium","call":"tree"})");
  expect_ready();
}

INSTANTIATE_TEST_SUITE_P(Files, FaultTest, ::testing::Values("whole", "in_ranges"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace modelkeep::fetch
