#include "fetch/errands.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace modelkeep::fetch {
bool Errands::has_room() {
  running_.remove_if([](const Running& one) { return one.finished.load(); });
  return running_.size() < at_once_max_;
}

bool Errands::start(std::function<void()> work) {
  if (!has_room()) return false;
  Running& one = running_.emplace_back();
  one.thread = std::jthread([&one, body = std::move(work)] {
    try {
      body();
    } catch (const std::exception& error) {
      log::error("errand.failed", {{"cause", error.what()}});
    }
    one.finished = true;
  });
  return true;
}

}  // namespace modelkeep::fetch
