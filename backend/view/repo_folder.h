#pragma once
// A repo's folder in the cache: built aside whole, then swapped in with one rename, so that a
// client reads the old refs with the old snapshots or the new with the new. Only this room includes
// it; the caller holds the view's lock.
#include "base/files.h"
#include "storage/layout.h"
#include "view/repo.h"

namespace modelkeep::view {

/// In each folder that we made: what has none was put there by someone else.
inline constexpr std::string_view kMark = ".modelkeep";

/// What the symlink in a snapshot says, seen from where it lies.
std::string link_text(std::string_view path, std::string_view etag);

/// Puts the repo in the place of what is shown of it. conflict (folder_in_the_way) when a client
/// downloaded files of its own there.
Result<> put_in_place(Files& files, const storage::Layout& layout, const Repo& repo);

/// Success when nothing is shown; what others made stays.
Result<> take_away(Files& files, const storage::Layout& layout, const std::string& folder);

}  // namespace modelkeep::view
