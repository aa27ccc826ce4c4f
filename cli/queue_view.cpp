#include "cli/queue_view.h"

#include <algorithm>

#include "cli/progress.h"
#include "cli/table.h"
#include "cli/terminal_text.h"
#include "cli/units.h"

namespace modelkeep::cli {
namespace {

constexpr std::int64_t kTellEveryMs = 10'000;
constexpr int kIndent = 2;

constexpr const char* kHideCursor = "\x1b[?25l";
constexpr const char* kShowCursor = "\x1b[?25h";

std::string name_of(const Download& download) {
  const bool plain = download.revision.empty() || download.revision == "main";
  return download.model_name + (plain ? "" : "@" + download.revision);
}

std::string bytes_text(const Download& download) {
  if (!download.bytes_total) return "-";
  return size_text(download.bytes_done) + " of " + size_text(*download.bytes_total);
}

std::string state_text(const Download& download) {
  if (download.status == "queued") return waiting_text(download);
  if (download.status == "failed") return "failed: " + download.error;
  if (download.status == "downloading" && download.retries > 0)
    return "stalled, retry " + std::to_string(download.retries);
  std::string text = download.status;
  if (download.bytes_per_second) text += ", " + size_text(*download.bytes_per_second) + "/s";
  if (download.eta_seconds) text += ", " + duration_text(*download.eta_seconds) + " left";
  return text;
}

Style style_of(const Download& download) {
  if (download.status == "failed") return Style::bad;
  if (download.status == "ready") return Style::good;
  return download.status == "paused" || download.status == "cancelled" ? Style::dim : Style::warn;
}

std::string askers(const Download& download) {
  if (download.requested_by.empty()) return "-";
  std::string text = download.requested_by.front().username;
  if (download.requested_by.size() > 1)
    text += " +" + std::to_string(download.requested_by.size() - 1);
  return text;
}

/// Running ones first, then the queue in its order, then what is paused.
std::vector<Download> in_order(std::vector<Download> downloads) {
  const auto rank = [](const Download& download) {
    if (download.status == "queued") return 1;
    return download.status == "paused" ? 2 : 0;
  };
  std::ranges::stable_sort(downloads, [&](const Download& a, const Download& b) {
    if (rank(a) != rank(b)) return rank(a) < rank(b);
    return rank(a) == 1 ? a.position < b.position : a.id < b.id;
  });
  return downloads;
}

std::string title_of(const Download& download) {
  std::string title = std::to_string(download.id) + "  " + name_of(download);
  if (download.priority == "high" || download.priority == "low")
    title += "  (" + download.priority + ")";
  if (!download.requested_by.empty()) title += "  for " + askers(download);
  return shown(title);
}

}  // namespace

std::string queue_table(const std::vector<Download>& downloads, const Output& out) {
  std::vector<Row> rows;
  for (const Download& download : downloads) {
    rows.push_back({{std::to_string(download.id)},
                    {name_of(download)},
                    {bytes_text(download)},
                    {askers(download)},
                    {state_text(download), style_of(download)}});
  }
  return table_text({{"NUMBER", true},
                     {"MODEL", false, true},
                     {"SIZE"},
                     {"ASKED BY", false, true},
                     {"STATUS", false, true}},
                    rows, out);
}

std::vector<std::string> queue_frame(const QueueHead& head, const std::vector<Download>& downloads,
                                     const Output& out) {
  const Screen& screen = out.screen();
  // The last column stays free: some terminals break the line when it is written.
  const int columns = screen.columns - 1;
  std::vector<std::string> lines;
  lines.push_back(out.painted(head.trouble ? Style::bad : Style::bold,
                              fitted(shown(head.text), columns, screen.utf8)));
  if (downloads.empty())
    lines.push_back(fitted("nothing is being downloaded", columns, screen.utf8));
  const auto room = static_cast<std::size_t>(std::max((screen.rows - 3) / 2, 1));
  const std::vector<Download> ordered = in_order(downloads);
  const std::size_t count = std::min(room, ordered.size());
  Screen inner = screen;
  inner.columns = std::max(screen.columns - kIndent, 1);
  for (std::size_t i = 0; i < count; ++i) {
    lines.push_back(fitted(title_of(ordered[i]), columns, screen.utf8));
    lines.push_back(std::string(kIndent, ' ') +
                    out.painted(style_of(ordered[i]), progress_text(ordered[i], inner)));
  }
  if (ordered.size() > count) {
    const auto others = static_cast<std::int64_t>(ordered.size() - count);
    lines.push_back(fitted("and " + count_text(others, "other", "others"), columns, screen.utf8));
  }
  return lines;
}

void QueueView::show(const QueueHead& head, const std::vector<Download>& downloads,
                     std::int64_t mono_ms) {
  if (out_.screen().terminal) {
    draw(head, downloads);
  } else {
    tell_changes(head, downloads, mono_ms);
  }
}

std::string QueueView::farewell() const {
  return out_.screen().terminal ? std::string(kShowCursor) + "\n" : std::string();
}

void QueueView::draw(const QueueHead& head, const std::vector<Download>& downloads) {
  const std::vector<std::string> lines = queue_frame(head, downloads, out_);
  std::string text = kHideCursor;
  if (drawn_lines_ > 1) text += "\x1b[" + std::to_string(drawn_lines_ - 1) + "A";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += (i == 0 ? "\r" : "\n") + lines[i] + "\x1b[K";
  }
  out_.write(text + "\x1b[J");
  drawn_lines_ = lines.size();
}

void QueueView::tell_changes(const QueueHead& head, const std::vector<Download>& downloads,
                             std::int64_t mono_ms) {
  if (head.trouble != trouble_told_) out_.line(shown(head.text));
  trouble_told_ = head.trouble;
  if (head.trouble) return;
  std::map<std::int64_t, Told> seen;
  for (const Download& download : in_order(downloads)) {
    const auto before = told_.find(download.id);
    const std::string status = download.status + download.wait_reason;
    const bool moves = download.status == "downloading";
    Told now{status, mono_ms, name_of(download)};
    const bool same = before != told_.end() && before->second.status == status;
    if (same && !(moves && mono_ms - before->second.at_ms >= kTellEveryMs)) {
      now.at_ms = before->second.at_ms;
    } else {
      std::string line = std::to_string(download.id) + "  " + name_of(download) + "  ";
      line += state_text(download);
      if (moves && download.bytes_total) line += ", " + bytes_text(download);
      out_.line(shown(line));
    }
    seen.emplace(download.id, std::move(now));
  }
  for (const auto& [id, told] : told_) {
    if (!seen.contains(id))
      out_.line(shown(std::to_string(id) + "  " + told.name + "  has left the queue"));
  }
  told_ = std::move(seen);
}

}  // namespace modelkeep::cli
