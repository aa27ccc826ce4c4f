#include "fetch/job.h"

#include <gtest/gtest.h>

namespace modelkeep::fetch {
namespace {

TEST(Verdict, of_each_error_is_what_a_person_would_want) {
  using Action = Verdict::Action;
  using catalog::WaitReason;
  struct Row {
    const char* what;
    ErrorKind kind;
    std::string_view code;
    int tries_before;
    Action action;
    WaitReason reason;
  };
  constexpr Row kRows[] = {
      {"paused by someone", ErrorKind::conflict, codes::claim_lost, 0, Action::leave,
       WaitReason::none},
      {"we are stopping", ErrorKind::unavailable, codes::interrupted, 0, Action::requeue,
       WaitReason::none},
      {"disk full", ErrorKind::no_space, codes::disk_full, 99, Action::wait, WaitReason::disk_full},
      {"too large from the start", ErrorKind::no_space, codes::storage_insufficient, 0,
       Action::fail, WaitReason::none},
      {"read-only", ErrorKind::unavailable, codes::storage_readonly, 99, Action::wait,
       WaitReason::storage_readonly},
      {"unmounted", ErrorKind::unavailable, codes::storage_missing, 99, Action::wait,
       WaitReason::storage_readonly},
      {"database busy", ErrorKind::unavailable, codes::database_unavailable, 99, Action::wait,
       WaitReason::none},
      {"upstream down", ErrorKind::unavailable, codes::upstream_unavailable, 0, Action::wait,
       WaitReason::upstream},
      {"still down", ErrorKind::unavailable, codes::upstream_unavailable, 8, Action::wait,
       WaitReason::upstream},
      {"down for good", ErrorKind::unavailable, codes::upstream_unavailable, 9, Action::fail,
       WaitReason::none},
      {"rate limit", ErrorKind::unavailable, codes::upstream_rate_limited, 0, Action::wait,
       WaitReason::rate_limited},
      {"rate limit again and again", ErrorKind::unavailable, codes::upstream_rate_limited, 99,
       Action::wait, WaitReason::rate_limited},
      {"gated", ErrorKind::forbidden, codes::upstream_gated, 0, Action::fail, WaitReason::none},
      {"unknown", ErrorKind::not_found, codes::upstream_not_found, 0, Action::fail,
       WaitReason::none},
      {"corrupt twice", ErrorKind::corrupt, codes::checksum_mismatch, 0, Action::fail,
       WaitReason::none},
      {"a person's folder", ErrorKind::conflict, codes::folder_in_the_way, 0, Action::fail,
       WaitReason::none},
      {"a disk error", ErrorKind::internal, codes::storage_failed, 0, Action::wait,
       WaitReason::none},
      {"a disk that keeps failing", ErrorKind::internal, codes::storage_failed, 2, Action::fail,
       WaitReason::none},
      {"nonsense", ErrorKind::unavailable, codes::upstream_invalid, 0, Action::wait,
       WaitReason::upstream},
      {"nonsense again and again", ErrorKind::unavailable, codes::upstream_invalid, 3, Action::fail,
       WaitReason::none},
  };
  for (const Row& row : kRows) {
    const Verdict verdict =
        judge({}, {.error = {row.kind, row.code, "x", ""}}, row.tries_before, 0.5);
    EXPECT_EQ(verdict.action, row.action) << row.what;
    EXPECT_EQ(verdict.reason, row.reason) << row.what;
    EXPECT_GE(verdict.wait_ms, 0) << row.what;
  }
}

TEST(Verdict, waits_as_long_as_upstream_wishes) {
  const Error limited{ErrorKind::unavailable, codes::upstream_rate_limited, "x", ""};
  EXPECT_EQ(judge({}, {.error = limited, .retry_in_ms = 42'000}, 0, 1.0).wait_ms, 42'000);
  EXPECT_EQ(judge({}, {.error = limited, .retry_in_ms = std::int64_t{1'000'000'000} * 1000}, 0, 1.0)
                .wait_ms,
            3'600'000);
}

TEST(Verdict, counts_on_from_the_tries_of_a_transfer) {
  const Error down{ErrorKind::unavailable, codes::upstream_unavailable, "x", ""};
  EXPECT_EQ(judge({}, {.error = down, .tries = 5}, 2, 0.5).tries, 5);
  EXPECT_EQ(judge({}, {.error = down}, 2, 0.5).tries, 3);
}

}  // namespace
}  // namespace modelkeep::fetch
