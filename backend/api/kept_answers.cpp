#include "api/kept_answers.h"

namespace modelkeep::api {

const std::string* KeptAnswers::find(std::string_view question, const sqlite::Moment& now) {
  if (now != moment_) {
    answers_.clear();
    bytes_ = 0;
    moment_ = now;
    return nullptr;
  }
  const auto found = answers_.find(std::string(question));
  return found == answers_.end() ? nullptr : &found->second;
}

void KeptAnswers::keep(std::string_view question, std::string_view answer) {
  if (bytes_ + question.size() + answer.size() > bytes_max_) return;
  const auto [kept, is_new] = answers_.emplace(question, answer);
  if (is_new) bytes_ += question.size() + answer.size();
}

}  // namespace modelkeep::api
