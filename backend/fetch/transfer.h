#pragma once
// Brings the bytes of a plan in: starts the receiving and the hashing thread, takes verified files
// into the blob store, keeps the rows up to date, and stops at once when the download is no longer
// wanted.
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "catalog/queue.h"
#include "fetch/receiver.h"
#include "fetch/surroundings.h"
#include "upstream/hub.h"

namespace modelkeep::fetch {

struct TransferOrder {
  catalog::Claim claim{};
  std::vector<catalog::DownloadFile>
      files{};         ///< Those of the whole plan; ready ones are left alone.
  std::string repo{};  ///< As upstream calls it.
  std::string commit{};
  int tries_before = 0;
  /// For a download that clients wait for: the whole plan as it is by now, when more was asked for
  /// since; empty when nothing was. Asked many times a second. With it the transfer stays a moment
  /// after its last file, since who asks for one soon asks for the next.
  std::function<Result<std::vector<catalog::DownloadFile>>()> more{};
};

/// Nothing when every file is a blob. `interrupted` when `stop` was requested, claim_lost when
/// someone paused or cancelled; checksum_mismatch after two wrong arrivals of one file.
std::optional<Trouble> transfer(const Surroundings& around, sqlite::Connection& db,
                                const upstream::Hub& hub, const TransferOrder& order,
                                std::stop_token stop);

}  // namespace modelkeep::fetch
