#pragma once
// Which paths of a repo may become files on the mount. The rules are byte-exact and the same for a
// path that a client names and one that an upstream lists; whoever asks says what a refusal is
// called.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace modelkeep::storage {

/// True only for UTF-8 of at most 1,024 bytes and 32 levels, whose components are 1 to 255 bytes,
/// none of them "." or "..", ".git" or beginning with ".modelkeep" in any case, and in which
/// nothing is a backslash, a control or a bidirectional mark.
bool is_valid_file_path(std::string_view path);

/// The further rules of a mount that folds case, as Windows shares do: no trailing dot or blank,
/// none of
/// :*?"<>| and no name of a device.
bool is_portable_file_path(std::string_view path);

/// Paths of one snapshot, together: each valid, none twice under case folding and canonical
/// equivalence, none both file and folder. upstream_path_rejected with the path.
/// `who` begins the message: "The upstream lists".
Result<> check_snapshot_paths(const std::vector<std::string>& paths, bool portable,
                              std::string_view who = "The upstream lists");

/// Two names with one key may be one file on some file system.
std::string collision_key(std::string_view path);

}  // namespace modelkeep::storage
