// The LFS batch: which objects are needed, and where their bytes go; and the bytes themselves,
// whole or in parts. They are checked before the answer.
#include <algorithm>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "hub/push/body.h"
#include "hub/push/grant.h"
#include "hub/push/incoming.h"
#include "hub/push/push.h"
#include "storage/mount.h"
#include "storage/space.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kBodyMax = 1 << 20;
constexpr json::Limits kLimits{.bytes = kBodyMax, .members = 20'000};
constexpr std::int64_t kGrantMs = std::int64_t{24} * 3600 * 1000;
constexpr std::size_t kUploadBytes = 12;
constexpr std::string_view kLfsType = "application/vnd.git-lfs+json";

struct Object {
  std::string oid;
  std::int64_t size = 0;
};
void from_json(json::Reader& in, Object& out) {
  in.required("oid", out.oid).required("size", out.size);
}
struct Batch {
  std::string operation;
  std::vector<std::string> transfers;
  std::vector<Object> objects;
};
void from_json(json::Reader& in, Batch& out) {
  in.required("operation", out.operation).optional("transfers", out.transfers);
  in.required("objects", out.objects);
}

std::string number_text(std::int64_t number) {
  std::string text = std::to_string(number);
  return std::string(text.size() < 5 ? 5 - text.size() : 0, '0') + text;
}

class Answer {
 public:
  Answer(Visit& visit, bool in_parts) : visit_(visit), in_parts_(in_parts) {
    out_.begin_object().member("transfer", in_parts ? "multipart" : "basic");
    out_.key("objects").begin_array();
  }

  Result<> add(const Object& object) {
    const Push& push = visit_.services.push;
    out_.begin_object().member("oid", object.oid).member("size", object.size);
    if (!is_lower_hex(object.oid) || object.size < 0) {
      write_error(422, "An object is named by its SHA-256 and has a size.");
    } else if (!TRY(is_here(*push.files, *push.layout, object.oid, object.size))) {
      write_need(object);
    }
    out_.end_object();
    return {};
  }

  http::Response take() {
    out_.end_array().end_object();
    http::Response response = http::json_response(out_.take());
    response.content_type = kLfsType;
    return response;
  }

 private:
  void write_error(int code, std::string_view message) {
    out_.key("error").begin_object().member("code", code).member("message", message).end_object();
  }

  void write_need(const Object& object) {
    const Push& push = visit_.services.push;
    needed_ += static_cast<std::uint64_t>(object.size);
    const auto space = push.files->space(push.layout->mount());
    if (!space || !storage::check_space(needed_, 0, *space, push.reserve_bytes()))
      return write_error(507, "The store has no room for this file.");
    const Grant grant{object.oid, object.size, Time{visit_.services.clock.now().ms + kGrantMs},
                      random_hex(kUploadBytes)};
    const std::string href = own_url(visit_) + "/.lfs/" + signed_path(grant, push.key);
    out_.member("authenticated", true).key("actions").begin_object();
    out_.key("upload").begin_object();
    if (in_parts_ && object.size > push.part_bytes) {
      write_parts(object, href);
    } else {
      out_.member("href", href);
    }
    out_.member("expires_in", kGrantMs / 1000).end_object();
    out_.key("verify").begin_object().member("href", own_url(visit_) + "/.lfs/verify");
    out_.key("header").begin_object().end_object().end_object();
    out_.end_object();
  }

  void write_parts(const Object& object, const std::string& href) {
    const std::int64_t part = visit_.services.push.part_bytes;
    out_.member("href", href + "/complete").key("header").begin_object();
    out_.member("chunk_size", std::to_string(part));
    for (std::int64_t number = 1; (number - 1) * part < object.size; ++number)
      out_.member(number_text(number), href + '/' + std::to_string(number));
    out_.end_object();
  }

  Visit& visit_;
  bool in_parts_;
  json::Writer out_;
  std::uint64_t needed_ = 0;
};

struct Sending {
  Grant grant;
  std::string path;  ///< Of the file in staging that grows.
};

Result<Sending> find_sending(const Visit& visit) {
  const Push& push = visit.services.push;
  Sending sending;
  sending.grant = TRY(read_grant(visit.address.path, push.key, visit.services.clock.now()));
  sending.path = push.layout->pushed_dir() + '/' + sending.grant.upload + ".part";
  TRY(storage::check_mount(*push.files, *push.layout));
  return sending;
}

tl::unexpected<Error> wrong_length() {
  return fail(ErrorKind::invalid, codes::body_too_large,
              "The body is longer than what was announced.");
}

http::Response stored(std::string_view etag) {
  http::Response response = http::json_response("{}");
  response.headers.push_back({"ETag", '"' + std::string(etag) + '"'});
  return response;
}

}  // namespace

Result<http::Response> lfs_batch(Visit& visit) {
  const std::string text = TRY(whole_body(visit.request, kBodyMax));
  const Batch batch = TRY(json::parse<Batch>(text, kLimits));
  if (batch.operation != "upload") {
    return fail(ErrorKind::invalid, codes::field_invalid,
                "Files are read by their addresses, not by LFS.");
  }
  const auto& known = batch.transfers;
  // One answer is for all objects, so parts are told of only where one of them has several.
  const bool knows_parts = std::find(known.begin(), known.end(), "multipart") != known.end();
  const bool in_parts =
      knows_parts && std::any_of(batch.objects.begin(), batch.objects.end(), [&](const Object& o) {
        return o.size > visit.services.push.part_bytes;
      });
  Answer answer(visit, in_parts);
  for (const Object& object : batch.objects) TRY(answer.add(object));
  return answer.take();
}

Result<http::Response> lfs_verify(Visit& visit) {
  const std::string text = TRY(whole_body(visit.request, kBodyMax));
  const Object object = TRY(json::parse<Object>(text, kLimits));
  const Push& push = visit.services.push;
  const bool is_stored =
      is_lower_hex(object.oid) && TRY(is_here(*push.files, *push.layout, object.oid, object.size));
  if (is_stored) return http::json_response("{}");
  return fail(ErrorKind::not_found, codes::file_not_uploaded, "This file has not arrived.");
}

Result<http::Response> lfs_object(Visit& visit) {
  const Push& push = visit.services.push;
  const Sending sending = TRY(find_sending(visit));
  // Each try has a name of its own: one that broke off may still be writing.
  Incoming incoming = TRY(Incoming::begin(*push.files, *push.layout,
                                          sending.grant.upload + '-' + random_hex(4) + ".part"));
  auto read = each_piece(visit.request, [&](std::span<const char> piece) -> Result<> {
    const auto more = static_cast<std::int64_t>(piece.size());
    if (incoming.size_bytes() + more > sending.grant.size_bytes) return wrong_length();
    return incoming.write(piece);
  });
  if (!read) return tl::unexpected{std::move(read).error()};
  TRY(incoming.keep_as(sending.grant.sha256));
  return stored(sending.grant.sha256);
}

Result<http::Response> lfs_part(Visit& visit) {
  const Push& push = visit.services.push;
  const Sending sending = TRY(find_sending(visit));
  const auto number = static_cast<std::int64_t>(parse_decimal(visit.address.revision).value_or(0));
  const std::int64_t parts = (sending.grant.size_bytes + push.part_bytes - 1) / push.part_bytes;
  if (number < 1 || number > parts)
    return fail(ErrorKind::not_found, codes::route_not_found, "There is no such part.");
  const std::int64_t begin = (number - 1) * push.part_bytes;
  const std::int64_t end = std::min(begin + push.part_bytes, sending.grant.size_bytes);
  TRY(push.files->make_folders(push.layout->pushed_dir(), 0700));
  const Fd file = TRY(push.files->open(sending.path, OpenMode::write));
  auto offset = static_cast<std::uint64_t>(begin);
  Digest digest = Digest::sha256();
  auto read = each_piece(visit.request, [&](std::span<const char> piece) -> Result<> {
    if (offset + piece.size() > static_cast<std::uint64_t>(end)) return wrong_length();
    digest.update(std::as_bytes(piece));
    const std::uint64_t from = offset;
    TRY(write_part(*push.files, file, offset, piece));
    push.files->start_writing(file, from, offset - from);
    return {};
  });
  if (!read) return tl::unexpected{std::move(read).error()};
  if (offset != static_cast<std::uint64_t>(end)) {
    return fail(ErrorKind::invalid, codes::field_invalid, "The part is shorter than the others.");
  }
  return stored(digest.finish_hex());
}

Result<http::Response> lfs_complete(Visit& visit) {
  const Push& push = visit.services.push;
  TRY(whole_body(visit.request, kBodyMax));
  const Sending sending = TRY(find_sending(visit));
  // Told again after an answer that was lost.
  const Grant& grant = sending.grant;
  if (!TRY(is_here(*push.files, *push.layout, grant.sha256, grant.size_bytes))) {
    TRY(keep_assembled(*push.files, *push.layout, sending.path, grant.sha256,
                       static_cast<std::uint64_t>(grant.size_bytes)));
  }
  return stored(grant.sha256);
}

}  // namespace modelkeep::hub
