#pragma once
// The few options of modelkeepd's own roles: --name=value, --name, and --name value for those that
// always have one. People use the settings instead.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace modelkeep::app {

class Arguments {
 public:
  /// `usage_invalid` for an option that is not among `known`.
  static Result<Arguments> parse(const std::vector<std::string>& words,
                                 const std::vector<std::string_view>& known,
                                 const std::vector<std::string_view>& valued = {});

  bool has(std::string_view name) const { return options_.contains(name); }
  std::string text(std::string_view name, std::string_view otherwise = {}) const;
  /// `otherwise` when absent; usage_invalid when it is no number.
  Result<int> number(std::string_view name, int otherwise) const;
  const std::vector<std::string>& plain() const { return plain_; }

 private:
  std::map<std::string, std::string, std::less<>> options_;
  std::vector<std::string> plain_;
};

}  // namespace modelkeep::app
