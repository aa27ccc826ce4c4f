#pragma once
// What a caller says it is called. In open mode nothing proves it; it is recorded as claimed.
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace modelkeep::auth {

inline constexpr std::string_view kAnonymous = "anonymous";

/// 1 to 64 characters and at most 256 bytes after trimming, none of them a control or bidirectional
/// one: the trimmed name, or username_invalid.
Result<std::string> checked_name(std::string_view claimed);

/// The value of an X-Username header: pages percent-encode names that are not ASCII, since headers
/// are.
Result<std::string> name_from_header(std::string_view value);

}  // namespace modelkeep::auth
