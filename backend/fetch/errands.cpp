#include "fetch/errands.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace modelkeep::fetch {
namespace {

// Each may wait for upstream; more at once would only make upstream slower.
constexpr std::size_t kAtOnceMax = 8;

}  // namespace

bool Errands::start(std::function<void()> work) {
  running_.remove_if([](const Running& one) { return one.finished.load(); });
  if (running_.size() >= kAtOnceMax) return false;
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
