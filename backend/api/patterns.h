#pragma once
// The lists of file patterns that several calls take.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace modelkeep::api {

/// field_invalid unless there are at most 100, of 1 to 1,024 printable bytes each.
Result<> check_patterns(std::string_view member, const std::vector<std::string>& patterns);

}  // namespace modelkeep::api
