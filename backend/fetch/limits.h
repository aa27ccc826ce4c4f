#pragma once
// What downloads may take of the network at this moment. Whoever owns the settings fills it in;
// running transfers ask for it anew about once a second, so a change takes effect while they run.
#include <cstdint>
#include <functional>

namespace modelkeep::sqlite {
class Connection;
}  // namespace modelkeep::sqlite

namespace modelkeep::fetch {

/// More would serve nobody: neither an upstream nor a disk.
constexpr int kConnectionsMax = 64;

struct Limits {
  /// In all downloads of the machine together, over all fetchers; 0 is kConnectionsMax.
  int connections = 32;
  /// In all downloads together; 0 is unlimited.
  std::uint64_t bytes_per_second = 0;
  /// Of each download; 0 is unlimited.
  std::uint64_t download_bytes_per_second = 0;
};

/// The limits in force now. Called by the thread of each running download with that thread's own
/// connection, so several calls may run at once; it answers within milliseconds.
using LimitsNow = std::function<Limits(sqlite::Connection&)>;

}  // namespace modelkeep::fetch
