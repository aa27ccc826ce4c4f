#include "app/adopt_command.h"

#include <cstdio>
#include <string>

#include <unistd.h>

#include "adopt/adopt.h"
#include "app/role_paths.h"
#include "app/state_dir.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "catalog/store.h"
#include "storage/mount.h"

namespace modelkeep::app {
namespace {

constexpr std::int64_t kProgressStepBytes = std::int64_t{1} << 30;

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
}

std::string amount(std::int64_t number, std::string_view one) {
  return std::to_string(number) + " " + std::string(one) + (number == 1 ? "" : "s");
}

void list(const adopt::Waiting& waiting) {
  for (const std::string& folder : waiting.folders) say(folder);
  if (waiting.has_old_database) say("models_db.json");
  if (waiting.empty()) say("There is nothing to adopt.");
}

/// On stderr and only for a person: hashing a large model takes minutes in which nothing else is
/// said.
adopt::Progress progress_for_terminal() {
  adopt::Progress progress;
  if (isatty(STDERR_FILENO) == 0) return progress;
  progress.folder = [](const std::string& id) { std::fprintf(stderr, "%s ...\n", id.c_str()); };
  progress.hashed = [done = std::int64_t{0}](std::int64_t bytes) mutable {
    const std::int64_t before = done / kProgressStepBytes;
    done += bytes;
    if (done / kProgressStepBytes == before) return;
    std::fprintf(stderr, "  %lld GiB hashed\n", static_cast<long long>(done / kProgressStepBytes));
  };
  return progress;
}

void print(const adopt::Report& report) {
  for (const adopt::AdoptedFolder& folder : report.folders) {
    say("adopted " + folder.id + (folder.name == folder.id ? "" : " (" + folder.name + ")") + ": " +
        amount(folder.files, "file") + ", " + amount(folder.size_bytes, "byte"));
  }
  if (report.uses > 0) say("imported " + amount(report.uses, "record") + " of use");
  for (const adopt::Complaint& complaint : report.complaints) {
    say("not used: " + complaint.what + ": " + complaint.why);
  }
  if (report.folders.empty() && report.uses == 0 && report.complaints.empty())
    say("There is nothing to adopt.");
}

}  // namespace

Result<> run_adopt(const Config& config, bool list_only) {
  const storage::Layout layout = layout_of(config);
  TRY(prepare_folders(layout));
  TRY(catalog::prepare(state_paths(layout), system_clock()));
  TRY(storage::open_mount(posix_files(), layout));
  auto db = TRY(catalog::open(state_paths(layout)));
  if (list_only) {
    list(TRY(adopt::find_waiting(db, layout)));
    return {};
  }
  print(TRY(adopt::adopt(db, posix_files(), layout, system_clock(), progress_for_terminal())));
  return {};
}

void say_what_waits_for_adoption(const storage::Layout& layout) {
  auto db = catalog::open(state_paths(layout));
  if (!db) return;
  const auto waiting = adopt::find_waiting(*db, layout);
  if (!waiting || waiting->empty()) return;
  log::info("adopt.waiting", {{"folders", waiting->folders.size()},
                              {"old_database", waiting->has_old_database ? "yes" : "no"},
                              {"run", "modelkeepd adopt"}});
}

}  // namespace modelkeep::app
