#pragma once
// What the Hub calls a file, a commit and a repo, for the answers of this room.
#include <string>
#include <string_view>

#include "catalog/identity.h"

namespace modelkeep::hub {

using catalog::commit_or_stand_in;
using catalog::git_blob_oid;
using catalog::Identity;
using catalog::identity_of;

/// 24 hex digits, as the Hub numbers its repos.
std::string number_of(std::string_view name);

}  // namespace modelkeep::hub
