#pragma once
// A result of libcurl as an Error of ours; for the files of this folder only.

#include <string>

#include <curl/curl.h>

#include "base/result.h"

namespace modelkeep::net {

/// The one place where curl's many codes become our few. `where` goes to the log and must hold no
/// secret.
Error error_of(CURLcode code, const std::string& where);

}  // namespace modelkeep::net
