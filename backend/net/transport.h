#pragma once
// The door to the network. Rooms above hold a Transport& and never see curl; tests hand in a
// scripted one.
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/message.h"

namespace modelkeep::net {

/// Takes one answer. An error from either call ends the transfer with that error.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Once, when the headers of the final answer are complete; redirects that were followed are not
  /// seen here.
  virtual Result<> begin(const ResponseHead& head) = 0;
  virtual Result<> write(std::span<const char> bytes) = 0;
};

/// Many transfers at once, driven by the one thread that owns the session. Connections are kept for
/// reuse.
class BulkSession {
 public:
  struct Finished {
    std::uint64_t key = 0;
    Result<ResponseHead> outcome;
  };

  virtual ~BulkSession() = default;
  /// The sink must outlive the transfer. Keys of running transfers must differ.
  virtual Result<> start(std::uint64_t key, Request request, Sink& sink) = 0;
  /// Drops a running transfer without a word more to its sink; it will not be reported.
  virtual void abandon(std::uint64_t key) = 0;
  /// Moves bytes for at most `wait_ms`, and returns what ended.
  virtual std::vector<Finished> drive(int wait_ms) = 0;
  virtual std::size_t running() const = 0;
  /// Ends a `drive` early. The only call that another thread may make.
  virtual void wake() = 0;
};

/// One per thread: an implementation keeps connections between calls and takes no lock.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Result<ResponseHead> stream(const Request& request, Sink& sink) = 0;
  virtual Result<std::unique_ptr<BulkSession>> open_bulk() = 0;
};

/// The whole answer in memory, at most `answer_size_max` of it. Any status is an answer, not an
/// error.
Result<Response> send(Transport& transport, const Request& request);

}  // namespace modelkeep::net
