#include "upstream/hub.h"

#include <utility>

#include "base/error_codes.h"
#include "net/header_values.h"
#include "net/url.h"
#include "upstream/refusal.h"
#include "upstream/urls.h"

namespace modelkeep::upstream {
namespace {

constexpr std::string_view kUserAgent = "modelkeep/" MODELKEEP_VERSION;
// Pages hold about 1,000 entries, 50 at worst: past this the upstream sends us in a circle.
constexpr int kTreePagesMax = 2'100;

}  // namespace

Result<std::unique_ptr<net::Transport>> make_transport(const Config& config) {
  return net::make_curl_transport({.endpoint = config.endpoint,
                                   .allow_hosts = config.allow_hosts,
                                   .allow_cidrs = config.allow_cidrs,
                                   .proxy = config.proxy,
                                   .ca_file = config.ca_file},
                                  std::string(kUserAgent));
}

Hub::Hub(net::Transport& transport, Clock& clock, Config config, std::string token)
    : transport_(transport), clock_(clock), config_(std::move(config)), token_(std::move(token)) {}

Result<net::Response> Hub::get(const std::string& url, const std::function<bool()>& keep_going,
                               const std::string& known_etag) {
  wished_wait_s_.reset();
  std::vector<net::Header> headers = {{"Accept", "application/json"}};
  if (!known_etag.empty()) headers.push_back({"If-None-Match", known_etag});
  auto response = net::send(transport_, {.url = url,
                                         .headers = std::move(headers),
                                         .bearer_token = token_,
                                         .patience = config_.patience,
                                         .keep_going = keep_going});
  if (!response) return tl::unexpected{as_upstream_error(std::move(response).error())};
  const bool is_unchanged = response->head.status == 304 && !known_etag.empty();
  if (response->head.status == 200 || is_unchanged) return response;
  wished_wait_s_ = upstream::wished_wait_s(response->head, clock_.now());
  return tl::unexpected{error_of_answer(response->head, !token_.empty())};
}

Result<Manifest> Hub::list_revision(const std::string& repo, const std::string& revision,
                                    const std::function<bool()>& keep_going) {
  const net::Response answer =
      TRY(get(revision_info_url(config_.endpoint, repo, revision), keep_going));
  Manifest manifest;
  manifest.info = TRY(parse_model_info(answer.body));
  if (manifest.info.canonical_name.empty()) manifest.info.canonical_name = repo;
  TRY(add_tree(manifest.info.canonical_name, manifest, keep_going));
  return manifest;
}

Result<> Hub::add_tree(const std::string& repo, Manifest& manifest,
                       const std::function<bool()>& keep_going) {
  const net::Url endpoint = TRY(net::parse_url(config_.endpoint));
  std::string url = tree_url(config_.endpoint, repo, manifest.info.commit);
  for (int page = 0; page < kTreePagesMax; ++page) {
    const net::Response answer = TRY(get(url, keep_going));
    TRY(add_tree_page(answer.body, manifest));
    const auto link = answer.head.headers.find("Link");
    const auto next = link ? net::parse_link_next(*link) : std::nullopt;
    if (!next) return {};
    const auto target = net::resolve_url(url, *next);
    // The token goes along with the next page, so the page must not be elsewhere.
    if (!target || !net::same_origin(*target, endpoint)) {
      return fail(ErrorKind::invalid, codes::upstream_manifest_rejected,
                  "The upstream continues its list of files on another host.");
    }
    url = target->text;
  }
  return fail(ErrorKind::invalid, codes::upstream_manifest_rejected,
              "The upstream's list of files has no end.");
}

Result<Hub::Resolved> Hub::resolve(const std::string& repo, const std::string& revision,
                                   const std::string& etag,
                                   const std::function<bool()>& keep_going) {
  const net::Response answer = TRY(
      get(revision_info_url(config_.endpoint, repo, revision) + "?expand=sha", keep_going, etag));
  Resolved resolved{.etag = std::string(answer.head.headers.find("ETag").value_or(""))};
  if (answer.head.status == 304) {
    if (resolved.etag.empty()) resolved.etag = etag;
    return resolved;
  }
  const ModelInfo info = TRY(parse_model_info(answer.body));
  resolved.commit = info.commit;
  return resolved;
}

bool Hub::may_read(const std::string& repo, const std::function<bool()>& keep_going) {
  const auto answer = get(auth_check_url(config_.endpoint, repo), keep_going);
  if (answer) return true;
  const ErrorKind kind = answer.error().kind;
  return kind != ErrorKind::forbidden && kind != ErrorKind::unauthenticated;
}

net::Request Hub::file_request(const std::string& repo, const std::string& commit,
                               const std::string& path) const {
  return {.url = file_url(config_.endpoint, repo, commit, path),
          .bearer_token = token_,
          .answer_size_max = kTotalBytesMax,
          .patience = config_.patience,
          .http_1_only = true};
}

}  // namespace modelkeep::upstream
