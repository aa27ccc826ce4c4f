#include "http/pattern.h"

#include "base/check.h"
#include "base/text.h"

namespace modelkeep::http {

Pattern::Pattern(std::string_view text)
    : parts_(split(text.substr(1), '/')), param_at_(parts_.size()) {
  CHECK(text.front() == '/');
  if (parts_.back().ends_with("...}")) {
    takes_rest_ = true;
    parts_.pop_back();
  }
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].starts_with('{')) continue;
    CHECK(param_at_ >= parts_.size());
    param_at_ = i;
  }
}

bool Pattern::matches(const Path& path) const {
  const auto segments = path.segments();
  if (takes_rest_ ? segments.size() <= parts_.size() : segments.size() != parts_.size())
    return false;
  // The last parts tell routes apart, the first ("api") never does.
  for (std::size_t i = parts_.size(); i-- > 0;) {
    if (i == param_at_ ? segments[i].empty() : segments[i] != parts_[i]) return false;
  }
  return true;
}

Params Pattern::params(const Path& path) const {
  Params params;
  const auto segments = path.segments();
  if (param_at_ < parts_.size()) params.first = segments[param_at_];
  if (!takes_rest_) return params;
  for (const std::string_view segment : segments.subspan(parts_.size())) {
    if (!params.rest.empty() || segment.data() != segments[parts_.size()].data())
      params.rest += '/';
    params.rest += segment;
  }
  return params;
}

}  // namespace modelkeep::http
