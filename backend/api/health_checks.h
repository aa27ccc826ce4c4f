#pragma once
// What GET /api/health looks at: the mount, the database, the fetchers, the upstream hub. Cheap
// enough for each request; the network is never asked.
#include <optional>
#include <string>

#include "api/route.h"
#include "base/json.h"

namespace modelkeep::api {

/// Each check is ok, warning or failed, with its figures.
struct Check {
  std::string_view status = "ok";
  std::string message;
};
struct HealthChecks {
  Check disk;
  std::optional<std::uint64_t> free_bytes;
  std::optional<std::uint64_t> total_bytes;
  std::optional<std::uint64_t> reserve_bytes;
  Check database;
  Check fetchers;
  std::int64_t fetchers_running = 0;
  Check upstream;
  std::string upstream_endpoint;
  std::optional<Time> upstream_seen_at;
  std::optional<Time> upstream_failing_since;
};
void to_json(json::Writer& out, const HealthChecks& checks);

struct HealthReport {
  HealthChecks checks;
  bool degraded = false;
  std::optional<Error> failure;  ///< Why the store cannot serve.
};
HealthReport check_health(Call& call);

}  // namespace modelkeep::api
