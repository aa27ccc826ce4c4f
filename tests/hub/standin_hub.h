#pragma once
// A hub to fetch from, in this process, on loopback: the answers, the faults and the record of what
// reached it. For tests; the program standin_hub is a thin shell around it. Any thread may call
// anything.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tests/hub/faults.h"
#include "tests/hub/pace.h"
#include "tests/hub/quota.h"
#include "tests/hub/request_log.h"
#include "tests/hub/server.h"
#include "tests/hub/site.h"
#include "tests/hub/tls_trap.h"

namespace modelkeep::standin {

struct HubOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                 ///< 0 takes a free one.
  std::uint16_t cdn_port = 0;             ///< Likewise.
  std::uint64_t rate_per_connection = 0;  ///< Bytes a second; 0 is as fast as it goes.
  std::uint64_t rate_total = 0;
  std::int64_t delay_ms = 0;  ///< Before the first byte of each answer.
  std::size_t tree_page = 50;
  std::int64_t url_lifetime_s = 3600;
  Quota::Limits quota = {};
};

class StandinHub {
 public:
  using Fill = std::function<Result<>(Repos&)>;
  /// `fill` runs before the first connection is accepted, so nobody meets a hub that is half there.
  static Result<std::unique_ptr<StandinHub>> start(const HubOptions& options = {},
                                                   const Fill& fill = {});
  ~StandinHub();
  StandinHub(const StandinHub&) = delete;
  StandinHub& operator=(const StandinHub&) = delete;

  /// "http://127.0.0.1:PORT", what HF_ENDPOINT is set to.
  const std::string& url() const { return site_.hub_url; }
  const std::string& cdn_url() const { return site_.cdn_url; }
  const std::string& sink_url() const { return site_.sink_url; }
  const std::string& tls_url() const { return site_.tls_url; }

  Repos& repos() { return site_.repos; }
  void add_fault(Fault fault) { faults_.add(std::move(fault)); }
  /// The same as `POST /_standin/faults` takes.
  Result<> add_faults(std::string_view json_text);
  LogSnapshot log() { return log_.snapshot(); }
  /// Faults off, repositories as they were added, log empty.
  void reset();

 private:
  struct OnlyStart {};  // Lets make_unique in, and nobody else.

 public:
  StandinHub(OnlyStart, const HubOptions& options, TlsTrap tls_trap);

 private:
  void serve(Port port, Peer& peer);
  void serve_tls(Peer& peer);
  bool steer(Peer& peer, const Request& request, const Target& target);
  bool exchange(Port port, Peer& peer, const Request& request, Rate& rate);
  Answer answer(const Request& request, const Target& target);
  Answer answer_hub(const Request& request, const Target& target);

  HubOptions options_;
  Site site_;
  FaultTable faults_;
  RequestLog log_;
  Quota quota_;
  SharedRate shared_rate_;
  TlsTrap tls_trap_;
  std::unique_ptr<Server> server_;  // Last: its threads use all of the above.
};

}  // namespace modelkeep::standin
