#pragma once
// Route patterns: "/api/models/{id}/files/{path...}". A {name} takes one segment, a final {name...}
// all that are left, at least one.
#include <string>
#include <string_view>
#include <vector>

#include "http/path.h"

namespace modelkeep::http {

/// What the pattern cut out of a path, in the order of the pattern. Views live as long as the path.
struct Params {
  std::string_view first;  ///< The {name} segment; a pattern has at most one.
  std::string rest;        ///< What {name...} took, joined with "/".
};

class Pattern {
 public:
  /// `text` is a literal of a route table.
  explicit Pattern(std::string_view text);

  bool matches(const Path& path) const;
  /// Only after matches().
  Params params(const Path& path) const;

 private:
  std::vector<std::string_view> parts_;
  std::size_t param_at_;
  bool takes_rest_ = false;
};

}  // namespace modelkeep::http
