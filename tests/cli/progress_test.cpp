#include "cli/progress.h"

#include <array>

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

Screen terminal(int columns, bool utf8 = true) {
  Screen screen;
  screen.terminal = true;
  screen.utf8 = utf8;
  screen.columns = columns;
  return screen;
}

Download running() {
  Download download;
  download.id = 12;
  download.model_name = "google/flan-t5-small";
  download.status = "downloading";
  download.bytes_done = 131'200'000;
  download.bytes_total = 312'400'000;
  download.bytes_per_second = 45'100'000;
  download.eta_seconds = 4;
  download.files = {{"config.json", 1'400, 1'400, "done"},
                    {"model.safetensors", 307'900'000, 131'198'600, "downloading"},
                    {"spiece.model", 791'656, 0, "pending"}};
  return download;
}

std::string text_in(const Fd& file) {
  std::array<char, 8192> block{};
  const ssize_t count = ::pread(file.get(), block.data(), block.size(), 0);
  return {block.data(), static_cast<std::size_t>(count > 0 ? count : 0)};
}

TEST(Progress, shows_bar_share_bytes_speed_and_time_left) {
  EXPECT_EQ(progress_text(running(), terminal(100, false)),
            "[################........................]   41%  131.2 MB of 312.4 MB  45.1 MB/s  4 "
            "s left");
  EXPECT_NE(progress_text(running(), terminal(100)).find("█"), std::string::npos);
}

TEST(Progress, never_reaches_the_last_column) {
  for (int columns = 20; columns < 130; ++columns) {
    for (const bool utf8 : {true, false}) {
      EXPECT_LT(columns_of(progress_text(running(), terminal(columns, utf8))), columns);
    }
  }
}

TEST(Progress, is_100_percent_only_with_the_last_byte) {
  Download download = running();
  download.bytes_done = *download.bytes_total - 1;
  EXPECT_NE(progress_text(download, terminal(100)).find(" 99%"), std::string::npos);
  download.bytes_done = *download.bytes_total;
  EXPECT_NE(progress_text(download, terminal(100)).find("100%"), std::string::npos);
}

TEST(Progress, says_what_a_download_waits_for) {
  Download download = running();
  download.status = "queued";
  download.wait_reason = "disk_full";
  download.position = 3;
  EXPECT_EQ(progress_text(download, terminal(100)), "queued: waits for free disk space (place 3)");
  download.wait_reason = "of another kind";
  EXPECT_EQ(waiting_text(download), "queued (place 3)");
}

TEST(Progress, survives_figures_that_cannot_be) {
  Download download = running();
  download.bytes_total = 0;
  EXPECT_EQ(progress_text(download, terminal(100)), "downloading");
  download.bytes_total = 10;
  download.bytes_done = -5;
  EXPECT_NE(progress_text(download, terminal(100)).find("  0%"), std::string::npos);
  download.bytes_done = 99;
  EXPECT_NE(progress_text(download, terminal(100)).find("100%"), std::string::npos);
}

TEST(Progress, lists_moving_files_first_and_tells_how_many_are_left_out) {
  const std::vector<std::string> lines = file_lines(running(), terminal(60), 2);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], "  model.safetensors  307.9 MB   42%");
  EXPECT_EQ(lines[1], "  and 2 other files");
}

TEST(Progress, draws_over_itself_on_a_terminal) {
  const Fd file(memfd_create("talk", MFD_CLOEXEC));
  Output talk(file.get(), terminal(60));
  ProgressView view(talk, true);
  view.show(running(), 0);
  view.show(running(), 500);
  view.clear();
  const std::string text = text_in(file);
  // Four lines: back up by three before the second drawing and before the clearing.
  EXPECT_NE(text.find("\x1b[3A\r"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\x1b[3A\r\x1b[J"));
}

TEST(Progress, prints_changes_and_a_line_every_ten_seconds_off_a_terminal) {
  const Fd file(memfd_create("talk", MFD_CLOEXEC));
  Output talk(file.get(), {});
  ProgressView view(talk, false);
  Download download = running();
  for (std::int64_t ms = 0; ms <= 20'000; ms += 500) view.show(download, ms);
  download.status = "verifying";
  view.show(download, 20'500);
  view.clear();
  EXPECT_EQ(text_in(file),
            "downloading: 131.2 MB of 312.4 MB  45.1 MB/s  4 s left\n"
            "downloading: 131.2 MB of 312.4 MB  45.1 MB/s  4 s left\n"
            "downloading: 131.2 MB of 312.4 MB  45.1 MB/s  4 s left\n"
            "verifying what arrived\n");
}

}  // namespace
}  // namespace modelkeep::cli
