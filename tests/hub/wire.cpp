#include "tests/hub/wire.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <fcntl.h>

#include "base/clock.h"

namespace modelkeep::standin {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::size_t kFileChunkBytes = 8 * 1024 * 1024;
constexpr std::size_t kStepsPerSecond = 20;  // So that a paced transfer looks smooth.

class BodySender {
 public:
  BodySender(Peer& peer, const Answer& answer, const Wire& wire, Pacing& pacing)
      : peer_(peer), answer_(answer), wire_(wire), pacing_(pacing) {
    if (answer.range && !answer.range->file->disk_path.empty() && wire.flips.empty() &&
        !wire.chunked) {
      disk_ = Fd{open(answer.range->file->disk_path.c_str(), O_RDONLY | O_CLOEXEC)};
    }
  }

  /// False when the connection broke.
  bool send() {
    const std::uint64_t honest = answer_.size_bytes();
    std::uint64_t total = honest + wire_.surplus_bytes;
    if (wire_.endless) total = UINT64_MAX;
    if (wire_.stop_after) total = std::min(total, *wire_.stop_after);
    while (sent_ < total) {
      const std::size_t n = step(total, honest);
      if (!wait_for_turn(n)) return false;
      if (!send_piece(n, honest)) return false;
    }
    return !wire_.chunked || wire_.stop_after || peer_.write_all("0\r\n\r\n");
  }

  std::uint64_t sent() const { return sent_; }

 private:
  bool drips() const { return wire_.drip_after && sent_ >= *wire_.drip_after; }

  std::size_t step(std::uint64_t total, std::uint64_t honest) const {
    if (drips()) return 1;
    std::uint64_t n = disk_ && sent_ < honest ? kFileChunkBytes : kChunkBytes;
    for (const std::uint64_t rate : {pacing_.own.bytes_per_s(), pacing_.shared.bytes_per_s()}) {
      if (rate != 0)
        n = std::min<std::uint64_t>(n, std::max<std::uint64_t>(1, rate / kStepsPerSecond));
    }
    if (wire_.drip_after) n = std::min(n, *wire_.drip_after - sent_);
    if (sent_ < honest) n = std::min(n, honest - sent_);
    return static_cast<std::size_t>(std::min(n, total - sent_));
  }

  bool wait_for_turn(std::size_t n) {
    if (drips()) {
      const std::uint64_t rate = std::max<std::uint64_t>(1, wire_.drip_bytes_per_s);
      return peer_.wait_ms(static_cast<std::int64_t>(1000 / rate));
    }
    const std::int64_t now_ms = system_clock().mono_ms();
    return peer_.wait_ms(
        std::max(pacing_.own.book_ms(n, now_ms), pacing_.shared.book_ms(n, now_ms)));
  }

  bool send_piece(std::size_t n, std::uint64_t honest) {
    if (disk_ && sent_ < honest) {
      const std::uint64_t at = answer_.range->offset + sent_;
      const std::size_t done = peer_.send_file(disk_.get(), at, n);
      sent_ += done;
      return done == n;
    }
    buffer_.resize(n);
    fill(honest);
    if (wire_.chunked) {
      std::array<char, 20> size{};
      std::snprintf(size.data(), size.size(), "%zx\r\n", n);
      buffer_.insert(0, size.data());
      buffer_ += "\r\n";
    }
    if (!peer_.write_all(buffer_)) return false;
    sent_ += n;
    return true;
  }

  // The next bytes of the answer; past its end, surplus. Flips count from the start of the file.
  void fill(std::uint64_t honest) {
    const std::uint64_t origin = answer_.range ? answer_.range->offset : 0;
    if (sent_ >= honest) {
      generate(honest, Grain::bytes, sent_, buffer_);
    } else if (answer_.range) {
      answer_.range->file->content.read(origin + sent_, buffer_);
    } else {
      answer_.body.copy(buffer_.data(), buffer_.size(), sent_);
    }
    for (const std::uint64_t flip : wire_.flips) {
      const std::uint64_t at = flip - origin - sent_;
      if (at < buffer_.size()) buffer_[at] = static_cast<char>(~buffer_[at]);
    }
  }

  Peer& peer_;
  const Answer& answer_;
  const Wire& wire_;
  Pacing& pacing_;
  Fd disk_;
  std::string buffer_;
  std::uint64_t sent_ = 0;
};

bool finish(Peer& peer, Wire::Ending ending) {
  switch (ending) {
    case Wire::Ending::keep:
      return true;
    case Wire::Ending::reset:
      peer.reset();
      return false;
    case Wire::Ending::stall:
      peer.wait_for_the_end();
      return false;
    case Wire::Ending::close:
      break;
  }
  return false;
}

}  // namespace

Sent send_answer(Peer& peer, const Answer& answer, const Wire& wire, bool is_head, Pacing& pacing) {
  Sent sent;
  if (!peer.wait_ms(wire.delay_ms)) return sent;
  if (!wire.answers) {
    finish(peer, wire.ending);
    return sent;
  }
  if (!peer.write_all(head_text(answer))) return sent;
  if (is_head || answer.status == 304) {
    sent.may_go_on = finish(peer, wire.ending);
    return sent;
  }
  BodySender body(peer, answer, wire, pacing);
  const bool whole = body.send();
  sent.body_bytes = body.sent();
  sent.may_go_on = whole && finish(peer, wire.ending);
  return sent;
}

}  // namespace modelkeep::standin
