#include "cli/output.h"

#include <cerrno>
#include <map>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "cli/table.h"

namespace modelkeep::cli {
namespace {

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
}

const std::vector<Column> kColumns = {{"NAME", false, true}, {"SIZE", true, false}, {"STATUS"}};
const std::vector<Row> kRows = {
    {{"google/flan-t5-small"}, {"312.4 MB"}, {"ready", Style::good}},
    {{"evil\x1b[2Jname"}, {"1 B"}, {"failed", Style::bad}},
};

TEST(Output, a_file_is_no_terminal_and_gets_neither_colour_nor_bars) {
  const Fd file(memfd_create("out", MFD_CLOEXEC));
  const Screen screen = screen_of(file.get(), environment_of({{"TERM", "xterm"}}));
  EXPECT_FALSE(screen.terminal);
  EXPECT_FALSE(screen.colour);
}

TEST(Output, a_terminal_gets_colours_unless_NO_COLOR_or_TERM_forbid_them) {
  const Fd terminal(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal) << "this machine has no pseudo terminals";
  EXPECT_TRUE(screen_of(terminal.get(), environment_of({{"TERM", "xterm"}})).colour);
  EXPECT_FALSE(
      screen_of(terminal.get(), environment_of({{"TERM", "xterm"}, {"NO_COLOR", "1"}})).colour);
  EXPECT_TRUE(
      screen_of(terminal.get(), environment_of({{"TERM", "xterm"}, {"NO_COLOR", "1"}})).terminal);
  EXPECT_FALSE(screen_of(terminal.get(), environment_of({{"TERM", "dumb"}})).terminal);
}

TEST(Output, remembers_the_first_write_that_failed_and_writes_no_more) {
  const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  Output out(full.get(), {});
  EXPECT_EQ(out.failure(), 0);
  out.line("lost");
  EXPECT_EQ(out.failure(), ENOSPC);
}

TEST(Table, columns_are_aligned_and_cells_escaped) {
  const Output out(-1, {});
  EXPECT_EQ(table_text(kColumns, kRows, out),
            "NAME                      SIZE  STATUS\n"
            "google/flan-t5-small  312.4 MB  ready\n"
            "evil\\x1b[2Jname            1 B  failed\n");
}

TEST(Table, shrinks_to_the_terminal_and_leaves_figures_whole) {
  Screen screen;
  screen.terminal = true;
  screen.utf8 = true;
  screen.columns = 30;
  const Output out(-1, screen);
  EXPECT_EQ(table_text(kColumns, kRows, out),
            "NAME              SIZE  STATUS\n"
            "google/flan…  312.4 MB  ready\n"
            "evil\\x1b[2J…       1 B  failed\n");
}

TEST(Table, is_not_cut_for_a_file) {
  Screen screen;
  screen.columns = 20;
  const Output out(-1, screen);
  EXPECT_NE(table_text(kColumns, kRows, out).find("google/flan-t5-small"), std::string::npos);
}

TEST(Table, colours_do_not_disturb_the_columns) {
  Screen screen;
  screen.colour = true;
  const Output out(-1, screen);
  const std::string text = table_text(kColumns, kRows, out);
  EXPECT_NE(text.find("\x1b[32mready\x1b[0m"), std::string::npos);
  EXPECT_EQ(text.find("\x1b[2J"), std::string::npos);
}

TEST(Facts, leave_out_what_is_not_known) {
  const Output out(-1, {});
  EXPECT_EQ(facts_text({{"name", "gpt2"}, {"licence", ""}, {"description", "a\nb"}}, out),
            "name         gpt2\n"
            "description  a\\nb\n");
}

}  // namespace
}  // namespace modelkeep::cli
