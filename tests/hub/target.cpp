#include "tests/hub/target.h"

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"

namespace modelkeep::standin {
namespace {

using Segments = std::vector<std::string_view>;

constexpr std::array<std::pair<std::string_view, Call>, 16> kNames{{
    {"list", Call::list},
    {"info", Call::info},
    {"tree", Call::tree},
    {"refs", Call::refs},
    {"commits", Call::commits},
    {"paths-info", Call::paths_info},
    {"auth-check", Call::auth_check},
    {"xet-read-token", Call::xet_token},
    {"whoami", Call::whoami},
    {"resolve", Call::resolve},
    {"resolve-cache", Call::resolve_cache},
    {"raw", Call::raw},
    {"cdn", Call::cdn},
    {"control", Call::control},
    {"sink", Call::sink},
    {"unknown", Call::unknown},
}};

std::optional<Call> call_on_repo(std::string_view word) {
  if (word == "revision") return Call::info;
  for (const auto& [name, call] : kNames) {
    const bool is_api = call == Call::tree || call == Call::refs || call == Call::commits ||
                        call == Call::paths_info || call == Call::auth_check ||
                        call == Call::xet_token;
    if (is_api && name == word) return call;
  }
  return std::nullopt;
}

std::string decoded(std::string_view text) {
  return percent_decode(text).value_or(std::string{text});
}

std::string joined(const Segments& segments, std::size_t begin, std::size_t end) {
  std::string path;
  for (std::size_t i = begin; i < end && i < segments.size(); ++i) {
    if (i > begin) path += '/';
    path += decoded(segments[i]);
  }
  return path;
}

// segments: models, then the repository, then perhaps a call, a revision and a path.
Target api_target(const Segments& segments, const std::function<bool(std::string_view)>& is_repo) {
  const std::size_t count = segments.size();
  if (count == 1) return {Call::list, {}, {}, {}};
  const bool one_segment =
      count == 2 || (call_on_repo(segments[2]).has_value() && !is_repo(joined(segments, 1, 3)));
  const std::size_t after = one_segment ? 2 : 3;
  Target target{Call::info, joined(segments, 1, after), {}, {}};
  if (count <= after) return target;
  const std::optional<Call> call = call_on_repo(segments[after]);
  if (!call) return {Call::unknown, target.repo, {}, {}};
  target.call = *call;
  if (count > after + 1) target.revision = decoded(segments[after + 1]);
  target.path = joined(segments, after + 2, count);
  return target;
}

// segments: the repository, resolve or raw, a revision and a path.
Target file_target(const Segments& segments) {
  for (const std::size_t at : {std::size_t{1}, std::size_t{2}}) {
    if (segments.size() < at + 3) break;
    const bool resolve = segments[at] == "resolve";
    if (!resolve && segments[at] != "raw") continue;
    return {resolve ? Call::resolve : Call::raw, joined(segments, 0, at), decoded(segments[at + 1]),
            joined(segments, at + 2, segments.size())};
  }
  return {};
}

}  // namespace

std::string_view name_of(Call call) {
  for (const auto& [name, named] : kNames) {
    if (named == call) return name;
  }
  return "unknown";
}

Target parse_target(std::string_view raw_path,
                    const std::function<bool(std::string_view)>& is_repo) {
  Segments segments = split(raw_path.substr(raw_path.empty() ? 0 : 1), '/');
  if (segments.empty()) return {};
  if (segments[0] == "_standin")
    return {Call::control, {}, {}, joined(segments, 1, segments.size())};
  if (segments[0] != "api") return file_target(segments);
  segments.erase(segments.begin());
  if (segments.empty()) return {};
  if (segments[0] == "whoami-v2" && segments.size() == 1) return {Call::whoami, {}, {}, {}};
  if (segments[0] == "models") return api_target(segments, is_repo);
  if (segments[0] == "resolve-cache" && segments.size() >= 6) {
    return {Call::resolve_cache, joined(segments, 2, 4), decoded(segments[4]),
            joined(segments, 5, segments.size())};
  }
  return {};
}

std::string with_repo(std::string_view raw_path, const Target& target, std::string_view id) {
  const std::string_view prefix =
      target.call == Call::resolve || target.call == Call::raw ? "/" : "/api/models/";
  std::size_t end = prefix.size();
  const std::size_t slashes = target.repo.find('/') == std::string::npos ? 1 : 2;
  for (std::size_t i = 0; i < slashes; ++i) {
    end = raw_path.find('/', end + (i > 0 ? 1 : 0));
    if (end == std::string_view::npos) return std::string{prefix} + std::string{id};
  }
  return std::string{prefix} + std::string{id} + std::string{raw_path.substr(end)};
}

}  // namespace modelkeep::standin
