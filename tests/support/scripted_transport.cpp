#include "tests/support/scripted_transport.h"

#include <algorithm>

namespace modelkeep {
namespace {

constexpr std::size_t kChunkBytes = 1000;

// Delivers one running transfer, whole, at each drive.
class ScriptedBulk : public net::BulkSession {
 public:
  explicit ScriptedBulk(ScriptedTransport& transport) : transport_(transport) {}

  Result<> start(std::uint64_t key, net::Request request, net::Sink& sink) override {
    running_.push_back({key, std::move(request), &sink});
    return {};
  }
  void abandon(std::uint64_t key) override {
    std::erase_if(running_, [&](const Running& one) { return one.key == key; });
  }
  std::vector<Finished> drive(int /*wait_ms*/) override {
    std::vector<Finished> finished;
    if (running_.empty()) return finished;
    const Running one = std::move(running_.front());
    running_.erase(running_.begin());
    finished.push_back({one.key, transport_.stream(one.request, *one.sink)});
    return finished;
  }
  std::size_t running() const override { return running_.size(); }
  void wake() override {}

 private:
  struct Running {
    std::uint64_t key = 0;
    net::Request request;
    net::Sink* sink = nullptr;
  };
  ScriptedTransport& transport_;
  std::vector<Running> running_;
};

}  // namespace

Result<net::ResponseHead> ScriptedTransport::stream(const net::Request& request, net::Sink& sink) {
  requests_.push_back(request);
  const ScriptedAnswer answer = script_(request);
  net::ResponseHead head;
  head.status = answer.status;
  head.url = request.url;
  for (const net::Header& header : answer.headers) head.headers.add(header.name, header.value);
  head.origin_headers = head.headers;
  TRY(sink.begin(head));
  for (std::size_t at = 0; at < answer.body.size(); at += kChunkBytes) {
    const std::size_t size = std::min(kChunkBytes, answer.body.size() - at);
    TRY(sink.write({answer.body.data() + at, size}));
  }
  if (answer.error) return tl::unexpected{*answer.error};
  return head;
}

Result<std::unique_ptr<net::BulkSession>> ScriptedTransport::open_bulk() {
  return std::make_unique<ScriptedBulk>(*this);
}

}  // namespace modelkeep
