#include "tests/system/machine.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tests/system/wait_until.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

bool succeeds(const std::vector<std::string>& command) {
  ProgramOptions options;
  options.command = command;
  options.set_variables["PATH"] = "/usr/sbin:/sbin:/usr/bin:/bin";
  const Finished finished = run_program(options, 30'000);
  return finished.exit && finished.exit->status == 0;
}

bool is_traced(const std::string& task) {
  std::ifstream status(task + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("TracerPid:")) return line.find_first_of("123456789") != std::string::npos;
  }
  return true;  // A thread that is gone needs no tracer.
}

bool all_traced(const std::vector<pid_t>& pids) {
  for (const pid_t pid : pids) {
    std::error_code ignored;
    const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
    for (const auto& task : fs::directory_iterator(tasks, ignored)) {
      if (!is_traced(task.path().string())) return false;
    }
  }
  return true;
}

}  // namespace

LoopMount::LoopMount(const std::string& kind, int size_mib)
    : image_(folder_.path() + "/image"), path_(folder_.path() + "/mount") {
  if (geteuid() != 0) {
    why_not_ = "a loop mount needs root";
    return;
  }
  fs::create_directories(path_);
  std::ofstream(image_).close();
  fs::resize_file(image_, static_cast<std::uintmax_t>(size_mib) << 20);
  const std::string quiet = kind == "ext4" ? "-F" : "-f";
  if (!succeeds({"mkfs." + kind, "-q", quiet, image_})) {
    why_not_ = "mkfs." + kind + " failed";
  } else if (!mount_it()) {
    why_not_ = "this machine mounts no loop device";
  }
}

LoopMount::~LoopMount() {
  if (why_not_.empty()) {
    wait_until(
        [this] {
          return succeeds({"umount", path_}) || !succeeds({"mountpoint", path_});
        },
        10'000, 200);
  }
}

bool LoopMount::mount_it() {
  return succeeds({"mount", "-o", "loop", image_, path_});
}

void LoopMount::cut_power() {
  succeeds({"xfs_io", "-x", "-c", "shutdown", path_});
}

bool LoopMount::mount_again() {
  return wait_until([this] { return succeeds({"umount", path_}); }, 10'000, 100) && mount_it();
}

bool LoopMount::set_writable(bool writable) {
  const std::string options = writable ? "remount,rw" : "remount,ro";
  return wait_until([&] { return succeeds({"mount", "-o", options, path_}); }, 5'000, 100);
}

CallFaults::CallFaults(const std::vector<pid_t>& pids, const std::string& injection,
                       const std::string& log_file) {
  ProgramOptions options;
  options.command = {"strace", "-f", "-qq", "-o", "/dev/null", "-e", "inject=" + injection};
  for (const pid_t pid : pids) {
    options.command.push_back("-p");
    options.command.push_back(std::to_string(pid));
  }
  options.log_file = log_file;
  strace_ = Program::start(options);
  const bool traced =
      strace_ && wait_until([&] { return all_traced(pids) || !strace_->running(); }, 5'000);
  if (!traced || !strace_->running()) why_not_ = "strace may not trace here";
}

CallFaults::~CallFaults() {
  end();
}

void CallFaults::end() {
  if (!strace_) return;
  strace_->signal(SIGTERM);
  strace_->wait(5'000);
  strace_.reset();
}

}  // namespace modelkeep::system_test
