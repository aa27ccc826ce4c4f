#pragma once
// Taking a folder out of sight in one step; its bytes go afterwards, in peace.
#include <string>
#include <string_view>

#include "base/files.h"
#include "storage/layout.h"

namespace modelkeep::storage {

/// Success when there is nothing at `path`. `name` must be unused in the trash or name an earlier
/// try of the same.
Result<> move_to_trash(Files& files, const Layout& layout, const std::string& path,
                       std::string_view name);

Result<> empty_trash_entry(Files& files, const Layout& layout, std::string_view name);

}  // namespace modelkeep::storage
