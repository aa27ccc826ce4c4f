// One download by the fetcher's own code, from its claim to `ready`, and where the time went. Its
// disk is the real one, but for what a flag leaves out to measure what it costs. Prints one line of
// JSON; bench/fetch_bench.py runs it.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/resource.h>

#include "base/clock.h"
#include "base/file_lock.h"
#include "base/json.h"
#include "base/log.h"
#include "catalog/ask.h"
#include "catalog/queue.h"
#include "catalog/store.h"
#include "fetch/job.h"
#include "storage/mount.h"

namespace modelkeep {
namespace {

struct Given {
  std::string endpoint{};
  std::string repo{};
  std::string store{};
  int connections = 16;
  bool syncs = true;
  bool reads = true;  // Without, nothing can be hashed either.
};

/// The real disk with a watch.
class TimedFiles : public Files {
 public:
  explicit TimedFiles(const Given& given) : given_(given), real_(posix_files()) {}

  Result<Fd> open(const std::string& path, OpenMode mode, mode_t permissions) override {
    return real_.open(path, mode, permissions);
  }
  Result<> write_at(const Fd& file, std::span<const std::byte> bytes,
                    std::uint64_t offset) override {
    auto written = real_.write_at(file, bytes, offset);
    last_write_ms_ = system_clock().mono_ms();
    return written;
  }
  Result<std::size_t> read_at(const Fd& file, std::span<std::byte> into,
                              std::uint64_t offset) override {
    if (!given_.reads) return into.size();
    auto got = real_.read_at(file, into, offset);
    last_read_ms_ = system_clock().mono_ms();
    return got;
  }
  Result<> truncate(const Fd& file, std::uint64_t size_bytes) override {
    return real_.truncate(file, size_bytes);
  }
  Result<> allocate(const Fd& file, std::uint64_t size_bytes) override {
    return real_.allocate(file, size_bytes);
  }
  Result<> sync(const Fd& file) override { return given_.syncs ? real_.sync(file) : Result<>(); }
  Result<> sync_data(const Fd& file) override {
    return given_.syncs ? real_.sync_data(file) : Result<>();
  }
  void start_writing(const Fd& file, std::uint64_t offset, std::uint64_t size_bytes) override {
    if (given_.syncs) real_.start_writing(file, offset, size_bytes);
  }
  Result<bool> sync_all(const Fd& file) override {
    return given_.syncs ? real_.sync_all(file) : Result<bool>(true);
  }
  Result<> sync_folder(const std::string& path) override {
    return given_.syncs ? real_.sync_folder(path) : Result<>();
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }
  Result<> exchange(const std::string& a, const std::string& b) override {
    return real_.exchange(a, b);
  }
  Result<> link(const std::string& existing, const std::string& name) override {
    return real_.link(existing, name);
  }
  Result<> symlink(const std::string& target, const std::string& name) override {
    return real_.symlink(target, name);
  }
  Result<> remove_file(const std::string& path) override { return real_.remove_file(path); }
  Result<> remove_folder(const std::string& path) override { return real_.remove_folder(path); }
  Result<> make_folders(const std::string& path, mode_t permissions) override {
    return real_.make_folders(path, permissions);
  }
  Result<> set_permissions(const std::string& path, mode_t permissions) override {
    return real_.set_permissions(path, permissions);
  }
  Result<FileStat> stat(const std::string& path) override { return real_.stat(path); }
  Result<std::string> read_link(const std::string& path) override { return real_.read_link(path); }
  Result<DiskSpace> space(const std::string& path) override { return real_.space(path); }

  std::int64_t last_write_ms() const { return last_write_ms_; }
  std::int64_t last_read_ms() const { return last_read_ms_; }

 private:
  const Given& given_;
  Files& real_;
  std::atomic<std::int64_t> last_write_ms_ = 0;
  std::atomic<std::int64_t> last_read_ms_ = 0;
};

Given parse(int count, char** words) {
  Given given;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto value = [&] { return i + 1 < count ? std::string(words[++i]) : std::string(); };
    if (word == "--endpoint") given.endpoint = value();
    if (word == "--repo") given.repo = value();
    if (word == "--store") given.store = value();
    if (word == "--connections") given.connections = std::atoi(value().c_str());
    if (word == "--no-sync") given.syncs = false;
    if (word == "--no-read") given.reads = false;
  }
  return given;
}

Result<fetch::FetcherConfig> prepare(const Given& given) {
  fetch::FetcherConfig config{.layout = storage::Layout(given.store)};
  const storage::Layout& layout = config.layout;
  TRY(storage::open_mount(posix_files(), layout));
  TRY(posix_files().make_folders(layout.locks_dir(), 0700));
  TRY(posix_files().make_folders(layout.backups_dir(), 0700));
  TRY(posix_files().make_folders(layout.run_dir(), 0700));
  config.state = {.folder = layout.state_dir(),
                  .database = layout.database(),
                  .write_lock = layout.db_write_lock(),
                  .prepare_lock = layout.lock("prepare"),
                  .backups = layout.backups_dir(),
                  .ballast = layout.ballast()};
  TRY(catalog::prepare(config.state, system_clock()));
  config.upstream.endpoint = given.endpoint;
  config.limits = [connections = given.connections](sqlite::Connection&) {
    return fetch::Limits{.connections = connections};
  };
  return config;
}

Result<std::string> measure(const Given& given) {
  const fetch::FetcherConfig config = TRY(prepare(given));
  sqlite::Connection db = TRY(catalog::open(config.state));
  TimedFiles files(given);
  fetch::Surroundings around{
      .config = &config,
      .files = &files,
      .clock = &system_clock(),
      .open_transport = [&config] { return upstream::make_transport(config.upstream); },
      .environment = [](std::string_view) { return std::nullopt; },
      .random = [] { return 0.5; }};
  const auto asked = TRY(
      catalog::ask_for_model(db, {.name = given.repo, .username = "bench"}, system_clock().now()));
  const std::int64_t id = asked.download->id;
  const std::int64_t begun_ms = system_clock().mono_ms();
  const auto claimed = TRY(catalog::claim_next_queued(db, system_clock().now()));
  const FileLock lock = TRY(FileLock::try_take(config.layout.download_lock(id)));
  TRY(fetch::run_job(around, db, *claimed, {}));
  const std::int64_t ended_ms = system_clock().mono_ms();
  const catalog::Download download = TRY(catalog::find_download(db, id));
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) { return time.tv_sec * 1000 + time.tv_usec / 1000; };
  json::Writer out;
  out.begin_object()
      .member("status", catalog::text(download.status))
      .member("error", download.error_code)
      .member("bytes", download.bytes_total)
      .member("ms", ended_ms - begun_ms)
      .member("received_ms", files.last_write_ms() - begun_ms)
      .member("hashed_ms", std::max<std::int64_t>(files.last_read_ms() - begun_ms, 0))
      .member("cpu_ms", static_cast<std::int64_t>(seconds(used.ru_utime) + seconds(used.ru_stime)))
      .member("rss_mib", static_cast<std::int64_t>(used.ru_maxrss / 1024))
      .end_object();
  return out.take();
}

}  // namespace
}  // namespace modelkeep

int main(int count, char** words) {
  using namespace modelkeep;
  log::set_level(log::Level::warn);
  const auto measured = measure(parse(count, words));
  if (!measured) {
    std::fprintf(stderr, "%s: %s\n", measured.error().message.c_str(),
                 measured.error().cause.c_str());
    return 1;
  }
  std::printf("%s\n", measured->c_str());
  return 0;
}
