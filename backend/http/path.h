#pragma once
// The path of a request target. It is split at "/" while still encoded and each segment is decoded
// once: "%2F" never becomes a separator, "%252e" never becomes a dot.
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace modelkeep::http {

/// More segments than a file 32 folders deep inside a model has.
inline constexpr std::size_t kSegmentsMax = 48;

class Path {
 public:
  /// `path` begins with "/" and has no query. path_invalid: a bad percent sign, a NUL, text that is
  /// not UTF-8.
  static Result<Path> parse(std::string_view path);

  std::span<const std::string_view> segments() const { return {segments_.data(), count_}; }

 private:
  std::array<std::string_view, kSegmentsMax> segments_;
  std::size_t count_ = 0;
  std::unique_ptr<char[]>
      decoded_;  ///< Only where something was encoded; else segments point into the target.
};

/// A target cut at its first "?".
struct Target {
  std::string_view path;
  std::string_view query;
};
Target split_target(std::string_view target);

/// `path` so that nginx reads the same bytes from X-Accel-Redirect, which it decodes and cuts at
/// "?".
std::string accel_encoded(std::string_view path);

}  // namespace modelkeep::http
