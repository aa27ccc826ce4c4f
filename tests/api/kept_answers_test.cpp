#include "api/kept_answers.h"

#include <gtest/gtest.h>

namespace modelkeep::api {
namespace {

constexpr sqlite::Moment kNow{.by_others = 1, .by_us = 1};
constexpr sqlite::Moment kLater{.by_others = 2, .by_us = 1};
constexpr sqlite::Moment kAfterOwnWrite{.by_others = 1, .by_us = 2};

TEST(KeptAnswers, gives_back_the_answer_of_the_same_moment) {
  KeptAnswers answers(1'000);
  EXPECT_EQ(answers.find("/a", kNow), nullptr);
  answers.keep("/a", "first");
  ASSERT_NE(answers.find("/a", kNow), nullptr);
  EXPECT_EQ(*answers.find("/a", kNow), "first");
  EXPECT_EQ(answers.find("/b", kNow), nullptr);
}

TEST(KeptAnswers, forgets_everything_when_anyone_committed) {
  for (const sqlite::Moment& changed : {kLater, kAfterOwnWrite}) {
    KeptAnswers answers(1'000);
    answers.find("/a", kNow);
    answers.keep("/a", "first");
    EXPECT_EQ(answers.find("/a", changed), nullptr);
    EXPECT_EQ(answers.find("/a", kNow), nullptr) << "an answer of a moment that has passed";
  }
}

TEST(KeptAnswers, takes_no_more_than_its_share_of_memory) {
  KeptAnswers answers(100);
  answers.find("/a", kNow);
  answers.keep("/a", std::string(90, 'x'));
  answers.keep("/b", std::string(90, 'x'));
  EXPECT_NE(answers.find("/a", kNow), nullptr);
  EXPECT_EQ(answers.find("/b", kNow), nullptr);
}

}  // namespace
}  // namespace modelkeep::api
