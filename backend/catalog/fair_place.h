#pragma once
// Fair share of the queue between the people who ask: turns go round. A person's first download
// stands in the first round, the second in the second, and so on, so that someone with fifty of
// them waiting holds up nobody who has one. Pure functions; catalog/queue_order.cpp keeps the rows.
#include <cstddef>
#include <string>
#include <vector>

namespace modelkeep::catalog {

/// Those who asked for one download.
using Users = std::vector<std::string>;

/// The index, among those that wait with the same priority and in their order, before which a
/// download of `newcomer` goes: behind all of its own round and of earlier ones, before the next.
/// What runs counts as a turn that its askers have had. Those that wait are never reordered, so a
/// place that a person gave one of them stays.
std::size_t fair_place(const std::vector<Users>& waiting, const std::vector<Users>& running,
                       const Users& newcomer);

}  // namespace modelkeep::catalog
