#pragma once
// Keeping to a number of bytes per second. The pure part, and an account that all fetchers of the
// machine share.
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace modelkeep::fetch {

/// When everything that was received so far is paid for, in nanoseconds of the clock that never
/// jumps: the whole state of a token bucket.
using PaidUntil = std::int64_t;

/// After `bytes` more at `bytes_per_second`, which is not 0. Time in which nothing was received can
/// be used up later only for a moment, and an account that lies impossibly far ahead (written
/// before the machine was started again, or under a much smaller rate) begins anew.
PaidUntil pay(PaidUntil paid_until, std::int64_t now_ns, std::uint64_t bytes,
              std::uint64_t bytes_per_second);

/// How long to receive nothing.
std::int64_t debt_ns(PaidUntil paid_until, std::int64_t now_ns);

/// How many connections make sense under a rate: each gets enough that it is not taken for stalled.
int connections_under(std::uint64_t bytes_per_second, int connections);

/// One number in memory that processes share; losing it loses a moment's restraint.
class SharedAccount {
 public:
  /// Maps the file at `path`, see base/shared_page.h. Copies share the mapping.
  static Result<SharedAccount> open(const std::string& path);

  /// Any thread: pays and returns the debt in nanoseconds.
  std::int64_t pay(std::int64_t now_ns, std::uint64_t bytes, std::uint64_t bytes_per_second);

 private:
  struct Page;
  explicit SharedAccount(std::shared_ptr<Page> page);
  std::shared_ptr<Page> page_;  ///< Shared: every transfer of a process uses one mapping.
};

}  // namespace modelkeep::fetch
