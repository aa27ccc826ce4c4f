#pragma once
// What a Hub client asks for, read from the path of its request. Pure. A repo has one segment or
// two, a revision may hold encoded slashes, and a file path comes with its slashes encoded or not.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace modelkeep::hub {

enum class What : std::uint8_t {
  unknown,
  model_info,
  list_models,
  tree,
  paths_info,
  refs,
  commits,
  auth_check,
  resolve,
  raw,
  whoami,
  manifest,
  create_repo,
  delete_repo,
  validate_yaml,
  branch,
  tag,
  preupload,
  lfs_batch,
  lfs_object,  ///< `path` is the signed part of the address.
  lfs_part,    ///< `revision` is its number.
  lfs_complete,
  lfs_verify,
  commit,
  xet_token,
  foreign_repo,  ///< A dataset or a space: none is ever here.
};

struct Address {
  What what = What::unknown;
  std::string repo;
  std::string revision = "main";  ///< For a manifest: the tag, which names a quantisation.
  std::string path;               ///< Empty: the top of the repo.
  bool names_commit = false;      ///< The revision is 40 hex digits: what it names never changes.
};

/// `segments` are decoded and begin behind the door's prefix.
Address parse_address(std::span<const std::string_view> segments);

}  // namespace modelkeep::hub
