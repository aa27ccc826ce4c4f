#include "catalog/fair_place.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace modelkeep::catalog {
namespace {

using Turns = std::unordered_map<std::string, int>;

/// The best of its askers' next rounds: whoever waits for it with the fewest turns decides.
int round_of(const Turns& turns, const Users& users) {
  int fewest = std::numeric_limits<int>::max();
  for (const std::string& user : users) {
    const auto found = turns.find(user);
    fewest = std::min(fewest, found == turns.end() ? 0 : found->second);
  }
  return users.empty() ? 1 : fewest + 1;
}

void take_turn(Turns& turns, const Users& users) {
  for (const std::string& user : users) ++turns[user];
}

}  // namespace

std::size_t fair_place(const std::vector<Users>& waiting, const std::vector<Users>& running,
                       const Users& newcomer) {
  Turns turns;
  for (const Users& users : running) take_turn(turns, users);
  std::vector<int> rounds;
  for (const Users& users : waiting) {
    rounds.push_back(round_of(turns, users));
    take_turn(turns, users);
  }
  const int own = round_of(turns, newcomer);
  std::size_t place = 0;
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    if (rounds[i] <= own) place = i + 1;
  }
  return place;
}

}  // namespace modelkeep::catalog
