#include "cli/pull/verifier.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/digest.h"

namespace modelkeep::cli::pull {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;
// A nudge may fall between the look and the wait.
constexpr std::chrono::milliseconds kLookEvery{20};

}  // namespace

Verifier::Verifier(Files& files, unsigned threads, std::function<void()> tell)
    : files_(files), tell_(std::move(tell)) {
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
}

Verifier::~Verifier() {
  for (std::jthread& thread : threads_) thread.request_stop();
  moved_.notify_all();
  threads_.clear();
}

void Verifier::follow(Growing& growing) {
  {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(&growing);
  }
  moved_.notify_all();
}

void Verifier::nudge() {
  moved_.notify_all();
}

std::vector<Verdict> Verifier::take() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(verdicts_, {});
}

void Verifier::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    Growing* growing = nullptr;
    {
      std::unique_lock lock(mutex_);
      moved_.wait(lock, stop, [this] { return !waiting_.empty(); });
      if (stop.stop_requested()) return;
      growing = waiting_.front();
      waiting_.pop_front();
    }
    auto is_right = hash(*growing, stop);
    if (stop.stop_requested()) return;
    {
      const std::scoped_lock lock(mutex_);
      verdicts_.push_back({growing, std::move(is_right)});
    }
    tell_();
  }
}

Result<bool> Verifier::hash(const Growing& growing, const std::stop_token& stop) {
  const Content& content = *growing.content;
  const Fd file = TRY(files_.open(growing.part, OpenMode::read));
  Digest digest = content.is_lfs ? Digest::sha256() : Digest::git_blob(content.size_bytes);
  std::vector<std::byte> block(kBlockBytes);
  for (std::uint64_t at = 0; at < content.size_bytes && !stop.stop_requested();) {
    const std::uint64_t there = growing.frontier.load(std::memory_order_acquire) - at;
    if (there == 0) {
      std::unique_lock lock(mutex_);
      moved_.wait_for(lock, stop, kLookEvery, [&] { return growing.frontier.load() > at; });
      continue;
    }
    const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(there, block.size()));
    const std::size_t got = TRY(files_.read_at(file, std::span(block).first(want), at));
    digest.update(std::span<const std::byte>(block).first(got));
    at += got;
    if (got == 0) break;
  }
  return digest.finish_hex() == content.etag;
}

}  // namespace modelkeep::cli::pull
