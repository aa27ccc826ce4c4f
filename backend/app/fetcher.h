#pragma once
// The role that brings models in: `modelkeepd fetch`.
#include "app/config.h"
#include "app/report.h"
#include "base/result.h"

namespace modelkeep::app {

struct FetchOptions {
  int listen_fd = -1;  ///< fetch.sock, inherited.
  int number = 1;      ///< Which of the fetchers, from 1.
};

/// Until SIGTERM; then parts are synced and the rows queued again.
Result<> run_fetch(const LoadedConfig& start, const FetchOptions& options, const Report& report);

}  // namespace modelkeep::app
