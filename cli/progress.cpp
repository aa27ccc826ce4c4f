#include "cli/progress.h"

#include <algorithm>

#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

constexpr int kBarWidest = 40;
constexpr int kBarNarrowest = 10;
constexpr std::int64_t kPrintEveryMs = 10'000;
constexpr std::size_t kFileLinesMax = 12;

int percent_of(std::int64_t done, std::int64_t total) {
  if (total <= 0) return 0;
  // Rounded down: 100 is for the last byte.
  const auto part = static_cast<double>(std::clamp<std::int64_t>(done, 0, total));
  return done >= total ? 100 : static_cast<int>(part / static_cast<double>(total) * 100.0);
}

std::string bar(int percent, int columns, bool utf8) {
  const int full = columns * percent / 100;
  std::string text = utf8 ? "" : "[";
  for (int i = 0; i < columns; ++i) text += i < full ? (utf8 ? "█" : "#") : (utf8 ? "░" : ".");
  return text + (utf8 ? "" : "]");
}

std::string percent_text(int percent) {
  const std::string digits = std::to_string(percent);
  return std::string(3 - std::min<std::size_t>(digits.size(), 3), ' ') + digits + "%";
}

/// "131.2 MB of 312.4 MB  45.1 MB/s  4 s left"
std::string figures(const Download& download) {
  std::string text =
      size_text(download.bytes_done) + " of " + size_text(download.bytes_total.value_or(0));
  if (download.status == "downloading" && download.retries > 0)
    return text + "  stalled, retry " + std::to_string(download.retries);
  if (download.bytes_per_second) text += "  " + size_text(*download.bytes_per_second) + "/s";
  if (download.eta_seconds) text += "  " + duration_text(*download.eta_seconds) + " left";
  return text;
}

bool moves_bytes(const Download& download) {
  return download.bytes_total && *download.bytes_total > 0 &&
         (download.status == "downloading" || download.status == "paused");
}

std::string status_words(const Download& download) {
  if (download.status == "queued") return waiting_text(download);
  if (download.status == "resolving") return "asking the Hub for its files";
  if (download.status == "downloading") return "downloading";
  if (download.status == "verifying") return "verifying what arrived";
  if (download.status == "publishing") return "putting it into its folder";
  if (download.status == "paused") {
    return "paused; modelkeep resume " + std::to_string(download.id) + " lets it go on";
  }
  return shown(download.status);
}

int order_of(const DownloadFile& file) {
  if (file.status == "downloading" || file.status == "verifying") return 0;
  if (file.status == "failed") return 1;
  return file.status == "done" ? 3 : 2;
}

std::string file_line(const DownloadFile& file, const Screen& screen) {
  const int percent = percent_of(file.bytes_done, file.size_bytes);
  const std::string state =
      file.status == "downloading" ? percent_text(percent) : shown(file.status);
  const std::string tail = "  " + size_text(file.size_bytes) + "  " + state;
  const int room = std::max(screen.columns - 1 - 2 - columns_of(tail), 8);
  return "  " + fitted(shown(file.path), room, screen.utf8) + tail;
}

}  // namespace

std::string waiting_text(const Download& download) {
  const std::string& reason = download.wait_reason;
  std::string text = "queued";
  if (reason == "slot") text = "queued: starts as soon as a slot is free";
  if (reason == "order") text = "queued: waits for its turn";
  if (reason == "disk_full") text = "queued: waits for free disk space";
  if (reason == "storage_readonly") text = "queued: waits until the store can be written";
  if (reason == "upstream") text = "queued: waits until the Hub answers";
  if (reason == "rate_limited") text = "queued: the Hub asks us to wait";
  if (reason == "window") text = "queued: waits for its hours";
  if (download.position > 1) text += " (place " + std::to_string(download.position) + ")";
  return text;
}

std::string progress_text(const Download& download, const Screen& screen) {
  // The last column stays free: some terminals break the line when it is written.
  const int columns = screen.columns - 1;
  if (!moves_bytes(download)) return fitted(status_words(download), columns, screen.utf8);
  const int percent = percent_of(download.bytes_done, *download.bytes_total);
  const std::string tail = download.status == "paused" ? status_words(download) : figures(download);
  const std::string text = percent_text(percent) + "  " + tail;
  const int frame = screen.utf8 ? 2 : 4;
  const int room = std::min(columns - columns_of(text) - frame, kBarWidest);
  if (room < kBarNarrowest) return fitted(text, columns, screen.utf8);
  return bar(percent, room, screen.utf8) + "  " + text;
}

std::vector<std::string> file_lines(const Download& download, const Screen& screen,
                                    std::size_t lines_max) {
  std::vector<DownloadFile> files = download.files;
  std::ranges::stable_sort(files, {}, order_of);
  const bool all = files.size() <= lines_max;
  const std::size_t count = all ? files.size() : lines_max - 1;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) lines.push_back(file_line(files[i], screen));
  if (!all) {
    lines.push_back("  and " + count_text(static_cast<std::int64_t>(files.size() - count),
                                          "other file", "other files"));
  }
  return lines;
}

void ProgressView::show(const Download& download, std::int64_t mono_ms) {
  if (talk_.screen().terminal) {
    draw(download);
  } else {
    print_now_and_then(download, mono_ms);
  }
}

void ProgressView::draw(const Download& download) {
  std::vector<std::string> lines = {progress_text(download, talk_.screen())};
  if (per_file_) {
    const auto room = static_cast<std::size_t>(std::max(talk_.screen().rows - 3, 2));
    const std::vector<std::string> files =
        file_lines(download, talk_.screen(), std::min(room, kFileLinesMax));
    lines.insert(lines.end(), files.begin(), files.end());
  }
  std::string text = drawn_lines_ > 1 ? "\x1b[" + std::to_string(drawn_lines_ - 1) + "A" : "";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += (i == 0 ? "\r" : "\n") + lines[i] + "\x1b[K";
  }
  text += "\x1b[J";
  talk_.write(text);
  drawn_lines_ = static_cast<int>(lines.size());
}

void ProgressView::clear() {
  if (drawn_lines_ == 0) return;
  std::string text = drawn_lines_ > 1 ? "\x1b[" + std::to_string(drawn_lines_ - 1) + "A" : "";
  talk_.write(text + "\r\x1b[J");
  drawn_lines_ = 0;
}

void ProgressView::print_now_and_then(const Download& download, std::int64_t mono_ms) {
  if (per_file_) {
    for (const DownloadFile& file : download.files) {
      if (file.status != "done" || std::ranges::find(files_told_, file.path) != files_told_.end())
        continue;
      files_told_.push_back(file.path);
      talk_.line("  " + shown(file.path) + "  " + size_text(file.size_bytes) + "  done");
    }
  }
  const bool changed = download.status != last_status_;
  if (!changed && mono_ms - last_printed_ms_ < kPrintEveryMs) return;
  if (!changed && !moves_bytes(download)) return;
  last_status_ = download.status;
  last_printed_ms_ = mono_ms;
  std::string line = status_words(download);
  if (download.status == "downloading" && moves_bytes(download)) line += ": " + figures(download);
  talk_.line(line);
}

}  // namespace modelkeep::cli
