#include "app/import_command.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <pwd.h>
#include <unistd.h>

#include "app/arguments.h"
#include "app/role_paths.h"
#include "app/state_dir.h"
#include "base/clock.h"
#include "base/files.h"
#include "catalog/store.h"
#include "fetch/import/import.h"
#include "storage/mount.h"

namespace modelkeep::app {
namespace {

constexpr std::int64_t kProgressStepBytes = std::int64_t{1} << 30;

tl::unexpected<Error> wrong_usage(std::string what) {
  return fail(ErrorKind::invalid, codes::usage_invalid,
              std::move(what).append("\n  ").append(kImportUsage));
}

std::string own_name() {
  for (const char* variable : {"SUDO_USER", "USER"}) {
    const char* const name = std::getenv(variable);
    if (name != nullptr && *name != '\0') return name;
  }
  const passwd* const entry = getpwuid(getuid());
  return entry != nullptr ? entry->pw_name : "anonymous";
}

Result<fetch::ImportOrder> order_from(const std::vector<std::string>& words) {
  const Arguments arguments =
      TRY(Arguments::parse(words, {"name", "revision", "link"}, {"name", "revision"}));
  if (arguments.plain().size() != 1) return wrong_usage("import takes one folder:");
  if (arguments.text("name").empty()) return wrong_usage("--name says what the model is called:");
  if (!arguments.text("link").empty()) return wrong_usage("--link takes no value:");
  fetch::ImportOrder order;
  std::error_code error;
  auto folder = std::filesystem::absolute(arguments.plain().front(), error).lexically_normal();
  order.folder = folder.string();
  while (order.folder.size() > 1 && order.folder.ends_with('/')) order.folder.pop_back();
  order.name = arguments.text("name");
  order.revision = arguments.text("revision", order.revision);
  if (arguments.has("link")) order.taking = fetch::Taking::link;
  order.username = own_name();
  return order;
}

std::function<void(std::int64_t, std::int64_t)> progress_for_terminal() {
  if (isatty(STDERR_FILENO) == 0) return {};
  return [shown = std::int64_t{0}](std::int64_t done, std::int64_t total) mutable {
    if (done - shown < kProgressStepBytes) return;
    shown = done;
    std::fprintf(stderr, "  %lld of %lld MiB\n", static_cast<long long>(done >> 20),
                 static_cast<long long>(total >> 20));
  };
}

std::string amount(std::int64_t number, std::string_view one) {
  return std::to_string(number) + " " + std::string(one) + (number == 1 ? "" : "s");
}

void print(const fetch::ImportOrder& order, const fetch::ImportReport& report) {
  std::string text = report.is_same ? "unchanged " : "imported ";
  text += order.name + " (" + report.model_id + "): " + amount(report.files, "file") + ", " +
          amount(report.size_bytes, "byte") + "\n";
  text += "  commit " + report.commit + " on " + order.revision + "\n";
  text += "  in " + report.path + "\n";
  if (report.goes_on_with > 0)
    text += "  went on after " + amount(report.goes_on_with, "file") + " of an earlier try\n";
  if (report.stored_before > 0)
    text += "  " + amount(report.stored_before, "file") + " stored before\n";
  if (report.shared > 0)
    text += "  " + amount(report.shared, "file") + " took no space of their own\n";
  for (const std::string& path : report.left) text += "  left out: " + path + "\n";
  std::fputs(text.c_str(), stdout);
}

}  // namespace

Result<> run_import(const Config& config, const std::vector<std::string>& words) {
  fetch::ImportOrder order = TRY(order_from(words));
  if (config.reserve_bytes) order.reserve_bytes = static_cast<std::uint64_t>(*config.reserve_bytes);
  const storage::Layout layout = layout_of(config);
  TRY(prepare_folders(layout));
  TRY(catalog::prepare(state_paths(layout), system_clock()));
  TRY(storage::open_mount(posix_files(), layout));
  auto db = TRY(catalog::open(state_paths(layout)));
  print(order, TRY(fetch::import_folder(db, posix_files(), layout, system_clock(), order,
                                        progress_for_terminal())));
  return {};
}

}  // namespace modelkeep::app
