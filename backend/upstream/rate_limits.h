#pragma once
// How long the Hub wants to be left alone: one page of memory that all processes of the machine
// share, so that what one was told, the others know. Any thread.
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/message.h"

namespace modelkeep::upstream {

/// The Hub counts two kinds of requests apart.
enum class Quota : std::uint8_t { api, files };

/// Of which kind a request to this address is.
Quota quota_of(std::string_view url);

class RateLimits {
 public:
  /// Maps the file at `path`, see base/shared_page.h. Copies share the mapping. With the page gone
  /// nothing is known, which costs one refused request.
  static Result<RateLimits> open(const std::string& path);

  /// Seconds until requests of this kind may be sent again; 0 when they may. Never more than an
  /// hour, so that a clock that was set back does not stop us for ever.
  std::int64_t seconds_left(Quota quota, Time now) const;

  /// What an answer of the Hub says about it: an exhausted window, or a 429 with a wish.
  void note(Quota quota, const net::ResponseHead& head, Time now);

 private:
  struct Page;
  explicit RateLimits(std::shared_ptr<Page> page) : page_(std::move(page)) {}
  std::shared_ptr<Page> page_;
};

}  // namespace modelkeep::upstream
