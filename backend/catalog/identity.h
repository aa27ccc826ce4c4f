#pragma once
// How git and the Hub call the bytes of a file. Pure. A file is in LFS when the git object of its
// path is the pointer text; that text follows from digest and size, so nothing more is remembered.
#include <string>
#include <string_view>

#include "catalog/models.h"

namespace modelkeep::catalog {

struct Identity {
  bool is_lfs = false;
  std::string oid;      ///< The git object: of the pointer for LFS, of the bytes otherwise.
  std::string pointer;  ///< Empty when the file is not in LFS.

  /// What a client's cache names the blob by: the SHA-256 in LFS, else the git object.
  const std::string& etag(const catalog::ModelFile& file) const {
    return is_lfs ? file.sha256 : oid;
  }
};

/// A file whose git object nobody knows counts as LFS: its digest is certain.
Identity identity_of(const catalog::ModelFile& file);

std::string git_blob_oid(std::string_view bytes);

/// The commit, or 40 hex digits in the place of one for a folder that was adopted without.
std::string commit_or_stand_in(std::string_view commit, std::string_view model_name,
                               Time created_at);

}  // namespace modelkeep::catalog
