#include "tests/system/bad_inputs.h"

#include <algorithm>

#include "tests/system/raw_http.h"

namespace modelkeep::system_test {

void BadInputs::SetUp() {
  ASSERT_TRUE(start());
  ASSERT_TRUE(fetch("test/tiny"));
}

void BadInputs::expect_refused(const std::vector<BadInput>& table) {
  const auto workers = service().pids(Role::worker);
  const std::int64_t models = api().get("/api/models").number("total");
  for (const BadInput& input : table) {
    const RawAnswer answer = exchange(service().port(), input.request);
    const auto& statuses = input.statuses;
    EXPECT_TRUE(std::find(statuses.begin(), statuses.end(), answer.status) != statuses.end())
        << input.label << ": " << answer.status << " " << answer.body.substr(0, 200);
    if (!input.code.empty()) {
      EXPECT_EQ(answer.code(), input.code) << input.label << ": " << answer.body.substr(0, 200);
    }
    EXPECT_TRUE(answer.header("Set-Cookie").empty()) << input.label;
  }
  EXPECT_EQ(service().pids(Role::worker), workers) << "a worker died";
  EXPECT_EQ(api().get("/api/models").number("total"), models) << "something was created";
  EXPECT_TRUE(service().healthy());
}

BadInput BadInputs::get(std::string label, const std::string& target, std::vector<int> statuses,
                        std::string code) const {
  return {std::move(label), plain_request("GET", target), std::move(statuses), std::move(code)};
}

BadInput BadInputs::ask_for(std::string label, const std::string& body, std::vector<int> statuses,
                            std::string code) const {
  return {std::move(label),
          plain_request("POST", "/api/models/download", "Content-Type: application/json\r\n", body),
          std::move(statuses), std::move(code)};
}

}  // namespace modelkeep::system_test
