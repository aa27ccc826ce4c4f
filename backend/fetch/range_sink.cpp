#include "fetch/range_sink.h"

#include <algorithm>
#include <utility>

#include "base/error_codes.h"
#include "net/header_values.h"
#include "upstream/refusal.h"

namespace modelkeep::fetch {
namespace {

constexpr int kRangeNotSatisfiable = 416;
// curl hands out 16 KiB at a time; a file system takes larger pieces at less cost for each byte,
// and pieces that begin where the page cache can put them into one large page at the least.
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

auto other_size() {
  return fail(ErrorKind::corrupt, codes::upstream_size_mismatch,
              "A file has another size than the upstream listed.");
}

auto contradiction(std::string cause) {
  return fail(ErrorKind::unavailable, codes::upstream_invalid,
              "The upstream answered with another range than asked.", std::move(cause));
}

// A range may end early, and also late: more than was asked for is not taken.
Result<Beginning> judge_partial(const net::ResponseHead& head, const Asked& asked) {
  const auto value = head.headers.find("Content-Range");
  const auto range = value ? net::parse_content_range(*value) : std::nullopt;
  if (!range) return contradiction("a 206 without a readable Content-Range");
  if (range->first != asked.range.begin || range->last >= asked.size)
    return contradiction(std::string(*value));
  if (range->total && *range->total != asked.size) return contradiction(std::string(*value));
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

Result<Beginning> judge_head(const net::ResponseHead& head, const Asked& asked,
                             const std::string& known_etag) {
  const std::string etag = strong_etag(head);
  if (head.status == 206) {
    // If-Range should have prevented this; an upstream that ignores it must not make us continue
    // another file.
    if (!known_etag.empty() && !etag.empty() && etag != known_etag) {
      return fail(ErrorKind::unavailable, codes::upstream_changed,
                  "The upstream has another file than a moment ago.", "a 206 of other content");
    }
    return judge_partial(head, asked);
  }
  const auto length = head.headers.find("Content-Length");
  if (!length) return Beginning::from_start;
  const auto bytes = net::parse_content_length(*length);
  if (bytes == asked.size) return Beginning::from_start;
  // An upstream that says 200 and sends the range only, or as much as lies before it: no byte of it
  // can be placed.
  const bool could_be_range = bytes == asked.range.size() || bytes == asked.range.begin ||
                              bytes == asked.size - asked.range.begin;
  if (!asked.whole() && could_be_range) return contradiction("a 200 of another length");
  return other_size();
}

RangeSink::RangeSink(RangeOrder order)
    : order_(std::move(order)),
      generation_(order_.part->position().generation),
      written_(order_.range.begin) {}

Result<> RangeSink::begin_anew() {
  Part& part = *order_.part;
  order_.range = {0, part.size()};
  written_ = 0;
  if (order_.compare) return {};
  if (part.position().received > 0) TRY(part.restart());
  generation_ = part.position().generation;
  return {};
}

Result<> RangeSink::begin(const net::ResponseHead& head) {
  Part& part = *order_.part;
  const Asked asked{order_.range, part.size()};
  if (head.status == kRangeNotSatisfiable)
    return contradiction("416 for a range that the listed size holds, or for none");
  if (head.status != 200 && head.status != 206) {
    refused_ = head;
    const bool by_storage = head.left_origin && (head.status == 401 || head.status == 403);
    if (by_storage) return tl::unexpected{expired(head)};
    return tl::unexpected{upstream::error_of_answer(head, order_.token_sent)};
  }
  const auto beginning = judge_head(head, asked, part.etag());
  if (!beginning) {
    if (beginning.error().code == codes::upstream_changed && !order_.compare) TRY(part.restart());
    return tl::unexpected{beginning.error()};
  }
  if (*beginning == Beginning::from_start) TRY(begin_anew());
  if (!order_.compare) part.set_etag(strong_etag(head));
  if (order_.on_head) order_.on_head(head, *beginning);
  return {};
}

// From what is held to where the next piece of the file begins.
std::size_t RangeSink::to_next_piece() const {
  return kPieceBytes - static_cast<std::size_t>((written_ + held_.size()) % kPieceBytes);
}

Result<> RangeSink::write(std::span<const char> bytes) {
  received_ += bytes.size();
  const std::uint64_t room = order_.range.end - written_ - held_.size();
  const bool too_many = bytes.size() > room;
  auto taken = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room)));
  if (held_.empty())
    held_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, room)));
  while (!taken.empty()) {
    const auto hold = std::min(taken.size(), to_next_piece());
    held_.insert(held_.end(), taken.begin(), taken.begin() + static_cast<std::ptrdiff_t>(hold));
    taken = taken.subspan(hold);
    if (to_next_piece() == kPieceBytes || written_ + held_.size() == order_.range.end) TRY(flush());
  }
  if (!too_many) return {};
  if (order_.range.end == order_.part->size()) {
    return fail(
        ErrorKind::corrupt, codes::upstream_size_mismatch,
        "The upstream sends more bytes of a file than it listed: " + order_.part->file().path);
  }
  return fail(ErrorKind::unavailable, codes::interrupted, "The range has ended.");
}

Result<> RangeSink::flush() {
  if (held_.empty()) return {};
  TRY(put(held_));
  written_ += held_.size();
  held_.clear();
  return {};
}

Result<> RangeSink::put(std::span<const char> bytes) {
  if (!order_.compare) return order_.part->write(generation_, written_, bytes);
  const bool corrected = TRY(order_.part->correct(written_, bytes));
  differed_ = differed_ || corrected;
  return {};
}

}  // namespace modelkeep::fetch
