#pragma once
// A table of requests that must be refused, each with its number, status and code.
#include <string>
#include <vector>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {

struct BadInput {
  std::string label;          ///< With its number: "B31 dot dot as id".
  std::string request;        ///< As it goes over the wire.
  std::vector<int> statuses;  ///< Any of them.
  std::string code;           ///< Empty: whatever the body says.
};

class BadInputs : public RunningStore {
 protected:
  /// A store with test/tiny and test/odd-names.
  void SetUp() override;
  /// Sends each; after it the service is well, and nothing new exists.
  void expect_refused(const std::vector<BadInput>& table);
  BadInput get(std::string label, const std::string& target, std::vector<int> statuses,
               std::string code = {}) const;
  BadInput ask_for(std::string label, const std::string& body, std::vector<int> statuses,
                   std::string code) const;
};

}  // namespace modelkeep::system_test
