#pragma once
// The right to send the bytes of one object, carried by the address that the client is given: such
// requests come without a token. Signed, so nothing is remembered.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/files.h"
#include "base/result.h"

namespace modelkeep::hub {

struct Grant {
  std::string sha256;
  std::int64_t size_bytes = 0;
  Time until;
  std::string upload;  ///< Hex; a file in staging is named by it.
};

/// "<sha256>/<size>/<until>/<upload>/<signature>".
std::string signed_path(const Grant& grant, std::string_view key);
/// upload_expired; not_found (route_not_found) when we did not sign it.
Result<Grant> read_grant(std::string_view path, std::string_view key, Time now);

/// 32 bytes of chance, kept in the file; made when it is not there.
Result<std::string> grant_key(Files& files, const std::string& path);

/// So many bytes of chance as hex.
std::string random_hex(std::size_t bytes);

}  // namespace modelkeep::hub
