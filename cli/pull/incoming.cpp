#include "cli/pull/incoming.h"

#include "base/range_notes.h"
#include "cli/command.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli::pull {
namespace {

constexpr std::uint64_t kNotedFromBytes = std::uint64_t{1} << 20;
constexpr int kOk = 200;
constexpr int kPartial = 206;
constexpr int kTooMany = 429;
constexpr int kServerError = 500;
constexpr int kReceiveBytes = 512 * 1024;

std::string content_range(ByteRange range, std::uint64_t size_bytes) {
  return "bytes " + std::to_string(range.begin) + "-" + std::to_string(range.end - 1) + "/" +
         std::to_string(size_bytes);
}

}  // namespace

Result<> Incoming::open(Files& files, const Place& place) {
  const std::string path = place.part(*content);
  const auto found = files.stat(path);
  there.clear();
  if (found && found->size_bytes <= content->size_bytes)
    there = read_notes(files, place.notes(*content), found->size_bytes);
  asked = there;
  part = TRY(files.open(path, OpenMode::write));
  // A small one comes in one piece, or again.
  if (content->size_bytes > kNotedFromBytes)
    notes = TRY(files.open(place.notes(*content), OpenMode::write));
  TRY(files.truncate(part, content->size_bytes));
  growing.content = content;
  growing.part = path;
  growing.frontier = there.frontier();
  return {};
}

Result<> Incoming::begin_again(Files& files) {
  there.clear();
  asked.clear();
  growing.frontier = 0;
  return note(files);
}

Result<> Incoming::note(Files& files) {
  is_noted = true;
  if (!notes) return {};
  return write_notes(files, notes, there);
}

std::optional<ByteRange> Incoming::next_piece(std::uint64_t piece_bytes) const {
  auto gap = asked.first_gap(0, content->size_bytes);
  if (gap && gap->size() > piece_bytes) gap->end = gap->begin + piece_bytes;
  return gap;
}

void Incoming::add(ByteRange range) {
  there.add(range);
  is_noted = false;
  growing.frontier.store(there.frontier(), std::memory_order_release);
}

net::Request PieceSink::request(const std::string& token, const std::string& user_name) const {
  net::Request request;
  request.url = incoming_.url;
  if (!is_all()) {
    request.headers.push_back(
        {"Range", "bytes=" + std::to_string(range_.begin) + "-" + std::to_string(range_.end - 1)});
  }
  if (!user_name.empty()) request.headers.push_back({"X-Username", user_name});
  request.bearer_token = token;
  request.answer_size_max = range_.size();
  request.follow_redirects = false;
  request.http_1_only = true;
  request.receive_buffer_bytes = kReceiveBytes;
  return request;
}

Result<> PieceSink::begin(const net::ResponseHead& head) {
  if (head.status != (is_all() ? kOk : kPartial)) {
    may_try_again_ = head.status >= kServerError || head.status == kTooMany;
    return fail(may_try_again_ ? ErrorKind::unavailable : ErrorKind::invalid, kServerRefused,
                "the server answered " + std::to_string(head.status) + " for " +
                    shown(incoming_.content->paths.front()));
  }
  const auto said = head.headers.find("Content-Range");
  if (is_all() || said == content_range(range_, incoming_.content->size_bytes)) return {};
  may_try_again_ = false;
  return fail(
      ErrorKind::invalid, kAnswerInvalid,
      "the server sent other bytes than asked for of " + shown(incoming_.content->paths.front()));
}

Result<> PieceSink::write(std::span<const char> bytes) {
  if (bytes.size() > range_.end - at_) {
    may_try_again_ = false;
    return fail(ErrorKind::invalid, kAnswerInvalid, "the server sent more bytes than asked for");
  }
  if (auto written = files_.write_at(incoming_.part, std::as_bytes(bytes), at_); !written) {
    may_try_again_ = false;
    return written;
  }
  incoming_.add({at_, at_ + bytes.size()});
  at_ += bytes.size();
  return {};
}

}  // namespace modelkeep::cli::pull
