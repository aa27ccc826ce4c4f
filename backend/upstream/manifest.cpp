#include "upstream/manifest.h"

#include <numeric>
#include <utility>

#include "base/digest.h"
#include "base/error_codes.h"
#include "base/json.h"
#include "base/text.h"
#include "upstream/urls.h"

namespace modelkeep::upstream {
namespace {

constexpr std::size_t kSha1HexDigits = 40;
constexpr std::size_t kWordBytesMax = 100;
constexpr std::size_t kTagsMax = 500;

auto reject(std::string why) {
  return fail(ErrorKind::invalid, codes::upstream_manifest_rejected, std::move(why));
}

// A maintenance page in the place of an answer is a passing state of the server, so this kind is
// tried again.
auto unreadable(std::string cause) {
  return fail(ErrorKind::unavailable, codes::upstream_invalid,
              "The upstream's answer could not be read.", std::move(cause));
}

std::string text_of(json::Value value) {
  const auto text = value.as_string();
  return text && utf8_valid(*text) ? std::string(clipped(*text, kWordBytesMax)) : std::string();
}

std::string license_of(json::Value info, const std::vector<std::string>& tags) {
  const json::Value card = info["cardData"]["license"];
  if (auto license = text_of(card); !license.empty()) return license;
  if (card.is_array() && card.size() > 0) return text_of(card[std::size_t{0}]);
  constexpr std::string_view kPrefix = "license:";
  for (const std::string& tag : tags) {
    if (tag.starts_with(kPrefix)) return tag.substr(kPrefix.size());
  }
  return {};
}

Result<std::uint64_t> size_of(json::Value value, const std::string& path) {
  const auto size = value.as_uint();
  if (!size || *size > kTotalBytesMax)
    return reject("The upstream gives no usable size for " + path + ".");
  return *size;
}

Result<File> read_file_entry(json::Value entry) {
  File file;
  const auto path = entry["path"].as_string();
  if (!path) return reject("The upstream lists a file without a path.");
  file.path = *path;
  const std::string shown(clipped(file.path, kWordBytesMax));
  file.size_bytes = TRY(size_of(entry["size"], shown));
  file.git_oid = entry["oid"].as_string().value_or("");
  const json::Value lfs = entry["lfs"];
  file.is_lfs = lfs.is_object();
  if (file.is_lfs) {
    file.sha256 = lfs["oid"].as_string().value_or("");
    file.size_bytes = TRY(size_of(lfs["size"], shown));
    if (!is_lower_hex(file.sha256))
      return reject("The upstream gives no digest for " + shown + ".");
    if (!is_lower_hex(file.git_oid, kSha1HexDigits)) file.git_oid.clear();
    return file;
  }
  if (!is_lower_hex(file.git_oid, kSha1HexDigits))
    return reject("The upstream gives no digest for " + shown + ".");
  return file;
}

}  // namespace

Result<ModelInfo> parse_model_info(std::string_view json) {
  auto document = json::Document::parse(json, json::kUpstreamLimits);
  if (!document) return unreadable(document.error().message);
  const json::Value root = document->root();
  ModelInfo info;
  info.commit = root["sha"].as_string().value_or("");
  if (!is_lower_hex(info.commit, kSha1HexDigits)) return unreadable("the model info has no commit");
  info.canonical_name = root["id"].as_string().value_or("");
  if (!is_repo_name(info.canonical_name)) info.canonical_name.clear();
  info.task = text_of(root["pipeline_tag"]);
  info.library = text_of(root["library_name"]);
  info.gated = text_of(root["gated"]);
  const json::Value tags = root["tags"];
  for (std::size_t i = 0; i < tags.size() && i < kTagsMax && tags.is_array(); ++i) {
    if (auto tag = text_of(tags[i]); !tag.empty()) info.tags.push_back(std::move(tag));
  }
  info.license = license_of(root, info.tags);
  return info;
}

Result<> add_tree_page(std::string_view json, Manifest& manifest) {
  auto document = json::Document::parse(json, json::kUpstreamLimits);
  if (!document) return unreadable(document.error().message);
  const json::Value page = document->root();
  if (!page.is_array()) return unreadable("the tree is no list");
  const auto sum = [](std::uint64_t total, const File& file) { return total + file.size_bytes; };
  // Each summand and the sum so far are at most 2^53, so this cannot wrap.
  std::uint64_t total =
      std::accumulate(manifest.files.begin(), manifest.files.end(), std::uint64_t{0}, sum);
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (page[i]["type"].as_string() != "file") continue;
    if (manifest.files.size() >= kFilesMax)
      return reject("The revision has more than 100,000 files.");
    File file = TRY(read_file_entry(page[i]));
    total += file.size_bytes;
    if (total > kTotalBytesMax)
      return reject("The revision's sizes add up to more than any disk holds.");
    manifest.files.push_back(std::move(file));
  }
  return {};
}

}  // namespace modelkeep::upstream
