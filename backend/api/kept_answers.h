#pragma once
// Answers that stay right as long as nothing was committed to the database. Of one thread, for its
// own connection.
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sqlite/connection.h"

namespace modelkeep::api {

class KeptAnswers {
 public:
  /// `bytes_max` bounds what all answers take together.
  explicit KeptAnswers(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// The answer to `question` as of `now`; null when it is not here. Valid until the next call.
  /// Forgets everything of other moments.
  const std::string* find(std::string_view question, const sqlite::Moment& now);
  /// Keeps an answer of the moment that find() was last asked for, where it fits.
  void keep(std::string_view question, std::string_view answer);

 private:
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  sqlite::Moment moment_;
  std::unordered_map<std::string, std::string> answers_;
};

}  // namespace modelkeep::api
