#pragma once
// A Transport that keeps to the Hub's limits: it reads them off every answer, and while the Hub
// wants to be left alone it answers in the Hub's place, as the Hub would: 429, Retry-After.
#include <memory>
#include <string>

#include "base/clock.h"
#include "net/transport.h"
#include "upstream/rate_limits.h"

namespace modelkeep::upstream {

/// Only requests to `endpoint` count; what a redirect led to is another's.
std::unique_ptr<net::Transport> make_polite(std::unique_ptr<net::Transport> inner,
                                            RateLimits limits, Clock& clock, std::string endpoint);

}  // namespace modelkeep::upstream
