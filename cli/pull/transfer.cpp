#include "cli/pull/transfer.h"

#include <deque>
#include <map>
#include <memory>

#include "cli/command.h"
#include "cli/pull/incoming.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli::pull {
namespace {

constexpr int kDriveMs = 100;
constexpr std::int64_t kShowEveryMs = 200;
constexpr std::int64_t kNoteEveryMs = 1'000;

class Transfer {
 public:
  Transfer(net::BulkSession& session, Files& files, Clock& clock, Place& place,
           const Source& source, const TransferOptions& options, const ShowProgress& show)
      : session_(session),
        files_(files),
        clock_(clock),
        place_(place),
        source_(source),
        options_(options),
        show_(show),
        verifier_(files, options.hash_threads, [&session] { session.wake(); }) {}

  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    for (const auto& piece : pieces_) session_.abandon(piece.first);
  }

  void add(const Listing& listing, const Content& content);
  Result<> run();
  std::uint64_t bytes_received() const { return received_; }

 private:
  Result<> bring_all();
  Result<> start_pieces();
  /// The first content that lacks a piece nobody fetches.
  std::unique_ptr<PieceSink> next_piece();
  Result<> take_finished();
  Result<> take_verdicts();
  Result<> after_failure(PieceSink& piece, const Error& error);
  Result<> note_all();
  Result<> note_and_show(bool now);
  Result<> settle(Incoming& incoming, const Verdict& verdict);

  net::BulkSession& session_;
  Files& files_;
  Clock& clock_;
  Place& place_;
  const Source& source_;
  const TransferOptions& options_;
  const ShowProgress& show_;
  std::deque<Incoming> incoming_;  // Their addresses stay.
  std::size_t first_open_ = 0;     // Of those before it nothing is left to ask.
  std::size_t opened_ = 0;
  std::map<std::uint64_t, std::unique_ptr<PieceSink>> pieces_;
  std::uint64_t next_key_ = 1;
  std::size_t done_ = 0;
  std::uint64_t received_ = 0;
  int failures_ = 0;
  std::int64_t not_before_ms_ = 0;
  std::int64_t shown_ms_ = 0;
  std::int64_t noted_ms_ = 0;
  // Last, so that its threads end before what they read.
  Verifier verifier_;
};

void Transfer::add(const Listing& listing, const Content& content) {
  Incoming& one = incoming_.emplace_back();
  one.growing.number = incoming_.size() - 1;
  one.content = &content;
  one.url = source_.server + content_path(listing, content);
}

Result<> Transfer::run() {
  Result<> done = bring_all();
  // What has arrived shall be found by the next one, whatever ended this.
  TRY(note_all());
  return done;
}

Result<> Transfer::bring_all() {
  while (done_ < incoming_.size()) {
    TRY(start_pieces());
    TRY(take_finished());
    verifier_.nudge();
    TRY(take_verdicts());
    TRY(note_and_show(false));
  }
  return note_and_show(true);
}

std::unique_ptr<PieceSink> Transfer::next_piece() {
  for (std::size_t i = first_open_; i < opened_; ++i) {
    Incoming& one = incoming_[i];
    const auto range = one.next_piece(options_.piece_bytes);
    if (range) return std::make_unique<PieceSink>(files_, one, *range);
    if (i == first_open_) ++first_open_;
  }
  return nullptr;
}

Result<> Transfer::start_pieces() {
  if (clock_.mono_ms() < not_before_ms_) return {};
  while (session_.running() < static_cast<std::size_t>(options_.connections)) {
    auto piece = next_piece();
    if (!piece && opened_ == incoming_.size()) return {};
    if (!piece) {
      // Files are opened as their turn comes: there may be thousands.
      Incoming& one = incoming_[opened_++];
      TRY(one.open(files_, place_));
      verifier_.follow(one.growing);
      continue;
    }
    piece->incoming().asked.add(piece->range());
    TRY(session_.start(next_key_, piece->request(source_.token, source_.user_name), *piece));
    pieces_.emplace(next_key_++, std::move(piece));
  }
  return {};
}

Result<> Transfer::take_finished() {
  for (net::BulkSession::Finished& finished : session_.drive(kDriveMs)) {
    const auto found = pieces_.find(finished.key);
    if (found == pieces_.end()) continue;
    const std::unique_ptr<PieceSink> piece = std::move(found->second);
    pieces_.erase(found);
    received_ += piece->written();
    if (piece->written() > 0) failures_ = 0;
    if (finished.outcome && piece->is_whole()) continue;
    const Error lost{ErrorKind::unavailable,
                     kServerUnreachable,
                     "the connection ended before all bytes were there",
                     {}};
    TRY(after_failure(*piece, finished.outcome ? lost : finished.outcome.error()));
  }
  return {};
}

Result<> Transfer::after_failure(PieceSink& piece, const Error& error) {
  Incoming& one = piece.incoming();
  one.asked.remove({piece.range().begin + piece.written(), piece.range().end});
  first_open_ = 0;
  if (!piece.may_try_again()) return tl::unexpected{error};
  // Connections that end together are one failure.
  if (clock_.mono_ms() < not_before_ms_) return {};
  if (++failures_ > options_.tries) {
    const bool refused = error.code == kServerRefused || error.code == kAnswerInvalid;
    return fail(error.kind, refused ? kServerRefused : kServerUnreachable,
                error.message + " (" + source_.server +
                    "); what has arrived is kept, the same command goes on");
  }
  not_before_ms_ = clock_.mono_ms() + (options_.retry_after_ms << (failures_ - 1));
  return {};
}

Result<> Transfer::take_verdicts() {
  for (const Verdict& verdict : verifier_.take())
    TRY(settle(incoming_[verdict.growing->number], verdict));
  return {};
}

Result<> Transfer::settle(Incoming& one, const Verdict& verdict) {
  if (!verdict.is_right) return tl::unexpected{verdict.is_right.error()};
  if (*verdict.is_right) {
    TRY(place_.put(*one.content));
    one.part = Fd();
    one.notes = Fd();
    one.is_done = true;
    one.is_noted = true;
    ++done_;
    return {};
  }
  TRY(one.begin_again(files_));
  if (one.was_wrong) {
    return fail(
        ErrorKind::corrupt, codes::checksum_mismatch,
        shown(one.content->paths.front()) + " arrived twice with other bytes than the store lists");
  }
  one.was_wrong = true;
  first_open_ = 0;
  verifier_.follow(one.growing);
  return {};
}

Result<> Transfer::note_all() {
  for (std::size_t i = 0; i < opened_; ++i) {
    if (!incoming_[i].is_noted) TRY(incoming_[i].note(files_));
  }
  return {};
}

Result<> Transfer::note_and_show(bool now) {
  const std::int64_t now_ms = clock_.mono_ms();
  if (now_ms - noted_ms_ >= kNoteEveryMs) {
    noted_ms_ = now_ms;
    TRY(note_all());
  }
  if (!now && now_ms - shown_ms_ < kShowEveryMs) return {};
  shown_ms_ = now_ms;
  std::vector<Progress> all;
  for (const Incoming& one : incoming_)
    all.push_back(
        {one.content, one.is_done ? one.content->size_bytes : one.there.bytes(), one.is_done});
  show_(all);
  return {};
}

}  // namespace

Result<std::uint64_t> transfer(net::Transport& transport, Files& files, Clock& clock, Place& place,
                               const Source& source, const Listing& listing,
                               const std::vector<const Content*>& wanted,
                               const TransferOptions& options, const ShowProgress& show) {
  const std::unique_ptr<net::BulkSession> session = TRY(transport.open_bulk());
  Transfer work(*session, files, clock, place, source, options, show);
  for (const Content* content : wanted) work.add(listing, *content);
  TRY(work.run());
  return work.bytes_received();
}

}  // namespace modelkeep::cli::pull
