#pragma once
// The thread that moves bytes: several files at once over one session of connections, each file
// retried on its own with growing delays and continued where it was.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "fetch/file_sink.h"
#include "fetch/retry.h"
#include "net/transport.h"

namespace modelkeep::fetch {

/// Why a receiver gave up.
struct Trouble {
  Error error{};
  /// Set when it is worth trying again, at the earliest after this long.
  std::optional<std::int64_t> retry_in_ms{};
  /// Tries in a row without a byte, for the next receiver to go on counting.
  int tries = 0;
};

struct ReceiverSetup {
  net::Transport* transport = nullptr;
  Clock* clock = nullptr;
  RetryPolicy retry{};
  int connections = 8;
  int tries_before = 0;
  bool token_sent = false;
  /// A delay longer than this is spent in the queue and not in a slot.
  std::int64_t patience_ms = 15'000;
  std::function<net::Request(const Part&)> request_for{};
  std::function<double()> random{};
  /// Both on the receiver's thread: bytes arrived; a part is open and its bytes can be followed.
  std::function<void()> on_bytes{};
  std::function<void(Part&)> on_open{};
};

class Receiver {
 public:
  Receiver(ReceiverSetup setup, const std::vector<Part*>& parts);

  /// The thread's body: until `stop`, or until it gives up.
  void run(std::stop_token stop);

  /// Any thread: fetch this one again from its first byte.
  void redo(Part& part);
  /// Any thread: set when it gave up.
  std::optional<Trouble> trouble();

 private:
  struct Item {
    Part* part = nullptr;
    std::unique_ptr<FileSink> sink{};
    bool running = false;
    bool received = false;
    bool retried_fresh = false;
    int tries = 0;
    int expired_urls = 0;
    std::uint64_t bytes_at_start = 0;
    int generation_at_start = 0;
    std::int64_t not_before_ms = 0;
  };

  Result<> start_due(net::BulkSession& session);
  Result<> start(net::BulkSession& session, std::size_t index);
  std::optional<std::size_t> next_due(std::int64_t now_ms);
  Result<> take_redos();
  void mark_received(Item& item);
  void settle(Item& item, const Result<net::ResponseHead>& outcome);
  void settle_failure(Item& item, Error error);
  void retry_later(Item& item, Error error);
  void give_up(Error error, std::optional<std::int64_t> retry_in_ms = std::nullopt, int tries = 0);
  void give_up_for_a_while(std::int64_t now_ms);
  bool all_wait_long(std::int64_t now_ms, const net::BulkSession& session) const;

  ReceiverSetup setup_;
  std::vector<Item> items_;
  // Of the last failure, for when nothing but waiting is left.
  Error last_error_{};
  std::int64_t everyone_waits_until_ms_ = 0;
  int picks_ = 0;
  Guarded<std::vector<Part*>> redos_;
  Guarded<std::optional<Trouble>> trouble_;
};

}  // namespace modelkeep::fetch
