#pragma once
// The query of a request target, decoded once, "+" as a space. A key that is read and stands twice
// is refused; keys that nobody reads are ignored.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace modelkeep::http {

class Query {
 public:
  /// query_invalid: a bad percent sign, a NUL, text that is not UTF-8, more pairs than that.
  static Result<Query> parse(std::string_view text, std::size_t pairs_max = kPairsMax);
  static constexpr std::size_t kPairsMax = 64;

  /// Absent stays absent; query_duplicate when it stands twice.
  Result<std::optional<std::string_view>> get(std::string_view key) const;

  /// Every value of a key that may stand several times, in their order.
  std::vector<std::string> all(std::string_view key) const;

  /// A canonical decimal within [min, max]; else `code` names the fault.
  Result<std::optional<std::uint64_t>> number(std::string_view key, std::uint64_t min,
                                              std::uint64_t max, std::string_view code) const;

  /// "true" or "false"; query_invalid otherwise, false when absent.
  Result<bool> flag(std::string_view key) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace modelkeep::http
