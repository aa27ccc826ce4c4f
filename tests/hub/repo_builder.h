#pragma once
// Builds one repository, file by file and commit by commit; digests and ids follow from the
// contents, so the same calls give the same commits. For catalogs and for tests that need a
// repository of their own.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/hub/manifest.h"

namespace modelkeep::standin {

/// Adds a file to the commit to come; whether it is an LFS file follows from its name and size, as
/// upstream's .gitattributes would have it.
class RepoBuilder {
 public:
  explicit RepoBuilder(std::string id);

  /// What upstream shows beside a repository; set the members that matter.
  Repo& about() { return repo_; }

  RepoBuilder& file(std::string path, Content content);
  RepoBuilder& file(std::string path, std::string text);
  /// Always LFS; with a digest that is already known, and a copy on disk if `disk_path` is set.
  RepoBuilder& lfs(std::string path, Content content, std::string sha256 = {},
                   std::string disk_path = {});
  RepoBuilder& remove(std::string_view path);
  /// A listing to give instead of the true one (Revision::raw_tree).
  RepoBuilder& raw_tree(std::string listing);
  RepoBuilder& invented_files(std::uint64_t count);

  /// Everything added so far becomes a commit at the tip of `main`.
  RepoBuilder& commit(std::string title);
  RepoBuilder& tag(std::string name);
  RepoBuilder& branch(std::string name);
  /// Everything added so far becomes `refs/pr/<number>`; `main` stays, and the files are as before.
  RepoBuilder& pull_request(int number);

  /// Commits what is not yet committed.
  Repo build();

 private:
  Repo repo_;
  std::map<std::string, FilePtr> files_;
  std::optional<std::string> raw_tree_;
  std::uint64_t invented_files_ = 0;
  bool changed_ = true;
};

/// The repository after somebody pushed to `main`: README.md one line longer and MOVED.md new.
Repo with_a_new_commit(const Repo& repo);

}  // namespace modelkeep::standin
