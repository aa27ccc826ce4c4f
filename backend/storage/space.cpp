#include "storage/space.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "base/error_codes.h"
#include "storage/folder_list.h"

namespace modelkeep::storage {
namespace {

constexpr std::uint64_t kReserveBytesMax = std::uint64_t{5} << 30;
constexpr std::uint64_t kReserveShare = 50;  // One 50th is 2 %.

std::string shown(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return text.data();
}

}  // namespace

std::uint64_t default_reserve_bytes(const DiskSpace& space) {
  return std::min(kReserveBytesMax, space.total_bytes / kReserveShare);
}

std::uint64_t staged_bytes(Files& files, const Layout& layout, std::int64_t download_id) {
  const auto names = list_folder(layout.staging_dir(download_id));
  if (!names) return 0;
  std::uint64_t bytes = 0;
  for (const std::string& name : *names) {
    const auto number = parse_part_name(name);
    if (!number) continue;
    if (const auto found = files.stat(layout.part(download_id, *number)))
      bytes += found->allocated_bytes;
  }
  return bytes;
}

Result<> check_space(std::uint64_t needed, std::uint64_t outstanding, const DiskSpace& space,
                     std::optional<std::uint64_t> reserve_bytes) {
  const std::uint64_t reserved = reserve_bytes.value_or(default_reserve_bytes(space)) + outstanding;
  const std::uint64_t usable = space.free_bytes > reserved ? space.free_bytes - reserved : 0;
  if (needed <= usable) return {};
  return fail(ErrorKind::no_space, codes::storage_insufficient,
              "The download needs " + shown(needed) + " and the disk has " + shown(usable) +
                  " left beside other downloads and its reserve.");
}

}  // namespace modelkeep::storage
