#include "hub/pull_through.h"

#include <algorithm>

#include "base/text.h"
#include "catalog/names.h"
#include "hub/visit.h"

namespace modelkeep::hub {
namespace {

// How long upstream's word holds before it is asked again. What is asked is cheap where nothing
// changed.
constexpr std::int64_t kAnswerHoldsMs = 30'000;
// That it could not be asked holds as long as a client's next try takes.
constexpr std::int64_t kSilenceHoldsMs = 3'000;

constexpr std::string_view kLongAnswers = "@hub_long";
constexpr std::string_view kStreams = "@hub_streams";

bool is_silence(const Error& error) {
  return error.kind == ErrorKind::unavailable;
}

bool holds(const catalog::UpstreamAnswer& answer, Time now) {
  const std::int64_t age_ms = now.ms - answer.answered_at.ms;
  const bool silent = answer.error && is_silence(*answer.error);
  return age_ms < (silent ? kSilenceHoldsMs : kAnswerHoldsMs);
}

auto cannot_ask(std::string cause) {
  return fail(ErrorKind::unavailable, codes::upstream_unreachable,
              "This is not stored here, and the Hub cannot be asked for it at the moment.",
              std::move(cause));
}

/// A verdict of upstream in the door's words.
tl::unexpected<Error> verdict(const Error& error, const Visit& visit) {
  if (is_silence(error)) return cannot_ask(std::string(error.code) + ": " + error.message);
  if (error.code == codes::revision_not_found) {
    return fail(ErrorKind::not_found, codes::revision_not_found,
                "Invalid rev id: " + std::string(clipped(visit.address.revision, 100)));
  }
  if (error.code == codes::upstream_not_found || error.code == codes::upstream_auth_required)
    return fail(ErrorKind::not_found, codes::model_not_found, "Repository not found");
  if (error.code == codes::upstream_disabled) {
    // Clients know it by this sentence alone.
    return fail(ErrorKind::forbidden, codes::upstream_disabled,
                "Access to this resource is disabled.");
  }
  return tl::unexpected{error};
}

Result<std::optional<catalog::UpstreamAnswer>> known_answer(const Visit& visit,
                                                            sqlite::Connection& db,
                                                            const std::string& repo,
                                                            const std::string& revision) {
  auto answer = TRY(catalog::find_upstream_answer(db, repo, revision));
  if (answer && !holds(*answer, visit.services.clock.now())) answer.reset();
  return answer;
}

/// What upstream says at this moment, or said a moment ago.
Result<catalog::UpstreamAnswer> ask_upstream(const Visit& visit, sqlite::Connection& db,
                                             const std::string& repo, const std::string& revision) {
  auto answer = TRY(known_answer(visit, db, repo, revision));
  if (answer) return std::move(*answer);
  if (!pool_for(visit, false).empty()) {
    return fail(ErrorKind::unavailable, codes::upstream_not_asked, "Another pool asks upstream.");
  }
  visit.give_back();
  const auto asked = visit.services.pull.look_up(repo, revision);
  // The same place, with a connection in it again.
  TRY(visit.database());
  if (!asked) return cannot_ask(asked.error().cause);
  answer = TRY(known_answer(visit, db, repo, revision));
  if (!answer) return cannot_ask("the answer did not stay");
  return std::move(*answer);
}

}  // namespace

Result<Stored> find_upstream(Visit& visit, sqlite::Connection& db) {
  const std::string& repo = visit.address.repo;
  if (!catalog::check_repo_name(repo))
    return fail(ErrorKind::not_found, codes::model_not_found, "Repository not found");
  const std::string revision{short_name(visit.address.revision)};
  if (!catalog::check_revision(revision)) {
    return fail(ErrorKind::not_found, codes::revision_not_found,
                "Invalid rev id: " + std::string(clipped(revision, 100)));
  }
  Stored stored;
  stored.model.name = repo;
  // What a commit holds never changes; only what a name means is asked again.
  if (visit.address.names_commit) stored.listing = TRY(catalog::find_listing(db, repo, revision));
  if (!stored.listing) {
    const auto answer = TRY(ask_upstream(visit, db, repo, revision));
    if (answer.error) return verdict(*answer.error, visit);
    stored.listing = TRY(catalog::find_listing(db, repo, answer.commit));
  }
  if (!stored.listing) return cannot_ask("its list of files did not stay");
  stored.commit = stored.listing->commit;
  stored.model.created_at = stored.listing->listed_at;
  visit.commit = stored.commit;
  return stored;
}

Result<> add_upstream(Visit& visit, sqlite::Connection& db, Stored& stored) {
  for (const std::string& name : {stored.model.name, visit.address.repo}) {
    stored.listing = TRY(catalog::find_listing(db, name, stored.revision.commit));
    if (stored.listing) return {};
  }
  const auto answer = ask_upstream(visit, db, stored.model.name, stored.revision.commit);
  if (answer && !answer->error) {
    stored.listing = TRY(catalog::find_listing(db, stored.model.name, stored.revision.commit));
    return {};
  }
  if (!answer && answer.error().code == codes::upstream_not_asked)
    return tl::unexpected{answer.error()};
  // What is stored is answered all the same.
  stored.may_have_more = !answer || is_silence(*answer->error);
  return {};
}

bool pulls(const Visit& visit) {
  return visit.services.pull.is_on && !visit.is_local && !visit.pushes;
}

std::string_view pool_for(const Visit& visit, bool sends_bytes) {
  const Pool here = visit.services.pull.pool;
  if (sends_bytes) return here == Pool::streams ? std::string_view{} : kStreams;
  return here == Pool::answers ? kLongAnswers : std::string_view{};
}

http::Response hand_over(Visit& visit, std::string_view pool) {
  visit.handed_over = true;
  http::Response response;
  response.headers.push_back({"X-Accel-Redirect", std::string{pool}});
  return response;
}

}  // namespace modelkeep::hub
