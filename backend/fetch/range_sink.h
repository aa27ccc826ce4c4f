#pragma once
// Takes the answer to one request for a file or a range of it: decides from its headers whether it
// is what was asked for, everything from the start, or no content at all, then writes it to the
// part, or compares it with what the part has.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fetch/part.h"
#include "net/transport.h"

namespace modelkeep::fetch {

enum class Beginning : std::uint8_t {
  as_asked,    ///< The bytes are those of the range.
  from_start,  ///< The whole file comes.
};

/// What was asked of a file of `size` bytes.
struct Asked {
  ByteRange range{};
  std::uint64_t size = 0;
  /// Without a Range header, and so for all of it.
  bool whole() const { return range.begin == 0 && range.end == size; }
};

/// What a 200 or 206 means for it. Nothing but a range that begins exactly there, of a file exactly
/// that long, is believed. corrupt (upstream_size_mismatch) when the file has another size than
/// listed; upstream_changed when it is another one than before; unavailable when the answer
/// contradicts itself.
Result<Beginning> judge_head(const net::ResponseHead& head, const Asked& asked,
                             const std::string& known_etag);

struct RangeOrder {
  Part* part = nullptr;
  ByteRange range{};
  /// All bytes are there and some of them are wrong: replace those that differ.
  bool compare = false;
  bool token_sent = false;
  /// In the receiving thread, once.
  std::function<void(const net::ResponseHead&, Beginning)> on_head{};
};

class RangeSink : public net::Sink {
 public:
  explicit RangeSink(RangeOrder order);

  Result<> begin(const net::ResponseHead& head) override;
  Result<> write(std::span<const char> bytes) override;

  /// Hands on what is held back so that the disk gets larger pieces.
  Result<> flush();
  /// What has not come yet. It is empty only after a flush.
  ByteRange left() const { return {written_, order_.range.end}; }
  bool is_done() const { return written_ == order_.range.end; }
  /// Bytes that arrived, whatever became of them.
  std::uint64_t received() const { return received_; }
  bool differed() const { return differed_; }
  bool is_outdated() const { return generation_ != order_.part->position().generation; }
  /// Of an answer that was no success, for its wish to wait.
  const std::optional<net::ResponseHead>& refused() const { return refused_; }

 private:
  Result<> begin_anew();
  std::size_t to_next_piece() const;
  Result<> put(std::span<const char> bytes);

  RangeOrder order_;
  int generation_;
  std::uint64_t written_;
  std::vector<char> held_;
  std::uint64_t received_ = 0;
  bool differed_ = false;
  std::optional<net::ResponseHead> refused_;
};

}  // namespace modelkeep::fetch
