#pragma once
// What only some machines allow: loop mounts, tracing another process. Each says in words why it
// cannot, for GTEST_SKIP().
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temp_folder.h"
#include "tests/system/program.h"

namespace modelkeep::system_test {

/// A file system of its own, in a file, that can lose power. Unmounted with its owner.
class LoopMount {
 public:
  /// `kind` is ext4 or xfs.
  LoopMount(const std::string& kind, int size_mib);
  ~LoopMount();
  LoopMount(const LoopMount&) = delete;
  LoopMount& operator=(const LoopMount&) = delete;

  /// Empty when it is mounted.
  const std::string& why_not() const { return why_not_; }
  const std::string& path() const { return path_; }
  /// From this moment on nothing reaches the disk any more; what was not synced is gone.
  void cut_power();
  /// After a cut, as after a boot: mounted again, its journal replayed.
  bool mount_again();
  /// Mounted anew as it stands, for reading alone or for writing again.
  bool set_writable(bool writable);

 private:
  bool mount_it();

  TempFolder folder_;
  std::string image_;
  std::string path_;
  std::string why_not_;
};

/// System calls of running processes that fail on order, by strace. Ends with its owner.
class CallFaults {
 public:
  /// `injection` as strace takes it: "fdatasync:error=EIO".
  CallFaults(const std::vector<pid_t>& pids, const std::string& injection,
             const std::string& log_file);
  ~CallFaults();
  CallFaults(const CallFaults&) = delete;
  CallFaults& operator=(const CallFaults&) = delete;

  /// Empty when every thread of every process is traced.
  const std::string& why_not() const { return why_not_; }
  void end();

 private:
  std::optional<Program> strace_;
  std::string why_not_;
};

}  // namespace modelkeep::system_test
