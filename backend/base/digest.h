#pragma once
// SHA-256 and SHA-1, incremental, by OpenSSL's EVP (which uses the CPU's SHA instructions by
// itself).
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace modelkeep {

/// One running digest; one thread at a time.
class Digest {
 public:
  static Digest sha256();
  static Digest sha1();
  /// The git blob id of `size_bytes` bytes to come: SHA-1 over "blob <size>\0" and the bytes.
  static Digest git_blob(std::uint64_t size_bytes);

  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  ~Digest();

  /// Another one that goes on from here.
  Digest copy() const;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// Lower-case hex of all so far; the digest is then spent.
  std::string finish_hex();

 private:
  struct Impl;
  explicit Digest(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Lower-case hex of the SHA-256 of `text`.
std::string sha256_hex(std::string_view text);

/// 64 (or `length`) characters of 0-9a-f.
bool is_lower_hex(std::string_view text, std::size_t length = 64);

}  // namespace modelkeep
