#include "usage/journal_reader.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "usage/served_log.h"

namespace modelkeep::usage {
namespace {

constexpr std::string_view kSuffix = ".journal";
constexpr std::string_view kUnnamed = ".journal.new";
constexpr std::int64_t kUnnamedKeptS = 60;

void remove_if_old(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return;
  if (::time(nullptr) - found.st_mtime > kUnnamedKeptS) ::unlink(path.c_str());
}

}  // namespace

Result<RecordNames> record_names(const std::string& folder) {
  RecordNames names;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error) return tl::unexpected{errno_error(error.value(), "list", folder)};
  while (entries != std::filesystem::directory_iterator()) {
    const std::string name = entries->path().filename().native();
    if (name.ends_with(kSuffix)) names.journals.push_back(name);
    if (is_served_log(name)) names.served_logs.push_back(name);
    if (name.ends_with(kUnnamed)) remove_if_old(entries->path().native());
    entries.increment(error);
    if (error) return tl::unexpected{errno_error(error.value(), "list", folder)};
  }
  std::sort(names.journals.begin(), names.journals.end());
  std::sort(names.served_logs.begin(), names.served_logs.end());
  return names;
}

Result<JournalReader> JournalReader::open(const std::string& path) {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return tl::unexpected{errno_error(errno, "open", path)};
  return JournalReader(std::move(file));
}

Result<std::int64_t> JournalReader::size() const {
  struct stat found {};
  if (::fstat(file_.get(), &found) != 0)
    return tl::unexpected{errno_error(errno, "stat", "journal")};
  return static_cast<std::int64_t>(found.st_size);
}

Result<JournalPart> JournalReader::read(std::int64_t offset, std::size_t bytes_max) const {
  std::string bytes(bytes_max, '\0');
  const std::size_t got = TRY(posix_files().read_at(file_, std::as_writable_bytes(std::span(bytes)),
                                                    static_cast<std::uint64_t>(offset)));
  bytes.resize(got);
  JournalPart part;
  std::string_view rest = bytes;
  for (;;) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    auto event = parse_record(rest.substr(0, end));
    if (event) {
      part.events.push_back(std::move(*event));
    } else if (end > 0) {
      ++part.damaged_lines;
    }
    rest.remove_prefix(end + 1);
  }
  // No line is nearly as long: what fills a whole read without an end is damage.
  if (rest.size() == bytes_max) {
    ++part.damaged_lines;
    rest = {};
  }
  part.end = offset + static_cast<std::int64_t>(got - rest.size());
  return part;
}

bool JournalReader::is_orphan() const {
  return ::flock(file_.get(), LOCK_EX | LOCK_NB) == 0;
}

}  // namespace modelkeep::usage
