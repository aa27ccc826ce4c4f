#pragma once
// Misbehaviour on order: which fault, on which requests, how often. README.md lists every kind with
// its members.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "base/json.h"
#include "base/result.h"
#include "tests/hub/message.h"
#include "tests/hub/target.h"

namespace modelkeep::standin {

enum class FaultKind : std::uint8_t {
  // The connection.
  hangup,
  reset,
  truncate,
  stall,
  silence,
  drip,
  delay,
  // A verdict instead of the answer.
  status,
  rate_limited,
  expired_url,
  // Ranges.
  ignore_range,
  wrong_start,
  wrong_total,
  length_equals_offset,
  unsatisfiable,
  // Lengths.
  longer,
  overrun,
  endless,
  no_length,
  chunked,
  // Bodies.
  flip,
  html,
  broken_json,
  gzip,
  gzip_bomb,
  // Redirects.
  redirect,
  redirect_loop,
  redirect_hops,
  redirect_file,
  redirect_ftp,
  redirect_http,
  redirect_metadata,
  redirect_tls,
  redirect_sink,
  // Headers.
  huge_header,
  many_headers,
  // Things that happen to a repository, and stay so until a reset.
  branch_moves,
  repo_deleted,
  repo_gated,
  repo_private,
  repo_disabled,
};

struct Fault {
  FaultKind kind = FaultKind::reset;
  std::string match = {};  ///< Part of "namespace/name/path/in/repo"; empty matches all.
  /// As the log names it, or "content", "hub", "any"; empty: what suits the kind.
  std::string call = {};
  std::int64_t times = 1;  ///< How many requests it strikes; negative means all of them.
  std::uint64_t skip = 0;  ///< How many it lets pass before.
  std::uint64_t after_bytes = 0;
  std::optional<std::uint64_t> at =
      {};                      ///< flip: the offset in the file; else one that `seed` chooses.
  std::uint64_t count = 1;     ///< flip: bytes in a row; redirect_hops: hops.
  std::uint64_t bytes = 1024;  ///< How much too long, or too far.
  std::uint64_t bytes_per_s = 1;
  std::int64_t delay_ms = 1000;
  int status_code = 503;
  std::string retry_after = {};  ///< As sent; "date+N" becomes an HTTP date N seconds ahead.
  std::string location = {};
  std::uint64_t seed = 1;
};
/// One fault, or {"faults":[..]}.
Result<std::vector<Fault>> parse_faults(std::string_view json_text);

std::string_view name_of(FaultKind kind);
std::optional<FaultKind> fault_kind(std::string_view name);
/// Happens to the repository before the request is answered.
bool is_event(FaultKind kind);

/// What a request looks like to the table.
struct Struck {
  Call call = Call::unknown;
  std::string_view method;
  std::string_view subject;  ///< "namespace/name/path".
  const Answer* answer = nullptr;
};

/// The faults that are switched on. The first that matches strikes; any thread.
class FaultTable {
 public:
  void add(Fault fault);
  void clear();
  std::optional<Fault> take_event(const Struck& request);
  std::optional<Fault> take(const Struck& request);

 private:
  std::optional<Fault> take_where(const Struck& request, bool events);
  Guarded<std::vector<Fault>> faults_;
};

}  // namespace modelkeep::standin
