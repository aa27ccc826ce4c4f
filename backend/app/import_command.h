#pragma once
// `modelkeepd import`: settings, a database connection, and the report for a person.
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "base/result.h"

namespace modelkeep::app {

inline constexpr std::string_view kImportUsage =
    "modelkeepd import FOLDER --name NAMESPACE/NAME [--revision BRANCH] [--link]";

/// `words` behind "import". usage_invalid when they are not as kImportUsage says.
Result<> run_import(const Config& config, const std::vector<std::string>& words);

}  // namespace modelkeep::app
