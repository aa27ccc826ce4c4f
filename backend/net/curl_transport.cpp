#include "net/curl_transport.h"

#include <map>
#include <mutex>
#include <utility>

#include "base/error_codes.h"
#include "net/curl_exchange.h"

namespace modelkeep::net {
namespace {

auto out_of_memory() {
  return fail(ErrorKind::internal, codes::internal_error, "Out of memory.");
}

class CurlBulk : public BulkSession {
 public:
  CurlBulk(EgressState& state, CurlMulti multi) : state_(state), multi_(std::move(multi)) {}
  CurlBulk(const CurlBulk&) = delete;
  CurlBulk& operator=(const CurlBulk&) = delete;
  ~CurlBulk() override {
    while (!running_.empty()) abandon(running_.begin()->first);
  }

  Result<> start(std::uint64_t key, Request request, Sink& sink) override {
    auto exchange = std::make_unique<Exchange>(state_, std::move(request), sink);
    TRY(add_hop(*exchange));
    running_[key] = std::move(exchange);
    return {};
  }

  void abandon(std::uint64_t key) override {
    const auto found = running_.find(key);
    if (found == running_.end()) return;
    curl_multi_remove_handle(multi_.get(), found->second->handle());
    running_.erase(found);
  }

  std::vector<Finished> drive(int wait_ms) override {
    int active = 0;
    curl_multi_perform(multi_.get(), &active);
    std::vector<Finished> finished = collect();
    if (!finished.empty()) return finished;
    curl_multi_poll(multi_.get(), nullptr, 0, wait_ms, nullptr);
    curl_multi_perform(multi_.get(), &active);
    return collect();
  }

  std::size_t running() const override { return running_.size(); }
  void wake() override { curl_multi_wakeup(multi_.get()); }

 private:
  Result<> add_hop(Exchange& exchange) {
    CURL* easy = TRY(exchange.open_hop());
    if (curl_multi_add_handle(multi_.get(), easy) != CURLM_OK) return out_of_memory();
    return {};
  }

  std::vector<Finished> collect() {
    std::vector<Finished> finished;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      // The message dies with the handle's removal, so its parts are taken first.
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      curl_multi_remove_handle(multi_.get(), easy);
      for (auto entry = running_.begin(); entry != running_.end(); ++entry) {
        if (entry->second->handle() != easy) continue;
        if (auto outcome = end_hop(*entry->second, code)) {
          finished.push_back({entry->first, std::move(*outcome)});
          running_.erase(entry);
        }
        break;
      }
    }
    return finished;
  }

  std::optional<Result<ResponseHead>> end_hop(Exchange& exchange, CURLcode code) {
    auto outcome = exchange.close_hop(code);
    if (outcome) return outcome;
    if (auto added = add_hop(exchange); !added) return tl::unexpected{std::move(added).error()};
    return std::nullopt;
  }

  EgressState& state_;
  CurlMulti multi_;
  std::map<std::uint64_t, std::unique_ptr<Exchange>> running_;
};

class CurlTransport : public Transport {
 public:
  CurlTransport(Egress egress, std::string user_agent, CurlMulti connections)
      : state_{std::move(egress), std::move(user_agent), std::nullopt},
        single_(state_, std::move(connections)) {}

  // A session of one, so that connections are reused between calls and a fresh handle a hop costs
  // nothing.
  Result<ResponseHead> stream(const Request& request, Sink& sink) override {
    constexpr int kWaitMs = 200;
    TRY(single_.start(0, request, sink));
    while (true) {
      auto finished = single_.drive(kWaitMs);
      if (!finished.empty()) return std::move(finished.front().outcome);
    }
  }

  Result<std::unique_ptr<BulkSession>> open_bulk() override {
    CurlMulti multi(curl_multi_init());
    if (!multi) return out_of_memory();
    return std::make_unique<CurlBulk>(state_, std::move(multi));
  }

 private:
  EgressState state_;
  CurlBulk single_;
};

}  // namespace

Result<std::unique_ptr<Transport>> make_curl_transport(Egress egress, std::string user_agent) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CurlMulti multi(curl_multi_init());
  if (!multi) return out_of_memory();
  return std::make_unique<CurlTransport>(std::move(egress), std::move(user_agent),
                                         std::move(multi));
}

}  // namespace modelkeep::net
