#pragma once
// A store with journals: what the tests of usage/ begin with.
#include <string>

#include "catalog/stats.h"
#include "tests/support/test_store.h"
#include "usage/drain.h"
#include "usage/journal.h"

namespace modelkeep {

inline usage::DrainPaths drain_paths(const std::string& folder) {
  return {folder + "/journal", folder + "/locks/drain.lock", folder + "/locks/drainer.lock"};
}

class UsageStore : public TestStore {
 public:
  usage::DrainPaths drains() const { return drain_paths(folder()); }
  usage::Pulse pulse() { return must(usage::Pulse::open(drains().journals + "/pulse")); }
  usage::Journal journal() {
    return must(usage::Journal::open(drains().journals, "worker", pulse()));
  }
  usage::Drained drain() { return must(usage::drain_once(db(), drains(), numbers_, clock())); }
  catalog::Totals totals() { return must(catalog::totals(db())); }
  std::int64_t rows() {
    return must(db().one<std::int64_t>("SELECT count(*) FROM events")).value_or(-1);
  }

  usage::Event event(const std::string& action = "list", const std::string& username = "ada") {
    usage::Event event;
    event.at = now();
    event.action = action;
    event.username = username;
    event.ip_address = "10.0.0.7";
    return event;
  }

 private:
  catalog::EventNumbers numbers_;
};

}  // namespace modelkeep
