#pragma once
// Database connections for threads that need one only now and then: they take one that is idle, and
// give it back. Any thread.
#include <optional>
#include <vector>

#include "base/guarded.h"
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
    /// Taken at the first call.
    Result<sqlite::Connection*> connection();

   private:
    ConnectionShelf& shelf_;
    std::optional<sqlite::Connection> taken_;
  };

 private:
  Result<sqlite::Connection> take();
  void put_back(sqlite::Connection connection);

  catalog::StatePaths paths_;
  Guarded<std::vector<sqlite::Connection>> idle_;
};

}  // namespace modelkeep::app
