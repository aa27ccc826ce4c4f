#include "base/digest.h"

#include <algorithm>
#include <array>

#include <openssl/evp.h>

#include "base/check.h"
#include "base/handle.h"

namespace modelkeep {

struct Digest::Impl {
  Handle<EVP_MD_CTX, EVP_MD_CTX_free> context{EVP_MD_CTX_new()};
};

namespace {

std::string to_hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

}  // namespace

Digest::Digest(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

Digest Digest::sha256() {
  auto impl = std::make_unique<Impl>();
  CHECK(EVP_DigestInit_ex(impl->context.get(), EVP_sha256(), nullptr) == 1);
  return Digest(std::move(impl));
}

Digest Digest::sha1() {
  auto impl = std::make_unique<Impl>();
  CHECK(EVP_DigestInit_ex(impl->context.get(), EVP_sha1(), nullptr) == 1);
  return Digest(std::move(impl));
}

Digest Digest::git_blob(std::uint64_t size_bytes) {
  Digest digest = sha1();
  const std::string header = "blob " + std::to_string(size_bytes);
  digest.update(std::string_view(header.c_str(), header.size() + 1));  // The NUL is part of it.
  return digest;
}

Digest Digest::copy() const {
  auto impl = std::make_unique<Impl>();
  CHECK(EVP_MD_CTX_copy_ex(impl->context.get(), impl_->context.get()) == 1);
  return Digest(std::move(impl));
}

void Digest::update(std::span<const std::byte> bytes) {
  CHECK(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()) == 1);
}

void Digest::update(std::string_view text) {
  update(std::as_bytes(std::span(text)));
}

std::string Digest::finish_hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int length = 0;
  CHECK(EVP_DigestFinal_ex(impl_->context.get(), bytes.data(), &length) == 1);
  return to_hex(std::span(bytes).first(length));
}

std::string sha256_hex(std::string_view text) {
  Digest digest = Digest::sha256();
  digest.update(text);
  return digest.finish_hex();
}

bool is_lower_hex(std::string_view text, std::size_t length) {
  return text.size() == length && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace modelkeep
