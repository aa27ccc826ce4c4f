#include "catalog/queue_order.h"

#include <algorithm>
#include <string>
#include <vector>

#include "catalog/fair_place.h"
#include "catalog/sql_text.h"
#include "catalog/words.h"
#include "sqlite/connection.h"

namespace modelkeep::catalog {
namespace {

// Room for sixteen insertions at the same place before others must be renumbered.
constexpr std::int64_t kGap = 65'536;
constexpr std::string_view kAnonymous = "anonymous";

// Nameless people are told apart by where they ask from.
constexpr std::string_view kPlaces = R"(
  SELECT d.id, d.priority, d.position,
         coalesce(group_concat(iif(a.username = 'anonymous', a.username || '@' || a.ip_address,
                                   a.username), char(10)), '')
  FROM downloads d LEFT JOIN download_askers a ON a.download_id = d.id
  WHERE d.status IN ('queued', 'resolving', 'downloading', 'verifying', 'publishing', 'paused') )";
constexpr std::string_view kThatWait = R"(
    AND (d.status = 'queued' OR d.status = 'resolving' AND d.plans_ahead = 1)
  GROUP BY d.id ORDER BY d.priority DESC, d.position, d.id)";
constexpr std::string_view kThatRun = R"(
    AND d.status NOT IN ('queued', 'paused')
    AND NOT (d.status = 'resolving' AND d.plans_ahead = 1)
  GROUP BY d.id)";
constexpr std::string_view kSetPosition =
    "UPDATE downloads SET position = ?2 WHERE id = ?1 AND position <> ?2";

struct Place {
  std::int64_t id = 0;
  int priority = 0;
  std::int64_t position = 0;
  Users users;
};

void read_row(const sqlite::Row& row, Place& place) {
  std::string users;
  row.read(place.id, place.priority, place.position, users);
  place.users = split_lines(users);
}

/// One download and those that wait with its priority.
struct Lane {
  Place own;
  std::size_t index = 0;   // Where it stands among the others.
  std::size_t before = 0;  // Queued ones with a higher priority.
  std::vector<Place> others;
};

Result<std::optional<Lane>> lane_of(sqlite::Connection& db, std::int64_t id) {
  auto places = TRY(db.all<Place>(kJoinedSql<kPlaces, kThatWait>));
  const auto found = std::ranges::find(places, id, &Place::id);
  if (found == places.end()) return std::optional<Lane>{};
  Lane lane{.own = *found};
  for (Place& place : places) {
    if (place.priority > lane.own.priority) ++lane.before;
    if (place.id == id) lane.index = lane.others.size();
    if (place.priority == lane.own.priority && place.id != id)
      lane.others.push_back(std::move(place));
  }
  return std::optional(std::move(lane));
}

std::vector<Users> users_of(const std::vector<Place>& places) {
  std::vector<Users> users;
  for (const Place& place : places) users.push_back(place.users);
  return users;
}

Result<std::size_t> fair_index(sqlite::Connection& db, const Lane& lane, const Users& newcomer) {
  const auto running = TRY(db.all<Place>(kJoinedSql<kPlaces, kThatRun>));
  return fair_place(users_of(lane.others), users_of(running), newcomer);
}

Result<> put_before(sqlite::Connection& db, const Lane& lane, std::size_t index) {
  const auto& others = lane.others;
  const bool follows = index == 0 || others[index - 1].position < lane.own.position;
  const bool leads = index == others.size() || lane.own.position < others[index].position;
  if (follows && leads) return {};
  if (index == 0) return db.run(kSetPosition, lane.own.id, others.front().position - kGap);
  const std::int64_t before = others[index - 1].position;
  if (index == others.size()) return db.run(kSetPosition, lane.own.id, before + kGap);
  const std::int64_t after = others[index].position;
  if (after - before > 1) return db.run(kSetPosition, lane.own.id, before + (after - before) / 2);
  std::int64_t position = before;
  for (std::size_t i = index; i < others.size(); ++i)
    TRY(db.run(kSetPosition, others[i].id, position += 2 * kGap));
  return db.run(kSetPosition, lane.own.id, before + kGap);
}

}  // namespace

Result<> put_fairly(sqlite::Connection& db, std::int64_t id) {
  const auto lane = TRY(lane_of(db, id));
  if (!lane) return {};
  const std::size_t index = TRY(fair_index(db, *lane, lane->own.users));
  return put_before(db, *lane, index);
}

Result<> move_up_for(sqlite::Connection& db, std::int64_t id, std::string_view username,
                     std::string_view ip_address) {
  const auto lane = TRY(lane_of(db, id));
  if (!lane) return {};
  std::string user(username);
  if (username == kAnonymous) user.append("@").append(ip_address);
  const std::size_t index = TRY(fair_index(db, *lane, {user}));
  return index < lane->index ? put_before(db, *lane, index) : Result<>();
}

Result<> put_at(sqlite::Connection& db, std::int64_t id, std::int64_t position) {
  const auto lane = TRY(lane_of(db, id));
  if (!lane) {
    return fail(ErrorKind::conflict, codes::state_conflict,
                "Only a queued download has a position.");
  }
  const auto wanted = position - 1 - static_cast<std::int64_t>(lane->before);
  const auto index =
      std::clamp<std::int64_t>(wanted, 0, static_cast<std::int64_t>(lane->others.size()));
  return put_before(db, *lane, static_cast<std::size_t>(index));
}

}  // namespace modelkeep::catalog
