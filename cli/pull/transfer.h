#pragma once
// Brings the contents of a listing: several at once and large ones in pieces, over a few
// connections that one thread drives; each resumed where it stopped and hashed while it arrives.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "cli/pull/place.h"
#include "net/transport.h"

namespace modelkeep::cli::pull {

struct Source {
  std::string server;
  std::string token;
  std::string user_name;
};

struct Progress {
  const Content* content = nullptr;
  std::uint64_t bytes_done = 0;
  bool is_done = false;
};

struct TransferOptions {
  int connections = 8;
  unsigned hash_threads = 2;
  std::uint64_t piece_bytes = std::uint64_t{16} << 20;
  int tries = 5;                      ///< Without a byte in between.
  std::int64_t retry_after_ms = 500;  ///< Doubled with each try.
};

/// About five times a second, with all contents in their order.
using ShowProgress = std::function<void(const std::vector<Progress>&)>;

/// The bytes that came over the network. server_unreachable when nobody answers any more.
Result<std::uint64_t> transfer(net::Transport& transport, Files& files, Clock& clock, Place& place,
                               const Source& source, const Listing& listing,
                               const std::vector<const Content*>& wanted,
                               const TransferOptions& options, const ShowProgress& show);

}  // namespace modelkeep::cli::pull
