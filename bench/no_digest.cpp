// base/digest.h without the hashing, to measure what verifying costs: linked before the library, it
// takes the place of the real one. Every digest is the one that FETCH_BENCH_SHA256 holds.
#include <algorithm>
#include <cstdlib>

#include "base/digest.h"

namespace modelkeep {

struct Digest::Impl {};

Digest::Digest(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

Digest Digest::sha256() {
  return Digest(std::make_unique<Impl>());
}
Digest Digest::sha1() {
  return sha256();
}
Digest Digest::git_blob(std::uint64_t /*size_bytes*/) {
  return sha256();
}

Digest Digest::copy() const {
  return sha256();
}

void Digest::update(std::span<const std::byte> /*bytes*/) {}
void Digest::update(std::string_view /*text*/) {}

std::string Digest::finish_hex() {
  const char* given = std::getenv("FETCH_BENCH_SHA256");
  return given != nullptr ? given : "";
}

std::string sha256_hex(std::string_view /*text*/) {
  return std::string(64, '0');
}

bool is_lower_hex(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace modelkeep
