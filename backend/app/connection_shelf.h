#pragma once
// Database connections for threads that need one only now and then: a few, which they take turns
// with. Any thread.
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

#include "base/result.h"
#include "catalog/store.h"
#include "sqlite/connection.h"

namespace modelkeep::app {

class ConnectionShelf {
 public:
  explicit ConnectionShelf(catalog::StatePaths paths) : paths_(std::move(paths)) {}

  /// One thread's, for one request.
  class Lease {
   public:
    explicit Lease(ConnectionShelf& shelf) : shelf_(shelf) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease();
    /// Waits for one that is free, unless it has one. Always in the same place.
    Result<sqlite::Connection*> connection();
    void give_back();

   private:
    ConnectionShelf& shelf_;
    std::optional<sqlite::Connection> taken_;
  };

 private:
  Result<sqlite::Connection> take();
  void put_back(sqlite::Connection connection);
  void forget_one();

  catalog::StatePaths paths_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<sqlite::Connection> idle_;
  int open_ = 0;
};

}  // namespace modelkeep::app
