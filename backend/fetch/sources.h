#pragma once
// Where a revision may come from: the Hub, and the mirrors that are tried in their order while the
// Hub is away.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fetch/surroundings.h"
#include "upstream/hub.h"

namespace modelkeep::fetch {

struct Source {
  upstream::Config config{};
  bool is_mirror = false;
  /// As Surroundings' own, for this source.
  std::function<Result<std::unique_ptr<net::Transport>>()> open_transport{};
};

/// The Hub first.
std::vector<Source> sources_of(const Surroundings& around);

/// A mirror gets the token that was given for mirrors, and never the Hub's.
Result<std::string> token_for(const Surroundings& around, const Source& source);

/// The Hub cannot be reached or has trouble of its own, which another source may not have. A
/// refusal is none: a mirror must not open what the Hub keeps closed.
bool is_outage(const Error& error);

/// The source is to blame, or what it sent: another one may do better.
bool is_of_source(const Error& error);

}  // namespace modelkeep::fetch
