#pragma once
// Which program reads, from its user agent. A claim, good for counting and nothing else. Pure. For
// the .cpp files of this room.
#include <string_view>

namespace modelkeep::hub {

/// "huggingface_hub", "llama.cpp", "curl", "browser", ...; "other" when nobody knows.
std::string_view client_family(std::string_view user_agent);

}  // namespace modelkeep::hub
