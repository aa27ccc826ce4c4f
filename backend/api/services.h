#pragma once
// What the handlers need from outside, made by app/ and alive as long as the Api.
#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "api/settings_door.h"
#include "api/versioned_texts.h"
#include "auth/gate.h"
#include "base/clock.h"
#include "catalog/store.h"
#include "fetch/ask.h"
#include "http/browser_rules.h"
#include "usage/drain.h"
#include "usage/journal.h"
#include "usage/pulse.h"

namespace modelkeep::api {

constexpr std::size_t kModelTextsBytes = 6 << 20;  // Some 6,000 models, in each worker.

struct Services {
  std::string mount;         ///< Absolute.
  std::string store_marker;  ///< layout.marker(): a mount without it is not our store.
  catalog::StatePaths state;
  usage::DrainPaths drain;
  usage::Journal& journal;
  usage::Pulse pulse;
  Clock& clock = system_clock();

  /// What models look like as JSON, by their version: their members, and their files and revisions.
  std::shared_ptr<VersionedTexts> model_texts = std::make_shared<VersionedTexts>(kModelTextsBytes);
  std::shared_ptr<VersionedTexts> file_texts = std::make_shared<VersionedTexts>(kModelTextsBytes);

  std::string version;
  std::string upstream_endpoint;
  auth::Gate gate;
  SettingsDoor settings = {};
  http::HostNames hosts;
  /// This process is the pool for long answers; others send such requests there.
  bool is_long_pool = false;
  /// Asked for when the process must end: long answers then come early.
  std::stop_token stop;

  /// Tells a fetcher to look at the queue at once. Best effort; fetchers look by themselves as
  /// well. True when one has heard it.
  std::function<bool()> wake_fetchers = [] { return false; };
  /// Asks a fetcher to take deleted folders off the mount and waits a short while. Best effort as
  /// well.
  std::function<void()> remove_pending = [] {};
  /// The `preview` object, from a fetcher; it takes seconds, so only the long pool asks.
  std::function<Result<std::string>(const fetch::PreviewQuestion&)> preview{};
};

}  // namespace modelkeep::api
