#include "storage/mount.h"

#include <array>
#include <optional>
#include <span>

#include <sys/random.h>
#include <unistd.h>

#include "base/error_codes.h"
#include "storage/folder_list.h"

namespace modelkeep::storage {
namespace {

constexpr mode_t kPublicFolder = 0755;
constexpr mode_t kPrivateFolder = 0700;
constexpr std::uint64_t kStoreIdBytesMax = 256;

std::string fresh_store_id() {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::array<unsigned char, 16> random{};
  // Never short for so few bytes; zeros would still be an id that differs from "none".
  if (getrandom(random.data(), random.size(), 0) < 0) random.fill(0);
  std::string id;
  for (const unsigned char byte : random) id.append({kHex[byte >> 4U], kHex[byte & 15U]});
  return id + "\n";
}

Result<std::optional<std::string>> read_if_there(Files& files, const std::string& path) {
  auto content = read_file(files, path, kStoreIdBytesMax);
  if (content) return std::optional(std::move(*content));
  if (content.error().kind == ErrorKind::not_found) return std::nullopt;
  return tl::unexpected{std::move(content).error()};
}

auto missing(std::string cause) {
  return fail(ErrorKind::unavailable, codes::storage_missing,
              "The models' disk is not mounted. Mount it; work goes on by itself.",
              std::move(cause));
}

Result<> write_small_file(Files& files, const std::string& path) {
  const Fd file = TRY(files.open(path, OpenMode::write));
  TRY(files.write_at(file, std::as_bytes(std::span("probe", 5)), 0));
  return {};
}

}  // namespace

Result<> open_mount(Files& files, const Layout& layout) {
  const auto marker = TRY(read_if_there(files, layout.marker()));
  const auto known = TRY(read_if_there(files, layout.known_store_id()));
  if (known && !marker) return missing("no marker at " + layout.marker());
  if (known && *known != *marker)
    return missing("the mount holds another store than the state directory knows");
  TRY(files.make_folders(layout.own_dir(), kPublicFolder));
  TRY(files.set_permissions(layout.own_dir(), kPublicFolder));
  const std::string id = marker ? *marker : fresh_store_id();
  if (!marker) TRY(write_file_atomic(files, layout.marker(), id, 0644));
  TRY(files.make_folders(layout.state_dir(), kPrivateFolder));
  if (!known) TRY(write_file_atomic(files, layout.known_store_id(), id, 0600));
  TRY(files.make_folders(layout.blobs_dir(), kPublicFolder));
  TRY(files.set_permissions(layout.blobs_dir(), kPublicFolder));
  TRY(files.make_folders(layout.staging_root(), kPrivateFolder));
  TRY(files.make_folders(layout.trash_dir(), kPrivateFolder));
  return {};
}

Result<> check_mount(Files& files, const Layout& layout) {
  const auto marker = files.stat(layout.marker());
  if (marker) return {};
  if (marker.error().kind == ErrorKind::not_found)
    return missing("no marker at " + layout.marker());
  return tl::unexpected{marker.error()};
}

Result<> check_writable(Files& files, const Layout& layout) {
  TRY(check_mount(files, layout));
  // Its own for each thread, so that two which ask at once do not take each other's away.
  const std::string path = layout.probe_dir() + "/writable-" + std::to_string(gettid());
  TRY(files.make_folders(layout.probe_dir(), kPrivateFolder));
  TRY(write_small_file(files, path));
  return files.remove_file(path);
}

Result<MountFacts> probe_mount(Files& files, const Layout& layout) {
  const std::string folder = layout.probe_dir() + "/" + std::to_string(gettid());
  TRY(remove_tree(files, folder));
  TRY(files.make_folders(folder, kPrivateFolder));
  const std::string file = folder + "/probe-aA";
  TRY(write_small_file(files, file));
  MountFacts facts;
  facts.folds_case = files.stat(folder + "/probe-Aa").has_value();
  facts.hard_links = files.link(file, folder + "/link").has_value();
  TRY(files.make_folders(folder + "/one", kPrivateFolder));
  TRY(files.make_folders(folder + "/two", kPrivateFolder));
  facts.exchange = files.exchange(folder + "/one", folder + "/two").has_value();
  TRY(remove_tree(files, folder));
  return facts;
}

}  // namespace modelkeep::storage
