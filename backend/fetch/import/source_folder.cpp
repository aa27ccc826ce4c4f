#include "fetch/import/source_folder.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error_codes.h"
#include "base/files.h"
#include "storage/file_path.h"

namespace modelkeep::fetch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 100'000;
constexpr std::size_t kComplaintsShown = 20;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::invalid, codes::path_invalid, std::move(message));
}

/// Links are followed as long as they stay below the folder; on kernels before 5.6 none is.
int open_below(int folder, const std::string& path) {
  struct open_how how {};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const long opened = ::syscall(SYS_openat2, folder, path.c_str(), &how, sizeof how);
  if (opened >= 0 || errno != ENOSYS) return static_cast<int>(opened);
  return ::openat(folder, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
}

bool is_trace(std::string_view path) {
  return path == ".git" || path.starts_with(".git/") || path == ".cache/huggingface" ||
         path.starts_with(".cache/huggingface/") || path.starts_with(".huggingface/");
}

/// Bytes that a terminal would act upon, and what is no UTF-8, as \xNN.
std::string shown(std::string_view path) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (const char c : path.substr(0, 200)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      text += c;
    } else {
      text.append("\\x").append({kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return path.size() > 200 ? text + "..." : text;
}

class Scan {
 public:
  Scan(std::string path, SourceFolder& out) : path_(std::move(path)), out_(out) {}

  Result<> run() {
    std::error_code error;
    fs::recursive_directory_iterator entry(path_, fs::directory_options::none, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      const std::string path = entry->path().native().substr(path_.size() + 1);
      std::error_code unseen;
      const bool is_folder = fs::is_directory(entry->symlink_status(unseen));
      if (is_trace(path)) {
        if (is_folder) entry.disable_recursion_pending();
        out_.left.push_back(path);
      } else if (is_folder) {
        if (static_cast<std::size_t>(entry.depth()) > kDepthMax)
          return refuse("The folder is nested too deeply.");
      } else {
        look_at(path);
      }
      if (out_.files.size() > kFilesMax) return refuse("It holds more than 100,000 files.");
    }
    if (error) return tl::unexpected{errno_error(error.value(), "list", path_)};
    return {};
  }

  void complain(const std::string& path, std::string_view why) {
    complaints_.push_back(shown(path).append(": ").append(why));
  }

  Result<> finish() {
    if (complaints_.empty()) return {};
    std::string text = "This folder cannot be imported as it is.";
    for (std::size_t i = 0; i < std::min(complaints_.size(), kComplaintsShown); ++i)
      text.append("\n  ").append(complaints_[i]);
    if (complaints_.size() > kComplaintsShown) {
      text.append("\n  and ").append(std::to_string(complaints_.size() - kComplaintsShown));
      text.append(" more");
    }
    return refuse(std::move(text));
  }

 private:
  static constexpr std::size_t kDepthMax = 64;

  void look_at(const std::string& path) {
    if (!storage::is_valid_file_path(path)) {
      return complain(path,
                      "no file of a model may have this name (UTF-8 without control "
                      "characters, 255 bytes a part, 1,024 and 32 parts in all)");
    }
    auto opened = open_file(out_.folder, path);
    if (!opened) return complain(path, opened.error().message);
    out_.files.push_back(std::move(opened->facts));
  }

  std::string path_;
  SourceFolder& out_;
  std::vector<std::string> complaints_;
};

}  // namespace

std::string stamp_of(const struct stat& facts) {
  return std::to_string(facts.st_dev) + '-' + std::to_string(facts.st_ino) + '-' +
         std::to_string(facts.st_mtim.tv_sec) + '.' + std::to_string(facts.st_mtim.tv_nsec);
}

Result<OpenSource> open_file(const Fd& folder, const std::string& path) {
  OpenSource opened;
  opened.file = Fd(open_below(folder.get(), path));
  if (!opened.file && (errno == EXDEV || errno == ELOOP)) {
    return refuse(
        "it is a link that leads out of the folder; put the file itself there, as "
        "`cp -rL` does");
  }
  if (!opened.file && errno == ENOENT) return refuse("it is a link to nothing, or is gone");
  if (!opened.file && errno == ENXIO) return refuse("it is not a regular file");
  if (!opened.file && errno == EACCES) return refuse("it may not be read");
  if (!opened.file) return tl::unexpected{errno_error(errno, "open", path)};
  struct stat facts {};
  if (::fstat(opened.file.get(), &facts) != 0)
    return tl::unexpected{errno_error(errno, "fstat", path)};
  if (S_ISDIR(facts.st_mode))
    return refuse("it is a link to a folder; put the folder itself there");
  if (!S_ISREG(facts.st_mode)) return refuse("it is not a regular file");
  opened.facts = {path, facts.st_size, stamp_of(facts)};
  opened.is_ours = facts.st_uid == ::geteuid() || ::geteuid() == 0;
  return opened;
}

Result<SourceFolder> open_source(const std::string& path, bool portable) {
  SourceFolder source;
  source.folder = Fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!source.folder && (errno == ENOENT || errno == ENOTDIR))
    return refuse(shown(path) + " is not a folder.");
  if (!source.folder) return tl::unexpected{errno_error(errno, "open", path)};
  Scan scan(path, source);
  TRY(scan.run());
  std::sort(source.files.begin(), source.files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  std::sort(source.left.begin(), source.left.end());
  TRY(scan.finish());
  if (source.files.empty()) return refuse(shown(path) + " holds no file that could be imported.");
  std::vector<std::string> paths;
  for (const SourceFile& file : source.files) paths.push_back(file.path);
  if (auto fits = storage::check_snapshot_paths(paths, portable, "The folder has"); !fits)
    return refuse(fits.error().message);
  return source;
}

}  // namespace modelkeep::fetch
