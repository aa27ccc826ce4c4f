#pragma once
// `modelkeepd import`: a folder of this machine becomes a model, in a process of its own, beside
// the running service or without it. It is a download like any other, whose bytes come from a disk:
// people see it at work, may cancel it, and its end is the one transaction that says ready.
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "fetch/import/take_file.h"
#include "sqlite/connection.h"
#include "storage/layout.h"

namespace modelkeep::fetch {

struct ImportOrder {
  std::string folder{};  ///< Absolute.
  std::string name{};
  std::string revision = "main";  ///< A branch.
  Taking taking = Taking::copy;
  std::string username{};
  std::optional<std::uint64_t> reserve_bytes{};
};

struct ImportReport {
  std::string model_id{};
  std::string commit{};
  std::string path{};  ///< Of the folder that shows it.
  std::int64_t files = 0;
  std::int64_t size_bytes = 0;
  std::int64_t goes_on_with = 0;   ///< Files that an import which broke off had taken in already.
  std::int64_t stored_before = 0;  ///< Files whose content the store had.
  std::int64_t shared = 0;         ///< Files that took no space of their own.
  bool is_same = false;            ///< The branch had exactly these files before.
  std::vector<std::string> left{};
};

/// Killed at any point it leaves nothing that anyone sees, and the same order goes on where it was.
/// Errors say what to do; path_invalid names every file that cannot be a model's.
Result<ImportReport> import_folder(
    sqlite::Connection& db, Files& files, const storage::Layout& layout, Clock& clock,
    const ImportOrder& order,
    const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

}  // namespace modelkeep::fetch
