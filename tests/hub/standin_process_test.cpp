// The program itself: what it prints, how it ends.
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/fd.h"
#include "tests/hub/raw_client.h"

namespace modelkeep::standin {
namespace {

struct Child {
  pid_t pid = -1;
  Fd out;
};

Child start(std::vector<std::string> arguments) {
  std::array<int, 2> ends{};
  EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  arguments.insert(arguments.begin(), STANDIN_HUB_PROGRAM);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  Child child;
  child.pid = fork();
  if (child.pid == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  child.out = Fd{ends[0]};
  return child;
}

std::string first_line(const Child& child) {
  std::string line;
  for (char byte = 0; read(child.out.get(), &byte, 1) == 1 && byte != '\n';) line += byte;
  return line;
}

int end(const Child& child, int signal) {
  kill(child.pid, signal);
  int status = 0;
  waitpid(child.pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST(StandinProgram, prints_its_url_and_ends_on_sigterm) {
  const Child child = start({"--port", "0", "--catalog", "test", "--print-url"});
  const std::string url = first_line(child);
  EXPECT_TRUE(url.starts_with("http://127.0.0.1:")) << url;
  EXPECT_EQ(get(url + "/api/models/test/tiny").status, 200);
  EXPECT_EQ(end(child, SIGTERM), 0);
}

TEST(StandinProgram, lives_on_when_a_client_leaves_in_the_middle_of_a_file) {
  std::string folder = (std::filesystem::temp_directory_path() / "standin-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  // On the disk, and so sent by sendfile; longer than the client waits for.
  const Child child = start({"--data-dir", folder, "--make", "bench/large=model.bin:64MiB:1"});
  const std::string url = first_line(child);
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(follow(url + "/bench/large/resolve/main/model.bin").status, 200) << i;
  EXPECT_EQ(get(url + "/_standin/repos").status, 200);
  EXPECT_EQ(end(child, SIGTERM), 0);
  std::filesystem::remove_all(folder);
}

TEST(StandinProgram, ends_when_its_parent_does) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    const Child child = start({"--exit-with-parent"});
    const std::string url = first_line(child) + '\n';
    if (write(ends[1], url.data(), url.size()) < 0) _exit(1);
    pause();
    _exit(0);
  }
  close(ends[1]);
  const std::string url = first_line({parent, Fd{ends[0]}});
  EXPECT_EQ(get(url + "/_standin/repos").status, 200);
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  int tries = 0;
  while (get(url + "/_standin/repos").status == 200 && ++tries < 200) usleep(10'000);
  EXPECT_LT(tries, 200);
}

TEST(StandinProgram, makes_files_of_any_size_and_keeps_them) {
  std::string folder = testing::TempDir() + "standin-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  for (int run = 0; run < 2; ++run) {
    const Child child = start({"--make", "bench/one=model.bin:300KiB", "--make",
                               "bench/many=f.bin:1KiB:12", "--data-dir", folder});
    const std::string url = first_line(child);
    const std::string tree = get(url + "/api/models/bench/one/tree/main").body;
    const RawAnswer answer = follow(url + "/bench/one/resolve/main/model.bin");
    EXPECT_EQ(answer.body.size(), 300U * 1024);
    EXPECT_NE(tree.find(sha256_hex(answer.body)), std::string::npos) << tree;
    EXPECT_EQ(follow(url + "/bench/many/resolve/main/f-07.bin").body.size(), 1024U);
    EXPECT_EQ(end(child, SIGTERM), 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

TEST(StandinProgram, refuses_what_it_does_not_know) {
  for (const char* option : {"--cataloge", "--catalog", "--rate-total=1"}) {
    EXPECT_EQ(end(start({option}), 0), 2) << option;
  }
}

}  // namespace
}  // namespace modelkeep::standin
