#pragma once
// Who is asking, for the store's record of use. A name, not a proof: where proof is wanted the
// server asks for a token.
#include <string>

#include "cli/output.h"

namespace modelkeep::cli {

/// USER, USERNAME, the passwd entry, then `whoami`; empty when none of them knows. Safe to send as
/// a header.
std::string user_name(const Environment& environment);

}  // namespace modelkeep::cli
