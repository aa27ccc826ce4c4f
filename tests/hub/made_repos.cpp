#include "tests/hub/made_repos.h"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/files.h"
#include "tests/hub/repo_builder.h"

namespace modelkeep::standin {
namespace {

constexpr std::size_t kWriteBytes = 1 << 20;

tl::unexpected<Error> disk_error(const std::string& path) {
  return fail(ErrorKind::internal, codes::internal_error, "Cannot keep " + path);
}

bool is_there(const std::string& path, std::uint64_t size_bytes) {
  struct stat facts {};
  return stat(path.c_str(), &facts) == 0 && static_cast<std::uint64_t>(facts.st_size) == size_bytes;
}

Result<> write_content(const std::string& path, const Content& content) {
  const Fd file{open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
  if (!file) return disk_error(path);
  std::vector<char> buffer(kWriteBytes);
  for (std::uint64_t offset = 0; offset < content.size();) {
    const std::size_t n = content.read(offset, buffer);
    if (write(file.get(), buffer.data(), n) != static_cast<ssize_t>(n)) return disk_error(path);
    offset += n;
  }
  return {};
}

// The file's name is its recipe, so another run with the same sizes finds it; its digest lies
// beside it.
Result<std::string> keep(const Content& content, const std::string& path) {
  const std::string digest_path = path + ".sha256";
  if (is_there(path, content.size()) && is_there(digest_path, 64)) {
    return TRY(read_file(posix_files(), digest_path, 64));
  }
  TRY(write_content(path, content));
  std::string digest = sha256_of(content);
  TRY(write_content(digest_path, Content::text(digest)));
  return digest;
}

std::string numbered(const std::string& path, std::uint64_t number, std::uint64_t count) {
  if (count == 1) return path;
  const std::string digits = std::to_string(number);
  const std::string zeros(std::to_string(count - 1).size() - digits.size(), '0');
  const auto dot = path.rfind('.');
  const std::size_t at = dot == std::string::npos ? path.size() : dot;
  return path.substr(0, at) + '-' + zeros + digits + path.substr(at);
}

}  // namespace

Result<> add_made_repo(Repos& repos, const MadeRepo& made, const std::string& data_dir) {
  RepoBuilder builder(made.id);
  for (std::uint64_t i = 0; i < made.count; ++i) {
    const std::string path = numbered(made.path, i, made.count);
    Content content = Content::generated(made.size_bytes * 1000 + i, made.size_bytes);
    if (data_dir.empty()) {
      builder.lfs(path, std::move(content));
      continue;
    }
    std::error_code ignored;
    std::filesystem::create_directories(data_dir, ignored);
    const std::string disk_path = data_dir + '/' + content.recipe_key();
    std::string digest = TRY(keep(content, disk_path));
    builder.lfs(path, std::move(content), std::move(digest), disk_path);
  }
  repos.add(builder.build());
  return {};
}

}  // namespace modelkeep::standin
