#pragma once
// The fixture of nearly all system tests: a stand-in hub, a service that fetches from it, and the
// few sentences in which tests talk to it.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/system/client.h"
#include "tests/system/hub.h"
#include "tests/system/oracle.h"
#include "tests/system/service.h"
#include "tests/system/wait_until.h"

namespace modelkeep::system_test {

class RunningStore : public testing::Test {
 protected:
  /// `hub_options` as standin_hub takes them. For ASSERT_TRUE.
  bool start(ServiceOptions options = {}, const std::vector<std::string>& hub_options = {});
  /// The same without waiting for the service, or without a start at all.
  void prepare(ServiceOptions options = {}, const std::vector<std::string>& hub_options = {});

  Hub& hub() { return *hub_; }
  Service& service() { return *service_; }
  Client& api() { return *api_; }

  /// POST; the download's id, 0 when there is none in the answer.
  std::int64_t ask(std::string_view model_name, std::string_view more = {});
  Answer download(std::int64_t id);
  Answer model(const std::string& id);
  /// Until the download has that status; a test failure when it gets another final one first.
  bool wait_for(std::int64_t download_id, std::string_view status,
                std::int64_t timeout_ms = 20'000);
  /// ask() and wait_for "ready".
  bool fetch(std::string_view model_name, std::string_view more = {});
  bool wait_for_bytes(std::int64_t download_id, std::int64_t bytes,
                      std::int64_t timeout_ms = 20'000);
  std::int64_t total_requests();

 private:
  std::unique_ptr<Hub> hub_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Client> api_;
};

}  // namespace modelkeep::system_test
