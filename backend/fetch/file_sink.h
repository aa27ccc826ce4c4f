#pragma once
// Takes the answer to one file request: decides from its headers whether it continues the part,
// begins it anew or is no content at all, then appends.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "fetch/part.h"
#include "net/transport.h"

namespace modelkeep::fetch {

enum class Beginning : std::uint8_t {
  as_asked,    ///< The bytes continue where the part ends.
  from_start,  ///< The whole file comes; the part must begin anew.
};

/// What a 200 or 206 means for a part of `size` bytes that asked for all from `offset`. Nothing but
/// a range that begins exactly there, of a file exactly that long, continues it. corrupt
/// (upstream_size_mismatch) when the file has another size than listed; unavailable when the answer
/// contradicts itself.
Result<Beginning> judge_head(const net::ResponseHead& head, std::uint64_t offset,
                             std::uint64_t size, const std::string& known_etag);

class FileSink : public net::Sink {
 public:
  FileSink(Part& part, std::function<void()> on_bytes, bool token_sent);

  /// Where the request that is about to be made begins.
  void expect_from(std::uint64_t offset) { offset_ = offset; }
  /// Of an answer that was no success, for its wish to wait.
  const std::optional<net::ResponseHead>& refused() const { return refused_; }
  void forget_refusal() { refused_.reset(); }

  Result<> begin(const net::ResponseHead& head) override;
  Result<> write(std::span<const char> bytes) override;

 private:
  Part& part_;
  std::function<void()> on_bytes_;
  bool token_sent_;
  std::uint64_t offset_ = 0;
  std::size_t unannounced_ = 0;
  std::optional<net::ResponseHead> refused_;
};

}  // namespace modelkeep::fetch
