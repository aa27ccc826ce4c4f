#pragma once
// All repositories of the hub, the names that lead to them, and who may see them. Any thread.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/guarded.h"
#include "tests/hub/manifest.h"

namespace modelkeep::standin {

/// Somebody with a token.
struct Person {
  std::string name;
  std::string token;
  bool sees_private = false;
  bool is_admitted = false;  ///< To every gated repository.
};
/// `reader`, `member` (admitted to gated repositories) and `owner` (sees the private ones too).
const std::vector<Person>& people();

class Repos {
 public:
  void add(Repo repo);
  /// A name that redirects: a legacy one-segment name, or what a repository was called before.
  void add_alias(std::string old_id, std::string id);
  void forget(std::string_view id);
  /// Puts `main` one commit further, changes the gate, disables: everything tests do to a living
  /// repository.
  void change(std::string_view id, Repo (*changed)(const Repo&));
  /// Back to what was added, by undoing every forget() and change().
  void restore();

  RepoPtr find(std::string_view id) const;
  /// Where another spelling of a name (alias, or other case) leads; nullopt when nowhere.
  std::optional<std::string> redirect_of(std::string_view id) const;
  RepoPtr find_by_object_id(std::string_view object_id) const;
  std::vector<RepoPtr> all() const;

 private:
  struct State {
    std::map<std::string, RepoPtr, std::less<>> live;
    std::map<std::string, RepoPtr, std::less<>> added;
    std::map<std::string, std::string, std::less<>> aliases;
  };
  mutable Guarded<State> state_;
};

}  // namespace modelkeep::standin
