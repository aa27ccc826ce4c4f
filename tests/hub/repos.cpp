#include "tests/hub/repos.h"

#include <memory>
#include <utility>

#include "base/text.h"

namespace modelkeep::standin {

const std::vector<Person>& people() {
  // Shaped as upstream's tokens are, and recognisable in a log that should not have them.
  static const std::vector<Person> everybody{
      {"reader", "hf_standin0reader0000000000000000000000", false, false},
      {"member", "hf_standin0member0000000000000000000000", false, true},
      {"owner", "hf_standin0owner00000000000000000000000", true, true},
  };
  return everybody;
}

void Repos::add(Repo repo) {
  auto added = std::make_shared<const Repo>(std::move(repo));
  state_.with([&](State& state) {
    state.live[added->id] = added;
    state.added[added->id] = added;
  });
}

void Repos::add_alias(std::string old_id, std::string id) {
  state_.with([&](State& state) { state.aliases[std::move(old_id)] = std::move(id); });
}

void Repos::forget(std::string_view id) {
  state_.with([&](State& state) { state.live.erase(std::string{id}); });
}

void Repos::change(std::string_view id, Repo (*changed)(const Repo&)) {
  state_.with([&](State& state) {
    const auto found = state.live.find(id);
    if (found != state.live.end()) {
      found->second = std::make_shared<const Repo>(changed(*found->second));
    }
  });
}

void Repos::restore() {
  state_.with([](State& state) { state.live = state.added; });
}

RepoPtr Repos::find(std::string_view id) const {
  return state_.with([&](const State& state) {
    const auto found = state.live.find(id);
    return found == state.live.end() ? RepoPtr{} : found->second;
  });
}

std::optional<std::string> Repos::redirect_of(std::string_view id) const {
  return state_.with([&](const State& state) -> std::optional<std::string> {
    if (const auto alias = state.aliases.find(id); alias != state.aliases.end()) {
      return alias->second;
    }
    for (const auto& [name, repo] : state.live) {
      if (equals_ignoring_case(name, id)) return name;
    }
    return std::nullopt;
  });
}

RepoPtr Repos::find_by_object_id(std::string_view object_id) const {
  return state_.with([&](const State& state) {
    for (const auto& [name, repo] : state.live) {
      if (repo->object_id == object_id) return repo;
    }
    return RepoPtr{};
  });
}

std::vector<RepoPtr> Repos::all() const {
  return state_.with([](const State& state) {
    std::vector<RepoPtr> repos;
    for (const auto& [name, repo] : state.live) repos.push_back(repo);
    return repos;
  });
}

}  // namespace modelkeep::standin
