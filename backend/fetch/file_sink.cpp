#include "fetch/file_sink.h"

#include <utility>

#include "base/error_codes.h"
#include "net/header_values.h"
#include "upstream/refusal.h"

namespace modelkeep::fetch {
namespace {

constexpr int kRangeNotSatisfiable = 416;
constexpr std::size_t kAnnouncedBytes = std::size_t{1} << 20;

auto other_size() {
  return fail(ErrorKind::corrupt, codes::upstream_size_mismatch,
              "A file has another size than the upstream listed.");
}

auto contradiction(std::string cause) {
  return fail(ErrorKind::unavailable, codes::upstream_invalid,
              "The upstream answered with another range than asked.", std::move(cause));
}

Result<Beginning> judge_partial(const net::ResponseHead& head, std::uint64_t offset,
                                std::uint64_t size) {
  const auto value = head.headers.find("Content-Range");
  const auto range = value ? net::parse_content_range(*value) : std::nullopt;
  if (!range) return contradiction("a 206 without a readable Content-Range");
  if (range->first != offset || range->last + 1 > size) return contradiction(std::string(*value));
  if (range->total && *range->total != size) return contradiction(std::string(*value));
  return Beginning::as_asked;
}

std::string strong_etag(const net::ResponseHead& head) {
  const auto value = head.headers.find("ETag");
  if (!value || value->starts_with("W/")) return {};
  return std::string(*value);
}

// An address that the Hub signed is good for a while only; the Hub makes a new one when asked
// again.
Error expired(const net::ResponseHead& head) {
  return {ErrorKind::unavailable, codes::upstream_url_expired,
          "The Hub's file storage refuses the address that the Hub gave.",
          "status " + std::to_string(head.status)};
}

}  // namespace

Result<Beginning> judge_head(const net::ResponseHead& head, std::uint64_t offset,
                             std::uint64_t size, const std::string& known_etag) {
  const std::string etag = strong_etag(head);
  const bool changed = !known_etag.empty() && !etag.empty() && etag != known_etag;
  if (head.status == 206) {
    // If-Range should have prevented this; an upstream that ignores it must not make us continue
    // another file.
    if (changed && offset > 0) return contradiction("a 206 of other content");
    return judge_partial(head, offset, size);
  }
  const auto length = head.headers.find("Content-Length");
  if (!length) return Beginning::from_start;
  const auto bytes = net::parse_content_length(*length);
  if (bytes == size) return Beginning::from_start;
  // An upstream that says 200 and sends the rest only: no byte of it can be placed.
  if (offset > 0 && (bytes == size - offset || bytes == offset))
    return contradiction("a 200 of another length");
  return other_size();
}

FileSink::FileSink(Part& part, std::function<void()> on_bytes, bool token_sent)
    : part_(part), on_bytes_(std::move(on_bytes)), token_sent_(token_sent) {}

Result<> FileSink::begin(const net::ResponseHead& head) {
  if (head.status == kRangeNotSatisfiable && offset_ > 0) {
    TRY(part_.restart());
    return contradiction("416 for a range that the listed size holds");
  }
  if (head.status != 200 && head.status != 206) {
    refused_ = head;
    const bool by_storage = head.left_origin && (head.status == 401 || head.status == 403);
    if (by_storage) return tl::unexpected{expired(head)};
    return tl::unexpected{upstream::error_of_answer(head, token_sent_)};
  }
  const auto beginning = judge_head(head, offset_, part_.size(), part_.etag());
  if (!beginning) {
    // What contradicts the part is not continued at the next try either.
    if (offset_ > 0) TRY(part_.restart());
    part_.set_etag({});
    return tl::unexpected{beginning.error()};
  }
  if (*beginning == Beginning::from_start && part_.position().received > 0) TRY(part_.restart());
  part_.set_etag(strong_etag(head));
  return {};
}

Result<> FileSink::write(std::span<const char> bytes) {
  TRY(part_.append(bytes));
  // Bytes come in small pieces, and each announcement wakes the hashing thread.
  unannounced_ += bytes.size();
  if (unannounced_ >= kAnnouncedBytes) {
    unannounced_ = 0;
    on_bytes_();
  }
  return {};
}

}  // namespace modelkeep::fetch
