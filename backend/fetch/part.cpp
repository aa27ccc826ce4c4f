#include "fetch/part.h"

#include <algorithm>
#include <utility>

#include "base/error_codes.h"

namespace modelkeep::fetch {
namespace {

constexpr mode_t kPartPermissions = 0600;

}  // namespace

Part::Part(Files& files, std::string disk_path, catalog::DownloadFile file)
    : files_(files), disk_path_(std::move(disk_path)), file_(std::move(file)), etag_(file_.etag) {}

Result<> Part::open() {
  fd_ = TRY(files_.open(disk_path_, OpenMode::write, kPartPermissions));
  const FileStat found = TRY(files_.stat(disk_path_));
  const std::uint64_t start = std::min(found.size_bytes, size());
  if (found.size_bytes != start) TRY(files_.truncate(fd_, start));
  TRY(files_.allocate(fd_, size()));
  position_.with([&](Position& position) { position = {start, position.generation + 1, false}; });
  return {};
}

Result<> Part::append(std::span<const char> bytes) {
  const std::uint64_t offset = position().received;
  if (bytes.size() > size() - offset) {
    return fail(ErrorKind::corrupt, codes::upstream_size_mismatch,
                "The upstream sends more bytes of a file than it listed: " + file_.path);
  }
  TRY(files_.write_at(fd_, std::as_bytes(bytes), offset));
  // Only after the write: the hashing thread reads up to here.
  position_.with([&](Position& position) { position.received = offset + bytes.size(); });
  return {};
}

void Part::complete() {
  position_.with([](Position& position) { position.complete = true; });
}

Result<> Part::restart() {
  position_.with([](Position& position) { position = {0, position.generation + 1, false}; });
  return files_.truncate(fd_, 0);
}

Part::Position Part::position() {
  return position_.with([](const Position& position) { return position; });
}

std::string Part::etag() {
  return etag_.with([](const std::string& etag) { return etag; });
}

void Part::set_etag(std::string etag) {
  etag_.with([&](std::string& kept) { kept = std::move(etag); });
}

}  // namespace modelkeep::fetch
