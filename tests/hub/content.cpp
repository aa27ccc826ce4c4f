#include "tests/hub/content.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include <zlib.h>

#include "base/digest.h"

namespace modelkeep::standin {
namespace {

static_assert(std::endian::native == std::endian::little,
              "generated words are stored little-endian");
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
constexpr std::size_t kReadBytes = 256 * 1024;

struct Bend {
  std::uint64_t keep;
  std::uint64_t set;
};

// Sign and mantissa stay random, the exponent is fixed: magnitudes near 0.01 (bfloat16) or 1
// (float16).
Bend bend_of(Grain grain) {
  switch (grain) {
    case Grain::float32:
      return {0x807FFFFF807FFFFFULL, 0x3C0000003C000000ULL};
    case Grain::half:
      return {0x807F807F807F807FULL, 0x3C003C003C003C00ULL};
    case Grain::bytes:
      break;
  }
  return {~0ULL, 0};
}

// The finisher of splitmix64: cheap, and every input bit reaches every output bit.
std::uint64_t word_at(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

}  // namespace

void generate(std::uint64_t seed, Grain grain, std::uint64_t offset, std::span<char> out) {
  const Bend bend = bend_of(grain);
  std::uint64_t index = offset / kWordBytes;
  std::size_t done = 0;
  if (const std::size_t skip = offset % kWordBytes; skip != 0 && !out.empty()) {
    const std::uint64_t word = (word_at(seed, index++) & bend.keep) | bend.set;
    std::array<char, kWordBytes> bytes{};
    std::memcpy(bytes.data(), &word, kWordBytes);
    done = std::min(kWordBytes - skip, out.size());
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(skip), done, out.begin());
  }
  const std::size_t words = (out.size() - done) / kWordBytes;
  char* to = out.data() + done;
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t word = (word_at(seed, index + i) & bend.keep) | bend.set;
    std::memcpy(to + i * kWordBytes, &word, kWordBytes);
  }
  done += words * kWordBytes;
  if (done < out.size()) {
    const std::uint64_t word = (word_at(seed, index + words) & bend.keep) | bend.set;
    std::memcpy(out.data() + done, &word, out.size() - done);
  }
}

Content Content::text(std::string text) {
  Content content;
  content.append(std::move(text));
  return content;
}

Content Content::generated(std::uint64_t seed, std::uint64_t size_bytes, Grain grain) {
  Content content;
  content.append_generated(seed, size_bytes, grain);
  return content;
}

Content& Content::append(std::string text) {
  if (text.empty()) return *this;
  const std::uint64_t size_bytes = text.size();
  pieces_.push_back({size_bytes_, size_bytes, std::move(text), 0, Grain::bytes});
  size_bytes_ += size_bytes;
  return *this;
}

Content& Content::append(const Content& other) {
  for (Piece piece : other.pieces_) {
    piece.begin += size_bytes_;
    pieces_.push_back(std::move(piece));
  }
  size_bytes_ += other.size_bytes_;
  return *this;
}

Content& Content::append_generated(std::uint64_t seed, std::uint64_t size_bytes, Grain grain) {
  if (size_bytes == 0) return *this;
  pieces_.push_back({size_bytes_, size_bytes, {}, seed, grain});
  size_bytes_ += size_bytes;
  return *this;
}

std::size_t Content::read(std::uint64_t offset, std::span<char> out) const {
  std::size_t done = 0;
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                [](std::uint64_t at, const Piece& p) { return at < p.begin; });
  if (piece != pieces_.begin()) --piece;
  for (; piece != pieces_.end() && done < out.size(); ++piece) {
    const std::uint64_t within = offset + done - piece->begin;
    if (within >= piece->size_bytes) break;
    const auto n = static_cast<std::size_t>(
        std::min<std::uint64_t>(piece->size_bytes - within, out.size() - done));
    if (piece->literal.empty()) {
      generate(piece->seed, piece->grain, within, out.subspan(done, n));
    } else {
      std::memcpy(out.data() + done, piece->literal.data() + within, n);
    }
    done += n;
  }
  return done;
}

std::string Content::all() const {
  std::string text(size_bytes_, '\0');
  read(0, text);
  return text;
}

std::string Content::recipe_key() const {
  std::string recipe;
  for (const Piece& piece : pieces_) {
    recipe += std::to_string(piece.size_bytes) + ' ' + std::to_string(piece.seed) + ' ' +
              std::to_string(static_cast<int>(piece.grain)) + ' ' + piece.literal + '\n';
  }
  return sha256_hex(recipe);
}

namespace {

template <class Sink>
void for_each_chunk(const Content& content, const Sink& sink) {
  std::vector<char> buffer(kReadBytes);
  for (std::uint64_t offset = 0; offset < content.size();) {
    const std::size_t n = content.read(offset, buffer);
    sink(std::span<const char>{buffer.data(), n});
    offset += n;
  }
}

std::string digest_of(const Content& content, Digest digest) {
  for_each_chunk(content,
                 [&](std::span<const char> chunk) { digest.update(std::as_bytes(chunk)); });
  return digest.finish_hex();
}

}  // namespace

std::string sha256_of(const Content& content) {
  return digest_of(content, Digest::sha256());
}

std::string git_sha1_of(const Content& content) {
  return digest_of(content, Digest::git_blob(content.size()));
}

std::uint32_t crc32_of(const Content& content) {
  uLong crc = crc32(0, nullptr, 0);
  for_each_chunk(content, [&](std::span<const char> chunk) {
    crc = crc32_z(crc, reinterpret_cast<const Bytef*>(chunk.data()), chunk.size());
  });
  return static_cast<std::uint32_t>(crc);
}

}  // namespace modelkeep::standin
