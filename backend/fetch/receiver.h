#pragma once
// The thread that moves bytes: ranges of several files over one session of connections, each file
// retried on its own with growing delays. How many connections there are follows from what they
// bring, from the limits, and from what other downloads need.
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/guarded.h"
#include "fetch/adapting.h"
#include "fetch/connection_budget.h"
#include "fetch/limits.h"
#include "fetch/pay.h"
#include "fetch/range_sink.h"
#include "fetch/retry.h"
#include "fetch/schedule.h"
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
  RangePolicy ranges{};
  std::string connections_lock{};  ///< The file of ConnectionBudget.
  std::string rate_account{};      ///< The file of SharedAccount.
  int tries_before = 0;
  bool token_sent = false;
  /// A delay longer than this is spent in the queue and not in a slot.
  std::int64_t patience_ms = 15'000;
  std::function<net::Request(const Part&)> request_for{};
  std::function<double()> random{};
  /// All on the receiver's thread: bytes arrived; a part is open and its bytes can be followed; all
  /// its bytes are there and some were replaced, so it is to be hashed once more.
  std::function<void()> on_bytes{};
  std::function<void(Part&)> on_open{};
  std::function<void(Part&)> on_replaced{};
};

class Receiver {
 public:
  Receiver(ReceiverSetup setup, const std::vector<Part*>& parts);

  /// The thread's body: until `stop`, or until it gives up.
  void run(std::stop_token stop);

  // Any thread:
  void set_limits(const Limits& limits);
  /// One more file, which outlives the run.
  void add(Part& part);
  /// A client waits for this one.
  void hurry(Part& part);
  /// Fetch this one again from its first byte.
  void redo(Part& part);
  /// All bytes of this one came and its digest is wrong: find the wrong ones.
  void repair(Part& part);
  /// Nobody reads this one any more.
  void release(Part& part);
  /// Set when it gave up.
  std::optional<Trouble> trouble();
  /// Tries in a row that brought nothing, of the file that has most of them.
  int tries() const { return tries_.load(); }

 private:
  /// One connection's work.
  struct Lane {
    std::size_t file = 0;
    std::unique_ptr<RangeSink> sink{};
    std::int64_t started_ms = 0;
    std::optional<std::int64_t> first_byte_ms{};
    bool by_shortcut = false;
    bool asked_whole = false;
    int landing_number = 0;
    std::uint64_t seen_bytes = 0;        ///< At the last look.
    std::uint64_t bytes_per_second = 0;  ///< A moving mean.
    std::int64_t slow_since_ms = 0;
  };
  struct Orders {
    std::vector<Part*> add{};
    std::vector<Part*> hurry{};
    std::vector<Part*> redo{};
    std::vector<Part*> repair{};
    std::vector<Part*> release{};
  };

  // receiver.cpp
  Result<> open();
  Result<> take_orders(net::BulkSession& session);
  Result<> redo_file(net::BulkSession& session, std::size_t file);
  void repair_file(std::size_t file);
  void release_file(net::BulkSession& session, std::size_t file);
  Result<> start_due(net::BulkSession& session);
  Result<> start_lane(net::BulkSession& session, std::size_t file);
  net::Request request_for(const FileWork& work, ByteRange range) const;
  std::int64_t owed_ms();
  void wait_for_hashing(const std::stop_token& stop);
  // receiver_pace.cpp
  Result<> tick(net::BulkSession& session, std::int64_t now_ms);
  void measure(std::int64_t now_ms);
  Result<> replace_laggards(net::BulkSession& session, std::int64_t now_ms);
  Result<> note_progress();
  Pace pace() const;
  // receiver_ends.cpp
  void on_head(std::uint64_t key, const net::ResponseHead& head, Beginning beginning);
  void settle(std::uint64_t key, const Result<net::ResponseHead>& outcome);
  void settle_success(std::size_t file, const RangeSink& sink);
  void settle_failure(const Lane& lane, Error error);
  void settle_expired(const Lane& lane, Error error);
  void drop_lane(net::BulkSession& session, std::uint64_t key);
  void drop_lanes_of(net::BulkSession& session, std::size_t file);
  void mark_received(std::size_t file);
  void compared(std::size_t file, const RangeSink& sink);
  void retry_later(const Lane& lane, Error error);
  void give_up(Error error, std::optional<std::int64_t> retry_in_ms = std::nullopt, int tries = 0);
  void give_up_for_a_while(std::int64_t now_ms);
  bool all_wait_long(std::int64_t now_ms) const;

  ReceiverSetup setup_;
  Schedule schedule_;
  std::map<std::uint64_t, Lane> lanes_;
  std::uint64_t next_key_ = 1;
  std::optional<ConnectionBudget> budget_;
  std::optional<SharedAccount> shared_account_;
  PaidUntil own_account_ = 0;
  int allowed_ = 0;         ///< Connections that may run now.
  std::uint64_t rate_ = 0;  ///< The smaller of the limits of bytes; 0 is none.

  std::uint64_t received_ = 0;  ///< Bytes of all connections, ended or not, at the last look.
  std::uint64_t ended_ = 0;     ///< Of those that have ended.
  std::uint64_t paid_ = 0;
  std::uint64_t unlooked_ = 0;  ///< Bytes since hashing was last looked at.
  std::int64_t ticked_ms_ = 0;
  std::int64_t noted_ms_ = 0;
  Appetite appetite_;
  int delivered_ = 0;  ///< Requests that ended since the last look and had brought bytes.
  int throttled_ = 0;
  int broken_ = 0;
  std::uint64_t usual_speed_ = 0;
  std::int64_t usual_first_byte_ms_ = 0;

  // Of the last failure, for when nothing but waiting is left.
  Error last_error_{};
  std::int64_t everyone_waits_until_ms_ = 0;
  Guarded<Orders> orders_;
  Guarded<Limits> limits_;
  Guarded<std::optional<Trouble>> trouble_;
  std::atomic<int> tries_ = 0;
};

}  // namespace modelkeep::fetch
