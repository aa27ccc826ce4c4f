#pragma once
// The version of this build, from the one line in the top CMakeLists.txt.
#include <string_view>

namespace modelkeep::app {

inline constexpr std::string_view kVersion = MODELKEEP_VERSION;

}  // namespace modelkeep::app
