#include "app/worker.h"

#include "app/signals.h"
#include "app/version.h"
#include "base/log.h"
#include "http/fcgi.h"

namespace modelkeep::app {

Result<> run_worker(const Config& config, const WorkerOptions& options, const Report& report) {
  const StopOnSignal stop;
  http::ServeOptions serve;
  serve.listen_fd = options.listen_fd;
  serve.threads = options.threads;
  const auto make_handler = [&config]() -> http::Handler {
    return [&config](const http::Request& request) {
      return http::json_response("{\"success\":true,\"mount_point\":\"" + config.mount_point +
                                 "\",\"target\":\"" + std::string(request.target) + "\"}");
    };
  };
  report.ready();
  return http::serve(serve, make_handler, stop.token());
}

}  // namespace modelkeep::app
