#pragma once
// A running stand-in with the test catalog, and short words for asking it. For the tests in this
// folder.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/json.h"
#include "tests/hub/catalogs.h"
#include "tests/hub/raw_client.h"
#include "tests/hub/standin_hub.h"

namespace modelkeep::standin {

inline const RequestHeaders& as(std::string_view name) {
  static const RequestHeaders reader{{"Authorization", "Bearer " + people()[0].token}};
  static const RequestHeaders member{{"Authorization", "Bearer " + people()[1].token}};
  static const RequestHeaders owner{{"Authorization", "Bearer " + people()[2].token}};
  return name == "reader" ? reader : (name == "member" ? member : owner);
}

class TestHub : public testing::Test {
 protected:
  explicit TestHub(const HubOptions& options = {})
      : hub_(StandinHub::start(options).value()), url_(hub_->url()) {
    add_test_catalog(hub_->repos());
  }

  json::Document json_of(const RawAnswer& answer) const {
    auto document = json::Document::parse(answer.body, json::kUpstreamLimits);
    EXPECT_TRUE(document.has_value()) << answer.head << answer.body;
    return document ? std::move(*document) : json::Document::parse("{}").value();
  }

  /// The file at the tip of `main`.
  const File& file(const std::string& repo, const std::string& path) {
    const File* found = hub_->repos().find(repo)->head()->find(path);
    EXPECT_NE(found, nullptr) << repo << ' ' << path;
    return *found;
  }

  void order(const std::string& fault) { ASSERT_TRUE(hub_->add_faults(fault)) << fault; }

  std::unique_ptr<StandinHub> hub_;
  std::string url_;
};

}  // namespace modelkeep::standin
