#include "cli/pull/listing.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/digest.h"
#include "base/patterns.h"
#include "base/text.h"
#include "cli/model_lookup.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli::pull {
namespace {

constexpr std::string_view kDoor = "/hf/";
constexpr std::string_view kMain = "main";
constexpr std::size_t kSha1HexDigits = 40;

struct Lfs {
  std::string sha256;
  std::uint64_t size = 0;
};
void from_json(json::Reader& in, Lfs& out) {
  in.required("sha256", out.sha256).optional("size", out.size);
}

struct Sibling {
  std::string path;
  std::uint64_t size = 0;
  std::string git_oid;
  std::optional<Lfs> lfs;
};
void from_json(json::Reader& in, Sibling& out) {
  in.required("rfilename", out.path).required("size", out.size);
  in.required("blobId", out.git_oid).optional("lfs", out.lfs);
}

struct Info {
  std::string commit;
  std::vector<Sibling> siblings;
};
void from_json(json::Reader& in, Info& out) {
  in.required("sha", out.commit).required("siblings", out.siblings);
}

/// Nothing that a server says may lead out of the folder, nor into our own part of it.
bool stays_inside(std::string_view path) {
  const auto code_points = utf8_code_points(path);
  if (!code_points || std::ranges::any_of(*code_points, is_control_or_bidi)) return false;
  if (path.find('\\') != std::string_view::npos) return false;
  const auto parts = split(path, '/');
  return std::ranges::all_of(parts, [](std::string_view part) {
    return !part.empty() && part != "." && part != ".." &&
           !lower_ascii(part).starts_with(".modelkeep");
  });
}

bool is_digest(const Content& content) {
  return content.is_lfs ? is_lower_hex(content.etag) : is_lower_hex(content.etag, kSha1HexDigits);
}

Result<std::vector<Content>> contents_of(const Info& info, const Selection& selection) {
  std::map<std::string, Content> by_etag;
  for (const Sibling& file : info.siblings) {
    if (!is_wanted(file.path, selection.include, selection.exclude)) continue;
    Content content{
        file.lfs ? file.lfs->sha256 : file.git_oid, file.lfs.has_value(), file.size, {}};
    if (!stays_inside(file.path) || !is_digest(content)) {
      return fail(ErrorKind::invalid, kAnswerInvalid,
                  "the server lists a file that no folder may hold: " + shown(file.path));
    }
    by_etag.try_emplace(content.etag, content).first->second.paths.push_back(file.path);
  }
  std::vector<Content> contents;
  for (auto& [etag, content] : by_etag) contents.push_back(std::move(content));
  // The large ones first, so that none is left over for one connection at the end.
  std::ranges::stable_sort(contents, std::greater<>(), &Content::size_bytes);
  return contents;
}

Result<Answer> ask(Client& client, const std::string& name, const std::string& revision) {
  return client.get_from_door(std::string(kDoor) + "api/models/" + percent_encode(name, "/") +
                              "/revision/" + percent_encode(revision) + "?blobs=true");
}

/// The name of the model with this id; empty when there is none.
Result<std::string> name_of_id(Client& client, const std::string& id) {
  const auto answer = client.get("/api/models/" + percent_encode(id));
  if (!answer && answer.error().code == codes::model_not_found) return std::string();
  if (!answer) return tl::unexpected{answer.error()};
  const auto one = TRY(read<OneAnswer>(client, *answer));
  return one.model ? one.model->name : std::string();
}

tl::unexpected<Error> not_there(const std::string& word, const Error& error) {
  return fail(ErrorKind::not_found, kServerRefused,
              shown(word) + ": " + shown(error.message) + "; modelkeep download " + shown(word) +
                  " brings it into the store");
}

}  // namespace

Result<Listing> list(Client& client, const std::string& word, const Selection& selection) {
  Listing listing{
      word, selection.revision.empty() ? std::string(kMain) : selection.revision, {}, {}};
  if (!stays_inside(listing.revision) || !stays_inside(word))
    return wrong_usage("that is not a model's name and revision");
  auto answer = ask(client, word, listing.revision);
  if (!answer && answer.error().kind == ErrorKind::not_found &&
      word.find('/') == std::string::npos) {
    listing.name = TRY(name_of_id(client, word));
    if (!listing.name.empty() && listing.name != word)
      answer = ask(client, listing.name, listing.revision);
  }
  if (!answer && answer.error().kind == ErrorKind::not_found)
    return not_there(word, answer.error());
  if (!answer) return tl::unexpected{answer.error()};
  const Info info = TRY(read<Info>(client, *answer));
  if (!is_lower_hex(info.commit, kSha1HexDigits))
    return fail(ErrorKind::invalid, kAnswerInvalid, "the server names no commit");
  listing.commit = info.commit;
  listing.contents = TRY(contents_of(info, selection));
  if (listing.contents.empty())
    return fail(ErrorKind::not_found, kServerRefused, "no file of " + shown(word) + " is meant");
  return listing;
}

std::string content_path(const Listing& listing, const Content& content) {
  return std::string(kDoor) + percent_encode(listing.name, "/") + "/resolve/" + listing.commit +
         "/" + percent_encode(content.paths.front(), "/");
}

}  // namespace modelkeep::cli::pull
