#pragma once
// Answers that take seconds have a pool of their own; here is how a request gets there.
#include "api/route.h"

namespace modelkeep::api {

/// nginx passes the same request on; the pool that answers counts it. Only after the request was
/// found to be in order, so that a mistake is told at once.
http::Response hand_to_long_pool(Call& call);

}  // namespace modelkeep::api
