#pragma once
// Joins parts of a statement while compiling, so that a column list or a filter is written once and
// a statement is still one constant. For the .cpp files of this room.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace modelkeep::catalog {

template <const std::string_view&... kParts>
struct JoinedSql {
  static constexpr auto kText = [] {
    std::array<char, (kParts.size() + ... + 0)> text{};
    auto* end = text.data();
    ((end = std::copy(kParts.begin(), kParts.end(), end)), ...);
    return text;
  }();
  static constexpr std::string_view kSql{kText.data(), kText.size()};
};
template <const std::string_view&... kParts>
constexpr std::string_view kJoinedSql = JoinedSql<kParts...>::kSql;

}  // namespace modelkeep::catalog
