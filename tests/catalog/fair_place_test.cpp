#include "catalog/fair_place.h"

#include <gtest/gtest.h>

namespace modelkeep::catalog {
namespace {

struct Case {
  const char* name;
  std::vector<Users> waiting;
  std::vector<Users> running;
  Users newcomer;
  std::size_t place;
};

const Users a = {"ada"};
const Users b = {"ben"};
const Users c = {"cyd"};

TEST(FairPlace, follows_the_table_of_cases) {
  const Case cases[] = {
      {"an empty queue", {}, {}, a, 0},
      {"one's own come in the order of asking", {a, a}, {}, a, 2},
      {"the first of someone else goes behind the first", {a, a, a}, {}, b, 1},
      {"and before all of who has two running", {a, a, a}, {a, a}, b, 0},
      {"the second goes behind the second round", {a, b, a, a, a}, {}, b, 3},
      {"who had a turn is in the second round", {a, a, a}, {b}, b, 2},
      {"two with one each keep their order", {a, b}, {}, c, 2},
      {"three take turns", {a, b, a, b, a}, {}, c, 2},
      {"a place given by hand stays in front", {b, b, a}, {}, c, 3},
      {"asked for by two counts for both", {{"ada", "ben"}, a}, {}, b, 2},
      {"the asker with fewer turns decides", {a, a, a}, {}, {"ada", "ben"}, 1},
      {"without a name it is of the first round", {a, a}, {}, {}, 1},
      {"nobody else waits, so it is next after one's own", {a}, {b, b}, a, 1},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(fair_place(one.waiting, one.running, one.newcomer), one.place) << one.name;
  }
}

// Whoever comes with one request waits for at most one turn of each other person, however many
// they have.
TEST(FairPlace, nobody_is_starved_by_fifty) {
  std::vector<Users> waiting(50, a);
  waiting.insert(waiting.begin() + static_cast<std::ptrdiff_t>(fair_place(waiting, {}, b)), b);
  EXPECT_EQ(fair_place(waiting, {}, c), 2u);
  EXPECT_EQ(waiting[1], b);
}

}  // namespace
}  // namespace modelkeep::catalog
