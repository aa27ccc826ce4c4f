#pragma once
// How the bytes of one answer leave: whole and at the agreed pace, or cut, stalled, bent and
// stretched as a fault wants it.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/hub/message.h"
#include "tests/hub/pace.h"
#include "tests/hub/peer.h"

namespace modelkeep::standin {

struct Wire {
  enum class Ending : std::uint8_t { keep, close, reset, stall };

  std::int64_t delay_ms = 0;  ///< Before the first byte.
  bool answers = true;        ///< Or does `ending` without a byte.
  Ending ending = Ending::keep;
  std::optional<std::uint64_t> stop_after;  ///< Body bytes after which `ending` comes early.
  std::optional<std::uint64_t> drip_after;  ///< Body bytes after which it drips.
  std::uint64_t drip_bytes_per_s = 1;
  std::vector<std::uint64_t> flips;  ///< Offsets in the file (or body) whose byte is inverted.
  std::uint64_t surplus_bytes = 0;   ///< After the body proper.
  bool endless = false;
  bool chunked = false;
};

/// The rates that apply to one connection.
struct Pacing {
  Rate& own;
  SharedRate& shared;
};

struct Sent {
  std::uint64_t body_bytes = 0;
  bool may_go_on = false;  ///< The connection can take another request.
};
Sent send_answer(Peer& peer, const Answer& answer, const Wire& wire, bool is_head, Pacing& pacing);

}  // namespace modelkeep::standin
