#pragma once
// The master of the one-command form: owns the sockets, starts and restarts workers, fetchers and
// nginx, replaces the workers on SIGHUP, drains on SIGTERM or SIGINT. One thread, no database
// connection while children live.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "app/family.h"
#include "app/generation.h"
#include "app/nginx_conf.h"
#include "app/signals.h"
#include "app/supervisor.h"
#include "base/clock.h"
#include "base/result.h"
#include "storage/layout.h"

namespace modelkeep::app {

struct MasterOptions {
  Config config;
  std::string binary;  ///< This program, to be started in its other roles.
  /// The settings as they are at a SIGHUP.
  std::function<Result<Config>()> reload;
};

class Master {
 public:
  /// Takes what a service needs of the machine; nothing is started. The folders exist, the database
  /// is prepared.
  static Result<std::unique_ptr<Master>> create(MasterOptions options, Family family, Clock& clock);

  /// Until SIGTERM or SIGINT; returns when no child is left.
  Result<> run();

  /// For create() alone.
  Master(MasterOptions options, Family family, Clock& clock);

 private:
  // master.cpp: the life
  void look_after_children();
  void announce_when_ready();
  void update_status();
  std::int64_t next_look_ms() const;
  void quit_strays();
  void drain();
  /// Waits for one signal, at most `timeout_ms` (negative: for ever), and notes what it asks for.
  void take_signal(std::int64_t timeout_ms);
  /// Takes signals until `done` or the time is over; true when done. Starts nobody.
  bool wait_until(const std::function<bool()>& done, std::int64_t timeout_ms);

  // master_bytes_log.cpp: nginx's record of bytes
  void begin_bytes_log();
  void look_after_bytes_log();
  std::int64_t bytes_log_look_in_ms() const;

  // master_reload.cpp: one set of workers after the other
  Result<> reload();
  Result<> replace_workers(const Config& config);
  void replace_fetchers(const Config& config);
  NginxFiles nginx_for(const Config& config) const;
  Result<> replace_nginx_conf(const Config& config);
  void retire_old();

  MasterOptions options_;
  Family family_;
  Clock& clock_;
  storage::Layout layout_;
  Signals signals_;
  Supervisor supervisor_;
  std::string nginx_;
  Fd listener_;
  Fd hub_listener_;  ///< Where hub_listen is set.
  Fd fetch_socket_;
  Pools pools_;
  NginxFiles nginx_files_;  ///< As they were written last.
  int generation_ = 1;
  struct Retiring {
    int generation = 0;
    std::int64_t since_ms = 0;
  };
  std::vector<Retiring> retiring_;
  std::string status_written_;
  std::int64_t bytes_log_seen_ms_ = 0;
  std::int64_t began_ms_ = 0;
  bool announced_ = false;
  bool stop_asked_ = false;
  bool reload_asked_ = false;
};

}  // namespace modelkeep::app
