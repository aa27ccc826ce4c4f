#include "http/query.h"

#include <algorithm>

#include "base/text.h"

namespace modelkeep::http {
namespace {

auto bad_query() {
  return fail(ErrorKind::invalid, codes::query_invalid, "The query of the request is malformed.");
}

std::optional<std::string> decoded(std::string_view text) {
  std::string spaced{text};
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto value = percent_decode(spaced);
  if (!value || !utf8_valid(*value) || value->find('\0') != std::string::npos) return std::nullopt;
  return value;
}

}  // namespace

Result<Query> Query::parse(std::string_view text, std::size_t pairs_max) {
  Query query;
  if (text.empty()) return query;
  for (const std::string_view pair : split(text, '&')) {
    if (pair.empty()) continue;
    if (query.pairs_.size() == pairs_max) return bad_query();
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto key = decoded(pair.substr(0, equals));
    auto value = decoded(equals == pair.size() ? std::string_view{} : pair.substr(equals + 1));
    if (!key || !value) return bad_query();
    query.pairs_.emplace_back(std::move(*key), std::move(*value));
  }
  return query;
}

Result<std::optional<std::string_view>> Query::get(std::string_view key) const {
  std::optional<std::string_view> found;
  for (const auto& [name, value] : pairs_) {
    if (name != key) continue;
    if (found) {
      return fail(ErrorKind::invalid, codes::query_duplicate,
                  "The query has " + std::string{key} + " twice.");
    }
    found = value;
  }
  return found;
}

std::vector<std::string> Query::all(std::string_view key) const {
  std::vector<std::string> values;
  for (const auto& [name, value] : pairs_) {
    if (name == key) values.push_back(value);
  }
  return values;
}

Result<std::optional<std::uint64_t>> Query::number(std::string_view key, std::uint64_t min,
                                                   std::uint64_t max, std::string_view code) const {
  const auto text = TRY(get(key));
  if (!text) return std::optional<std::uint64_t>{};
  const auto value = parse_decimal(*text);
  if (!value || *value < min || *value > max) {
    return fail(ErrorKind::invalid, code,
                std::string{key} + " must be a whole number from " + std::to_string(min) + " to " +
                    std::to_string(max) + ".");
  }
  return value;
}

Result<bool> Query::flag(std::string_view key) const {
  const auto text = TRY(get(key));
  if (!text || *text == "false") return false;
  if (*text == "true") return true;
  return fail(ErrorKind::invalid, codes::query_invalid,
              std::string{key} + " must be true or false.");
}

}  // namespace modelkeep::http
