#include "app/arguments.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"

namespace modelkeep::app {

Result<Arguments> Arguments::parse(const std::vector<std::string>& words,
                                   const std::vector<std::string_view>& known,
                                   const std::vector<std::string_view>& valued) {
  Arguments arguments;
  std::string expecting;
  for (const std::string& word : words) {
    if (!expecting.empty()) {
      arguments.options_[std::exchange(expecting, {})] = word;
      continue;
    }
    if (!word.starts_with("--")) {
      arguments.plain_.push_back(word);
      continue;
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return fail(ErrorKind::invalid, codes::usage_invalid,
                  "there is no option --" + name + "; see modelkeepd help.");
    }
    if (equals == std::string::npos &&
        std::find(valued.begin(), valued.end(), name) != valued.end()) {
      expecting = name;
      continue;
    }
    arguments.options_[name] = equals == std::string::npos ? "" : word.substr(equals + 1);
  }
  if (!expecting.empty()) {
    return fail(ErrorKind::invalid, codes::usage_invalid, "--" + expecting + " takes a value.");
  }
  return arguments;
}

std::string Arguments::text(std::string_view name, std::string_view otherwise) const {
  const auto found = options_.find(name);
  return found == options_.end() ? std::string(otherwise) : found->second;
}

Result<int> Arguments::number(std::string_view name, int otherwise) const {
  const auto found = options_.find(name);
  if (found == options_.end()) return otherwise;
  const auto number = parse_decimal(found->second);
  if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<int>::max())) {
    return fail(ErrorKind::invalid, codes::usage_invalid,
                "--" + found->first + " takes a whole number.");
  }
  return static_cast<int>(*number);
}

}  // namespace modelkeep::app
