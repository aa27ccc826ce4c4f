#pragma once
// What an answer that is no success means, and what a failed request means: the one place where the
// Hub's statuses and headers become our codes.
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/message.h"

namespace modelkeep::upstream {

/// `token_sent`: whether the Hub could know who asks. Only `unavailable` errors are worth another
/// try.
Error error_of_answer(const net::ResponseHead& head, bool token_sent);

/// How long the answer asks us to wait, in seconds: Retry-After in either form, or the end of the
/// rate window.
std::optional<std::int64_t> wished_wait_s(const net::ResponseHead& head, Time now);

/// A transport's error in the words that a download's row carries.
Error as_upstream_error(Error error);

}  // namespace modelkeep::upstream
