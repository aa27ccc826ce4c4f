#pragma once
// The server's address as a person gives it.
#include <string>
#include <string_view>

#include "base/result.h"

namespace modelkeep::cli {

/// "http://gpu1:5000" or "https://models.example/store", without a slash at the end. Wrong usage
/// with the reason when it is no such address; `where` names where it came from. A user part is
/// refused: argv is public.
Result<std::string> server_url(std::string_view text, std::string_view where);

}  // namespace modelkeep::cli
