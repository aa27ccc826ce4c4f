#pragma once
// What a request target names: which call, which repository, revision and path. Works on the raw
// target, because
// `%2F` inside a revision or a tree path must survive the cutting. Pure.
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace modelkeep::standin {

enum class Call : std::uint8_t {
  list,
  info,
  tree,
  refs,
  commits,
  paths_info,
  auth_check,
  xet_token,
  whoami,
  resolve,
  resolve_cache,
  raw,
  cdn,
  control,
  sink,
  unknown,
};
std::string_view name_of(Call call);

struct Target {
  Call call = Call::unknown;
  std::string repo;
  std::string revision;  ///< Decoded; empty when the call names none.
  std::string path;      ///< Decoded; empty when the call names none.
};

/// `is_repo` settles the one ambiguity: `/api/models/a/tree` may be a call on `a` or a repository
/// `a/tree`.
Target parse_target(std::string_view raw_path,
                    const std::function<bool(std::string_view)>& is_repo);

/// `raw_path` with its repository replaced, as the redirect of a legacy name has it.
std::string with_repo(std::string_view raw_path, const Target& target, std::string_view id);

}  // namespace modelkeep::standin
