#pragma once
// The one budget of connections that all downloads of the machine share, whichever fetcher runs
// them: record locks on one file, which the kernel takes back from whoever dies.
#include <cstdint>
#include <set>
#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace modelkeep::fetch {

/// How many connections a download may hold, of `limit`, when `others` download too. While one of
/// them has less than its share, nobody keeps more than that; else whoever can use more may.
int fair_goal(int wanted, int limit, int others, bool others_lack);

/// One download's part in it; one thread.
class ConnectionBudget {
 public:
  /// Others see from now on that one more downloads.
  static Result<ConnectionBudget> join(const std::string& path);

  /// Takes and gives back, as `wanted` and the others suggest, but keeps what `running` connections
  /// use. Returns how many may run now; when that is less than `running`, none may begin. One is
  /// always to be had, even when there are more downloads than `limit`.
  int update(int running, int wanted, int limit);

  int held() const { return static_cast<int>(held_.size()); }

 private:
  ConnectionBudget(Fd file, std::int64_t place) : file_(std::move(file)), place_(place) {}

  int others() const;
  bool others_lack() const;
  void give_back(int keep);
  void take(int up_to, int limit);
  void say_lacking(bool lacking);

  Fd file_;
  std::int64_t place_;  ///< Ours among the downloads.
  std::set<int> held_;
  bool lacking_ = false;
};

}  // namespace modelkeep::fetch
