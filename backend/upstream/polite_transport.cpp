#include "upstream/polite_transport.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace modelkeep::upstream {
namespace {

/// What all of one transport share.
struct Manners {
  RateLimits limits;
  Clock& clock;
  std::string endpoint;

  bool concerns(const net::Request& request) const {
    const std::string_view url = request.url;
    return !request.shortcut && url.starts_with(endpoint) &&
           url.substr(endpoint.size()).starts_with('/');
  }

  /// The answer that the Hub would give, while it would give no other.
  std::optional<net::ResponseHead> refusal(const net::Request& request) const {
    if (!concerns(request)) return std::nullopt;
    const std::int64_t left_s = limits.seconds_left(quota_of(request.url), clock.now());
    if (left_s == 0) return std::nullopt;
    net::ResponseHead head;
    head.status = 429;
    head.url = request.url;
    head.headers.add("Retry-After", std::to_string(left_s));
    head.origin_headers = head.headers;
    return head;
  }
};

/// Reads what passes through it.
class NotingSink : public net::Sink {
 public:
  NotingSink(Manners& manners, Quota quota, net::Sink& inner)
      : manners_(manners), quota_(quota), inner_(inner) {}

  Result<> begin(const net::ResponseHead& head) override {
    manners_.limits.note(quota_, head, manners_.clock.now());
    return inner_.begin(head);
  }
  Result<> write(std::span<const char> bytes) override { return inner_.write(bytes); }

 private:
  Manners& manners_;
  Quota quota_;
  net::Sink& inner_;
};

class PoliteSession : public net::BulkSession {
 public:
  PoliteSession(std::unique_ptr<net::BulkSession> inner, Manners& manners)
      : manners_(manners), inner_(std::move(inner)) {}

  Result<> start(std::uint64_t key, net::Request request, net::Sink& sink) override {
    if (auto head = manners_.refusal(request)) {
      refused_.push_back({key, &sink, std::move(*head)});
      return {};
    }
    if (!manners_.concerns(request)) return inner_->start(key, std::move(request), sink);
    auto noting = std::make_unique<NotingSink>(manners_, quota_of(request.url), sink);
    net::Sink& borrowed = *noting;
    sinks_[key] = std::move(noting);
    return inner_->start(key, std::move(request), borrowed);
  }

  void abandon(std::uint64_t key) override {
    const auto gone = std::erase_if(refused_, [key](const Refused& one) { return one.key == key; });
    if (gone > 0) return;
    inner_->abandon(key);
    sinks_.erase(key);
  }

  std::vector<Finished> drive(int wait_ms) override {
    std::vector<Refused> refused = std::exchange(refused_, {});
    std::vector<Finished> finished = inner_->drive(refused.empty() ? wait_ms : 0);
    for (const Finished& one : finished) sinks_.erase(one.key);
    for (Refused& one : refused) {
      auto begun = one.sink->begin(one.head);
      Result<net::ResponseHead> outcome = std::move(one.head);
      if (!begun) outcome = tl::unexpected{std::move(begun).error()};
      finished.push_back({one.key, std::move(outcome)});
    }
    return finished;
  }

  std::size_t running() const override { return inner_->running() + refused_.size(); }
  void wake() override { inner_->wake(); }

 private:
  struct Refused {
    std::uint64_t key = 0;
    net::Sink* sink = nullptr;
    net::ResponseHead head{};
  };
  Manners& manners_;
  std::map<std::uint64_t, std::unique_ptr<NotingSink>> sinks_;
  std::vector<Refused> refused_;
  std::unique_ptr<net::BulkSession> inner_;  // The last: it goes before the sinks that it fills.
};

class PoliteTransport : public net::Transport {
 public:
  PoliteTransport(std::unique_ptr<net::Transport> inner, Manners manners)
      : inner_(std::move(inner)), manners_(std::move(manners)) {}

  Result<net::ResponseHead> stream(const net::Request& request, net::Sink& sink) override {
    if (auto head = manners_.refusal(request)) {
      TRY(sink.begin(*head));
      return std::move(*head);
    }
    if (!manners_.concerns(request)) return inner_->stream(request, sink);
    NotingSink noting(manners_, quota_of(request.url), sink);
    return inner_->stream(request, noting);
  }

  Result<std::unique_ptr<net::BulkSession>> open_bulk() override {
    auto session = TRY(inner_->open_bulk());
    return std::unique_ptr<net::BulkSession>(
        std::make_unique<PoliteSession>(std::move(session), manners_));
  }

 private:
  std::unique_ptr<net::Transport> inner_;
  Manners manners_;
};

}  // namespace

std::unique_ptr<net::Transport> make_polite(std::unique_ptr<net::Transport> inner,
                                            RateLimits limits, Clock& clock, std::string endpoint) {
  return std::make_unique<PoliteTransport>(std::move(inner),
                                           Manners{std::move(limits), clock, std::move(endpoint)});
}

}  // namespace modelkeep::upstream
