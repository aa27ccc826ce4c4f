#pragma once
// One content on its way, and one piece of it. Only the transfer includes this.
#include <cstdint>
#include <optional>
#include <string>

#include "base/byte_ranges.h"
#include "base/files.h"
#include "cli/pull/place.h"
#include "cli/pull/verifier.h"
#include "net/transport.h"

namespace modelkeep::cli::pull {

struct Incoming {
  const Content* content = nullptr;
  std::string url{};
  Fd part{};
  Fd notes{};
  ByteRanges there{};
  ByteRanges asked{};  ///< There, or on its way.
  Growing growing{};
  bool is_noted = true;  ///< The notes say all that is there.
  bool was_wrong = false;
  bool is_done = false;

  /// Opens the part, with what an earlier pull left of it.
  Result<> open(Files& files, const Place& place);
  /// Throws away all that is there.
  Result<> begin_again(Files& files);
  Result<> note(Files& files);
  std::optional<ByteRange> next_piece(std::uint64_t piece_bytes) const;
  void add(ByteRange range);
};

/// Writes one answer where it belongs, and refuses one that is not what was asked for.
class PieceSink : public net::Sink {
 public:
  PieceSink(Files& files, Incoming& incoming, ByteRange range)
      : files_(files), incoming_(incoming), range_(range), at_(range.begin) {}

  Result<> begin(const net::ResponseHead& head) override;
  Result<> write(std::span<const char> bytes) override;

  Incoming& incoming() { return incoming_; }
  ByteRange range() const { return range_; }
  std::uint64_t written() const { return at_ - range_.begin; }
  bool is_whole() const { return at_ == range_.end; }
  /// Whether the answer, if it was a refusal, may be another one later.
  bool may_try_again() const { return may_try_again_; }
  net::Request request(const std::string& token, const std::string& user_name) const;

 private:
  bool is_all() const { return range_ == ByteRange{0, incoming_.content->size_bytes}; }

  Files& files_;
  Incoming& incoming_;
  ByteRange range_;
  std::uint64_t at_;
  bool may_try_again_ = true;
};

}  // namespace modelkeep::cli::pull
