#include "http/problem.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace modelkeep::http {
namespace {

bool has_header(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [name](const Header& header) { return header.name == name; });
}

TEST(Problem, has_the_members_of_rfc_9457_and_those_of_the_old_server) {
  const Error error{ErrorKind::not_found, codes::model_not_found, "No such model.", "the cause"};
  const Response response = problem(error, "r1");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"success":false,"error":"No such model.","code":"model_not_found",)"
            R"("type":"/problems/model_not_found","title":"Model not found","status":404,)"
            R"("detail":"No such model.","request_id":"r1"})");
}

TEST(Problem, keeps_the_cause_to_itself) {
  const Error error{ErrorKind::internal, codes::internal_error, "It failed.", "/srv/secret"};
  EXPECT_EQ(problem(error, "r").body.find("secret"), std::string::npos);
}

TEST(Problem, cuts_a_long_message_between_characters) {
  std::string message;
  for (int i = 0; i < 2000; ++i) message += "\u00e9";
  const Response response = problem({ErrorKind::invalid, codes::field_invalid, message, {}}, "r");
  EXPECT_LT(response.body.size(), 1500u);
}

TEST(ProblemStatus, follows_the_kind) {
  const auto status = [](ErrorKind kind) {
    return status_of({kind, codes::internal_error, {}, {}});
  };
  EXPECT_EQ(status(ErrorKind::invalid), 400);
  EXPECT_EQ(status(ErrorKind::unauthenticated), 401);
  EXPECT_EQ(status(ErrorKind::forbidden), 403);
  EXPECT_EQ(status(ErrorKind::not_found), 404);
  EXPECT_EQ(status(ErrorKind::conflict), 409);
  EXPECT_EQ(status(ErrorKind::too_large), 413);
  EXPECT_EQ(status(ErrorKind::no_space), 507);
  EXPECT_EQ(status(ErrorKind::unavailable), 503);
  EXPECT_EQ(status(ErrorKind::internal), 500);
}

TEST(ProblemStatus, is_its_own_for_a_few_codes) {
  const auto status = [](std::string_view code) {
    return status_of({ErrorKind::invalid, code, {}, {}});
  };
  EXPECT_EQ(status(codes::method_not_allowed), 405);
  EXPECT_EQ(status(codes::etag_mismatch), 412);
  EXPECT_EQ(status(codes::media_type_unsupported), 415);
  EXPECT_EQ(status(codes::host_unknown), 421);
  EXPECT_EQ(status(codes::queue_full), 429);
  EXPECT_EQ(status(codes::database_damaged), 503);
}

TEST(Problem, says_when_to_try_again_where_that_can_help) {
  EXPECT_TRUE(has_header(
      problem({ErrorKind::unavailable, codes::database_unavailable, {}, {}}, "r"), "Retry-After"));
  EXPECT_TRUE(
      has_header(problem({ErrorKind::conflict, codes::queue_full, {}, {}}, "r"), "Retry-After"));
  EXPECT_FALSE(
      has_header(problem({ErrorKind::invalid, codes::json_invalid, {}, {}}, "r"), "Retry-After"));
}

}  // namespace
}  // namespace modelkeep::http
