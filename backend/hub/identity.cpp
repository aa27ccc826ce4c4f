#include "hub/identity.h"

#include "base/digest.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kNumberHex = 24;

}  // namespace

std::string number_of(std::string_view name) {
  return sha256_hex(name).substr(0, kNumberHex);
}

}  // namespace modelkeep::hub
