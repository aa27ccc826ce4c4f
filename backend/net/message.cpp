#include "net/message.h"

#include <utility>

#include <strings.h>

namespace modelkeep::net {
namespace {

bool same_name(std::string_view one, std::string_view other) {
  return one.size() == other.size() && strncasecmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace

void Headers::add(std::string name, std::string value) {
  all_.push_back({std::move(name), std::move(value)});
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const Header& header : all_) {
    if (same_name(header.name, name)) return header.value;
  }
  return std::nullopt;
}

}  // namespace modelkeep::net
