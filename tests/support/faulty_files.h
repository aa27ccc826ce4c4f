#pragma once
// The real disk, but for one call that fails: the N-th of those that change something.
#include <atomic>
#include <cerrno>
#include <string>

#include "base/files.h"

namespace modelkeep {

class FaultyFiles : public Files {
 public:
  /// `failing_call` counts from 1; 0 fails nothing. Every call after the failing one fails as well
  /// when `dies` is set, as for a process that was killed there.
  FaultyFiles(Files& real, int failing_call, bool dies = false, int error_number = EIO)
      : real_(real), failing_call_(failing_call), dies_(dies), error_number_(error_number) {}

  int calls() const { return calls_; }

  Result<Fd> open(const std::string& path, OpenMode mode, mode_t permissions) override {
    if (mode != OpenMode::read) TRY(count("open"));
    return real_.open(path, mode, permissions);
  }
  Result<> write_at(const Fd& file, std::span<const std::byte> bytes,
                    std::uint64_t offset) override {
    TRY(count("write"));
    return real_.write_at(file, bytes, offset);
  }
  Result<std::size_t> read_at(const Fd& file, std::span<std::byte> into,
                              std::uint64_t offset) override {
    return real_.read_at(file, into, offset);
  }
  Result<> truncate(const Fd& file, std::uint64_t size_bytes) override {
    TRY(count("truncate"));
    return real_.truncate(file, size_bytes);
  }
  Result<> allocate(const Fd& file, std::uint64_t size_bytes) override {
    TRY(count("allocate"));
    return real_.allocate(file, size_bytes);
  }
  Result<> sync(const Fd& file) override {
    TRY(count("sync"));
    return real_.sync(file);
  }
  Result<> sync_data(const Fd& file) override {
    TRY(count("sync_data"));
    return real_.sync_data(file);
  }
  void start_writing(const Fd& file, std::uint64_t offset, std::uint64_t size_bytes) override {
    real_.start_writing(file, offset, size_bytes);
  }
  Result<bool> sync_all(const Fd& file) override {
    TRY(count("sync_all"));
    return real_.sync_all(file);
  }
  Result<> sync_folder(const std::string& path) override {
    TRY(count("sync_folder"));
    return real_.sync_folder(path);
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    TRY(count("rename"));
    return real_.rename(from, to);
  }
  Result<> exchange(const std::string& a, const std::string& b) override {
    TRY(count("exchange"));
    return real_.exchange(a, b);
  }
  Result<> link(const std::string& existing, const std::string& name) override {
    TRY(count("link"));
    return real_.link(existing, name);
  }
  Result<> symlink(const std::string& target, const std::string& name) override {
    TRY(count("symlink"));
    return real_.symlink(target, name);
  }
  Result<> remove_file(const std::string& path) override {
    TRY(count("remove_file"));
    return real_.remove_file(path);
  }
  Result<> remove_folder(const std::string& path) override {
    TRY(count("remove_folder"));
    return real_.remove_folder(path);
  }
  Result<> make_folders(const std::string& path, mode_t permissions) override {
    TRY(count("make_folders"));
    return real_.make_folders(path, permissions);
  }
  Result<> set_permissions(const std::string& path, mode_t permissions) override {
    TRY(count("set_permissions"));
    return real_.set_permissions(path, permissions);
  }
  Result<FileStat> stat(const std::string& path) override { return real_.stat(path); }
  Result<std::string> read_link(const std::string& path) override { return real_.read_link(path); }
  Result<DiskSpace> space(const std::string& path) override { return real_.space(path); }

 protected:
  /// What happens at the failing call.
  virtual Error at_failing_call(std::string_view what) {
    return errno_error(error_number_, what, "injected");
  }

 private:
  Result<> count(std::string_view what) {
    const int call = ++calls_;
    const bool fails =
        failing_call_ > 0 && (call == failing_call_ || (dies_ && call > failing_call_));
    if (!fails) return {};
    return tl::unexpected{at_failing_call(what)};
  }

  Files& real_;
  int failing_call_;
  bool dies_;
  int error_number_;
  std::atomic<int> calls_ = 0;  // A download writes from several threads.
};

}  // namespace modelkeep
