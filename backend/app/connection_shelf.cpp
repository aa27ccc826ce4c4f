#include "app/connection_shelf.h"

#include <utility>

namespace modelkeep::app {
namespace {

// More are wanted only for moments; each has pages of its own.
constexpr std::size_t kIdleMax = 8;

}  // namespace

ConnectionShelf::Lease::~Lease() {
  if (taken_) shelf_.put_back(std::move(*taken_));
}

Result<sqlite::Connection*> ConnectionShelf::Lease::connection() {
  if (!taken_) taken_ = TRY(shelf_.take());
  return &*taken_;
}

Result<sqlite::Connection> ConnectionShelf::take() {
  auto idle = idle_.with([](auto& all) -> std::optional<sqlite::Connection> {
    if (all.empty()) return std::nullopt;
    auto last = std::optional(std::move(all.back()));
    all.pop_back();
    return last;
  });
  if (idle) return std::move(*idle);
  return catalog::open(paths_);
}

void ConnectionShelf::put_back(sqlite::Connection connection) {
  idle_.with([&](auto& all) {
    if (all.size() < kIdleMax) all.push_back(std::move(connection));
  });
}

}  // namespace modelkeep::app
