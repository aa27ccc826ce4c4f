#pragma once
// One page of memory that all processes share: it wakes the drainer when something was appended,
// and keeps the budget of drains that readers may ask for. Only hints live here; losing the page
// loses nothing.
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace modelkeep::usage {

class Pulse {
 public:
  /// Maps the file at `path`, see base/shared_page.h. Copies share the mapping.
  static Result<Pulse> open(const std::string& path);

  void appended();
  /// How often appended() was called, modulo 2^32: to be handed to wait().
  std::uint32_t count() const;
  /// Returns when count() is no longer `seen`, or after `timeout_ms`. Also on a signal.
  void wait(std::uint32_t seen, std::int64_t timeout_ms) const;

  /// Ends every wait(), in all processes.
  void wake();

  /// Said by the drainer: so much arrives that readers leave all of it to the drainer.
  void set_busy(bool busy);

  /// Takes one of the drains that readers may ask for: kBurst at once, then one in kIntervalMs, and
  /// none while busy.
  bool may_settle(std::int64_t mono_ms);
  static constexpr std::int64_t kIntervalMs = 100;
  static constexpr std::int64_t kBurst = 20;

 private:
  struct Page;
  explicit Pulse(std::shared_ptr<Page> page);
  std::shared_ptr<Page>
      page_;  ///< Shared: the journal and the drainer of a process use one mapping.
};

}  // namespace modelkeep::usage
