#include "storage/file_path.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/error_codes.h"
#include "base/text.h"
#include "storage/case_folding.h"

namespace modelkeep::storage {
namespace {

constexpr std::size_t kPathBytesMax = 1024;
constexpr std::size_t kComponentBytesMax = 255;
constexpr std::size_t kDepthMax = 32;
constexpr std::size_t kShownBytesMax = 100;

bool is_valid_component(std::string_view component) {
  if (component.empty() || component.size() > kComponentBytesMax) return false;
  if (component == "." || component == "..") return false;
  const std::string lowered = lower_ascii(component);
  return lowered != ".git" && !lowered.starts_with(".modelkeep");
}

bool is_device_name(std::string_view component) {
  constexpr std::array<std::string_view, 4> kDevices = {"con", "prn", "aux", "nul"};
  const std::string stem = lower_ascii(component.substr(0, component.find('.')));
  if (std::find(kDevices.begin(), kDevices.end(), stem) != kDevices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) &&
         stem[3] >= '1' && stem[3] <= '9';
}

bool is_portable_component(std::string_view component) {
  if (component.ends_with('.') || component.ends_with(' ')) return false;
  return component.find_first_of(":*?\"<>|") == std::string_view::npos &&
         !is_device_name(component);
}

auto reject(std::string_view who, std::string_view path, std::string_view why) {
  return fail(ErrorKind::invalid, codes::upstream_path_rejected,
              std::string(who) + " a file that cannot be stored: " +
                  std::string(clipped(path, kShownBytesMax)) + std::string(why));
}

}  // namespace

bool is_valid_file_path(std::string_view path) {
  if (path.empty() || path.size() > kPathBytesMax) return false;
  const auto code_points = utf8_code_points(path);
  if (!code_points) return false;
  if (std::any_of(code_points->begin(), code_points->end(),
                  [](char32_t c) { return c == U'\\' || is_control_or_bidi(c); })) {
    return false;
  }
  const auto components = split(path, '/');
  return components.size() <= kDepthMax &&
         std::all_of(components.begin(), components.end(), is_valid_component);
}

bool is_portable_file_path(std::string_view path) {
  const auto components = split(path, '/');
  return std::all_of(components.begin(), components.end(), is_portable_component);
}

std::string collision_key(std::string_view path) {
  return folded(path);
}

Result<> check_snapshot_paths(const std::vector<std::string>& paths, bool portable,
                              std::string_view who) {
  std::unordered_set<std::string> files;
  std::unordered_set<std::string> folders;
  for (const std::string& path : paths) {
    if (!is_valid_file_path(path)) return reject(who, path, " (its name is not allowed)");
    if (portable && !is_portable_file_path(path))
      return reject(who, path, " (its name is not allowed on this mount)");
    const std::string key = collision_key(path);
    if (!files.insert(key).second)
      return reject(who, path, " (another file differs from it only by case)");
    for (auto end = key.find('/'); end != std::string::npos; end = key.find('/', end + 1)) {
      folders.insert(key.substr(0, end));
    }
  }
  for (const std::string& path : paths) {
    if (folders.contains(collision_key(path)))
      return reject(who, path, " (it is a folder as well)");
  }
  return {};
}

}  // namespace modelkeep::storage
