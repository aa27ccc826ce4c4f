#include "hub/push/grant.h"

#include <array>
#include <vector>

#include <sys/random.h>

#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyHex = 2 * kKeyBytes;
constexpr std::size_t kBlock = 64;  // Of SHA-256.
constexpr std::size_t kUploadHex = 24;

std::string padded(std::string_view key, char with) {
  std::string block(key);
  block.resize(kBlock, '\0');
  for (char& c : block) c = static_cast<char>(c ^ with);
  return block;
}

/// HMAC of RFC 2104, but for the inner digest, which goes on as hex.
std::string signature_of(std::string_view text, std::string_view key) {
  const std::string inner = sha256_hex(padded(key, 0x36) + std::string(text));
  return sha256_hex(padded(key, 0x5c) + inner);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference = static_cast<unsigned char>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

std::string text_of(const Grant& grant) {
  return grant.sha256 + '/' + std::to_string(grant.size_bytes) + '/' +
         std::to_string(grant.until.ms) + '/' + grant.upload;
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> chance(bytes);
  CHECK(::getrandom(chance.data(), chance.size(), 0) == static_cast<ssize_t>(bytes));
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : chance) text.append({kHex[byte >> 4], kHex[byte & 15]});
  return text;
}

std::string signed_path(const Grant& grant, std::string_view key) {
  const std::string text = text_of(grant);
  return text + '/' + signature_of(text, key);
}

Result<Grant> read_grant(std::string_view path, std::string_view key, Time now) {
  const auto slash = path.rfind('/');
  const auto pieces = split(path, '/');
  const auto unknown = [] {
    return fail(ErrorKind::not_found, codes::route_not_found, "There is nothing at this address.");
  };
  if (pieces.size() != 5 ||
      !equal_in_constant_time(path.substr(slash + 1), signature_of(path.substr(0, slash), key)))
    return unknown();
  const auto size_bytes = parse_decimal(pieces[1]);
  const auto until_ms = parse_decimal(pieces[2]);
  if (!is_lower_hex(pieces[0]) || !size_bytes || !until_ms || !is_lower_hex(pieces[3], kUploadHex))
    return unknown();
  Grant grant{std::string(pieces[0]), static_cast<std::int64_t>(*size_bytes),
              Time{static_cast<std::int64_t>(*until_ms)}, std::string(pieces[3])};
  if (grant.until < now) {
    return fail(ErrorKind::forbidden, codes::upload_expired,
                "This address to upload to has expired. Start the upload again.");
  }
  return grant;
}

Result<std::string> grant_key(Files& files, const std::string& path) {
  for (int tries = 0; tries < 2; ++tries) {
    auto kept = read_file(files, path, kKeyHex);
    if (kept && kept->size() == kKeyHex) return kept;
    if (!kept && kept.error().kind != ErrorKind::not_found) return kept;
    // Beside another process the later rename wins; what is read back is the same for both.
    TRY(write_file_atomic(files, path, random_hex(kKeyBytes), 0600));
  }
  return read_file(files, path, kKeyHex);
}

}  // namespace modelkeep::hub
