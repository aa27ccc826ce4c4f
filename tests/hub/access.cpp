#include "tests/hub/access.h"

#include <string>

#include "base/json.h"

namespace modelkeep::standin {
namespace {

bool may_see(const Repo& repo, const Caller& caller) {
  return !repo.is_private || (caller.person != nullptr && caller.person->sees_private);
}

Answer refuse_repo(const Caller& caller) {
  // Anonymous callers are not told whether a repository is missing or only private.
  if (caller.person != nullptr) return refuse(404, "RepoNotFound", "Repository not found");
  Answer answer = refuse(401, "RepoNotFound", "Repository not found");
  return answer.set("WWW-Authenticate", "Bearer realm=\"standin\"");
}

Answer redirect_to_canonical(const Request& request, const Target& target,
                             std::string_view canonical) {
  std::string location = with_repo(request.raw_path(), target, canonical);
  if (!request.raw_query().empty()) location += '?' + std::string{request.raw_query()};
  return redirect_answer(307, std::move(location));
}

}  // namespace

Caller caller_of(const Request& request) {
  const std::string_view authorization = request.header("authorization");
  if (authorization.empty()) return {};
  for (const Person& person : people()) {
    if (authorization == "Bearer " + person.token) return {&person, false};
  }
  return {nullptr, true};
}

bool may_read_files(const Repo& repo, const Caller& caller) {
  return repo.gate == Gate::open || (caller.person != nullptr && caller.person->is_admitted);
}

tl::expected<Opened, Answer> open_repo(const Site& site, const Request& request,
                                       const Target& target) {
  const Caller caller = caller_of(request);
  if (caller.has_unknown_token) return tl::unexpected{refuse_credentials()};
  const RepoPtr repo = site.repos.find(target.repo);
  if (repo == nullptr) {
    const auto canonical = site.repos.redirect_of(target.repo);
    if (canonical && site.repos.find(*canonical) != nullptr) {
      return tl::unexpected{redirect_to_canonical(request, target, *canonical)};
    }
    return tl::unexpected{refuse_repo(caller)};
  }
  if (!may_see(*repo, caller)) return tl::unexpected{refuse_repo(caller)};
  if (repo->disabled) {
    return tl::unexpected{refuse(403, {}, "Access to this resource is disabled.")};
  }
  if (repo->gate == Gate::all && !may_read_files(*repo, caller)) {
    return tl::unexpected{refuse_gated(*repo, caller)};
  }
  const std::string revision = target.revision.empty() ? "main" : target.revision;
  RevisionPtr found = repo->resolve(revision);
  if (found == nullptr) {
    return tl::unexpected{refuse(404, "RevisionNotFound", "Invalid rev id: " + revision)};
  }
  return Opened{repo, std::move(found)};
}

Answer refuse(int status, std::string_view code, std::string_view message) {
  json::Writer body;
  body.begin_object().member("error", message).end_object();
  Answer answer = json_answer(body.take(), status);
  if (!code.empty()) answer.set("X-Error-Code", std::string{code});
  return answer.set("X-Error-Message", std::string{message});
}

Answer refuse_gated(const Repo& repo, const Caller& caller) {
  const std::string restricted = "Access to model " + repo.id + " is restricted";
  if (caller.person != nullptr) {
    return refuse(403, "GatedRepo", restricted + " and you are not in the authorized list.");
  }
  return refuse(401, "GatedRepo",
                restricted +
                    ". You must have access to it and be authenticated to access it. "
                    "Please log in.");
}

Answer refuse_entry(const Revision& revision) {
  return refuse(404, "EntryNotFound", "Entry not found").set("X-Repo-Commit", revision.commit);
}

Answer refuse_credentials() {
  return refuse(401, {}, "Invalid credentials in Authorization header");
}

}  // namespace modelkeep::standin
