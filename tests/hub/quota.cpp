#include "tests/hub/quota.h"

#include "tests/hub/access.h"

namespace modelkeep::standin {
namespace {

// What upstream grants a free account; shown when nothing is refused.
constexpr std::uint64_t kUsualApi = 1000;
constexpr std::uint64_t kUsualResolvers = 5000;

}  // namespace

void Quota::apply(Call call, std::int64_t now_ms, Answer& answer) {
  const bool resolves = call == Call::resolve || call == Call::resolve_cache || call == Call::raw;
  const std::uint64_t limit = resolves ? limits_.resolvers : limits_.api;
  const std::uint64_t shown = limit != 0 ? limit : (resolves ? kUsualResolvers : kUsualApi);
  const std::int64_t window_ms = limits_.window_s * 1000;
  const Window window = windows_.with([&](std::array<Window, 2>& windows) {
    Window& current = windows.at(resolves ? 1 : 0);
    if (now_ms - current.began_ms >= window_ms || current.used == 0) current = {now_ms, 0};
    ++current.used;
    return current;
  });
  const bool refused = limit != 0 && window.used > limit;
  // Without a quota nothing must look exhausted, however long the hub has run.
  const std::uint64_t left = limit == 0 ? shown - 1 : (refused ? 0 : limit - window.used);
  const std::int64_t reset_s = (window.began_ms + window_ms - now_ms + 999) / 1000;
  if (refused) {
    answer = refuse(429, {}, "We had to rate limit you");
    answer.set("Retry-After", std::to_string(reset_s));
  }
  const std::string bucket = resolves ? "\"resolvers\"" : "\"api\"";
  answer.set("RateLimit", bucket + ";r=" + std::to_string(left) + ";t=" + std::to_string(reset_s));
  answer.set("RateLimit-Policy", "\"fixed window\";" + bucket + ";q=" + std::to_string(shown) +
                                     ";w=" + std::to_string(limits_.window_s));
}

}  // namespace modelkeep::standin
