#include "app/health_file.h"

#include "app/version.h"
#include "base/json.h"

namespace modelkeep::app {
namespace {

// The master's own words; only the last one names a child.
constexpr std::string_view kStarting =
    "No worker answers at the moment; one is being started. Try again in a second.";

constexpr std::string_view kRequestId = "\"<!--# echo var='request_id' -->\"";

/// A reason may quote what somebody wrote; it must not be a command to nginx.
std::string without_commands(std::string text) {
  std::erase(text, '<');
  return text;
}

void write_check(json::Writer& out, std::string_view name, const std::vector<Trouble>& troubles,
                 bool fetchers) {
  std::string reason = "Not known while no worker answers.";
  bool failed = false;
  for (const Trouble& trouble : troubles) {
    if ((trouble.role == Role::fetcher) != fetchers || name == "disk" || name == "upstream")
      continue;
    reason = without_commands(trouble.reason);
    failed = true;
    break;
  }
  out.key(name).begin_object();
  out.member("status", failed ? "failed" : "warning").member("message", reason);
  out.end_object();
}

}  // namespace

std::string health_file(const storage::Layout& layout) {
  return layout.run_dir() + "/health.json";
}

std::string health_text(const Config& config, const std::vector<Trouble>& troubles) {
  std::string sentence(kStarting);
  for (const Trouble& trouble : troubles) {
    if (trouble.role == Role::worker) sentence = without_commands(trouble.reason);
  }
  json::Writer out;
  out.begin_object();
  out.member("success", false)
      .member("error", sentence)
      .member("type", "/problems/service_unavailable");
  out.member("title", "Service unavailable")
      .member("status", 503)
      .member("code", "service_unavailable");
  out.member("detail", sentence).key("request_id").raw(kRequestId);
  out.member("mount_point", config.mount_point).member("version", kVersion);
  out.key("checks").begin_object();
  write_check(out, "disk", troubles, false);
  write_check(out, "database", troubles, false);
  write_check(out, "fetchers", troubles, true);
  write_check(out, "upstream", troubles, false);
  out.end_object().end_object();
  return out.take();
}

}  // namespace modelkeep::app
