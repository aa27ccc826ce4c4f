#pragma once
// A file that is being fetched, handed on while it arrives. What was sent can never be taken for
// the whole of a file that turns out wrong: the end is kept back until the digest is right, and a
// transfer breaks when bytes that it may have sent were replaced.
#include <cstdint>
#include <optional>
#include <string>

#include "base/fd.h"
#include "hub/visit.h"
#include "storage/live_part.h"

namespace modelkeep::hub {

/// One file on its way. Moves into the answer; holds a descriptor, a page and no more.
struct Following {
  std::int64_t download_id = 0;
  int number = 0;
  std::uint64_t size = 0;
  std::string path{};
  std::optional<storage::LivePart> live{};
  Fd part{};
  bool stored = false;  ///< `part` is the stored file by now, and right.
};

struct Followed {
  std::string sha256;                  ///< It is stored by now.
  std::optional<Following> following;  ///< Else it is not yet.
};

/// Asks for the file, and waits until there is something to send, a few seconds at most. The errors
/// say why there will be nothing for a while.
Result<Followed> follow_file(Visit& visit, const Stored& stored, const catalog::ModelFile& file);

/// Whether a client may go on in the middle of this content: not while wrong bytes of it may be in
/// somebody's hands.
Result<bool> may_go_on(Visit& visit, const std::string& sha256);

/// `head` without what says which bytes follow.
http::Response stream(const Visit& visit, Following following, http::Response head);

}  // namespace modelkeep::hub
