#pragma once
// Numbers as binary formats want them: least significant byte first, appended to a text. Pure.
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace modelkeep::standin {

template <std::unsigned_integral Number>
void put_le(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    out += static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
  }
}

template <std::unsigned_integral Number>
Number get_le(std::string_view text, std::size_t at) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    const auto byte = static_cast<Number>(static_cast<unsigned char>(text[at + i]));
    number = static_cast<Number>(number | static_cast<Number>(byte << (8 * i)));
  }
  return number;
}

}  // namespace modelkeep::standin
