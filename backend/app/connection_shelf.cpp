#include "app/connection_shelf.h"

#include <utility>

namespace modelkeep::app {
namespace {

// Each has pages and a schema of its own; a look takes a fraction of a millisecond.
constexpr int kOpenMax = 12;

}  // namespace

ConnectionShelf::Lease::~Lease() {
  give_back();
}

void ConnectionShelf::Lease::give_back() {
  if (taken_) shelf_.put_back(std::move(*taken_));
  taken_.reset();
}

Result<sqlite::Connection*> ConnectionShelf::Lease::connection() {
  if (!taken_) taken_ = TRY(shelf_.take());
  return &*taken_;
}

Result<sqlite::Connection> ConnectionShelf::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [this] { return !idle_.empty() || open_ < kOpenMax; });
    if (!idle_.empty()) {
      sqlite::Connection last = std::move(idle_.back());
      idle_.pop_back();
      return last;
    }
    ++open_;
  }
  auto opened = catalog::open(paths_);
  if (!opened) forget_one();
  return opened;
}

void ConnectionShelf::put_back(sqlite::Connection connection) {
  const std::scoped_lock lock(mutex_);
  idle_.push_back(std::move(connection));
  returned_.notify_one();
}

void ConnectionShelf::forget_one() {
  const std::scoped_lock lock(mutex_);
  --open_;
  returned_.notify_one();
}

}  // namespace modelkeep::app
