#include "fetch/sources.h"

#include <utility>

#include "base/error_codes.h"
#include "upstream/token.h"

namespace modelkeep::fetch {

std::vector<Source> sources_of(const Surroundings& around) {
  std::vector<Source> sources;
  sources.push_back({around.config->upstream, false, around.open_transport});
  for (const upstream::Config& mirror : around.config->mirrors) {
    sources.push_back({mirror, true, [mirror] { return upstream::make_transport(mirror); }});
  }
  return sources;
}

Result<std::string> token_for(const Surroundings& around, const Source& source) {
  const upstream::Environment nothing = [](std::string_view) -> std::optional<std::string> {
    return std::nullopt;
  };
  if (source.is_mirror && source.config.token_file.empty()) return std::string();
  const auto token = TRY(upstream::discover_token(source.is_mirror ? nothing : around.environment,
                                                  *around.files, source.config.token_file));
  return token ? token->value : std::string();
}

bool is_of_source(const Error& error) {
  return error.code.starts_with("upstream_") || error.code == codes::revision_not_found ||
         error.code == codes::nothing_to_fetch || error.code == codes::checksum_mismatch;
}

bool is_outage(const Error& error) {
  return error.code == codes::upstream_unavailable || error.code == codes::upstream_dns_failed ||
         error.code == codes::upstream_tls_failed;
}

}  // namespace modelkeep::fetch
