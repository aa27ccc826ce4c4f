#include "tests/system/service.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/check.h"
#include "tests/system/wait_until.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLogTailBytes = 12'000;

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// Pages as small as pages can be: nginx is what is tested, not what npm builds.
void make_web_root(const fs::path& root) {
  write_text(root / "index.html", "<!doctype html><title>Modelkeep</title>");
  write_text(root / "assets/app-0123abcd.js", "'use strict';");
  write_text(root / "assets/app-0123abcd.css", "body{}");
}

std::string default_mount(const TempFolder& folder) {
  const std::string mount = folder.path() + "/mount";
  fs::create_directories(mount);
  return mount;
}

}  // namespace

int free_port() {
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  CHECK(bind(socket.get(), reinterpret_cast<sockaddr*>(&where), size) == 0);
  CHECK(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&where), &size) == 0);
  return ntohs(where.sin_port);
}

Service::Service(ServiceOptions options)
    : options_(std::move(options)),
      layout_(options_.mount.empty() ? default_mount(folder_) : options_.mount, options_.state_dir),
      port_(free_port()) {
  make_web_root(folder_.path() + "/web");
}

Service::~Service() {
  if (program_ && program_->running()) {
    program_->signal(SIGTERM);
    program_->wait(20'000);
  }
  kill_everything();
  if (testing::Test::HasFailure()) {
    const std::string text = log();
    const std::size_t from = text.size() > kLogTailBytes ? text.size() - kLogTailBytes : 0;
    std::cerr << "---- the end of the service's log\n" << text.substr(from) << "----\n";
  }
}

Variables Service::variables() const {
  Variables set = {
      {"MODELS_MOUNT_POINT", layout_.mount()},
      {"MODELKEEP_STATE_DIR", layout_.state_dir()},
      {"MODELKEEP_LISTEN", "127.0.0.1:" + std::to_string(port_)},
      {"MODELKEEP_WORKERS", "2"},
      {"MODELKEEP_FETCHERS", "2"},
      {"MODELKEEP_WEB_ROOT", folder_.path() + "/web"},
      {"MODELKEEP_STORAGE_RESERVE_BYTES", "0"},
      {"HF_ENDPOINT", options_.upstream.empty() ? "http://127.0.0.1:1" : options_.upstream},
      {"HOME", folder_.path()},
  };
  for (const auto& [name, value] : options_.environment) set[name] = value;
  return set;
}

ProgramOptions Service::command(const std::vector<std::string>& words) const {
  ProgramOptions program;
  program.command = {MODELKEEP_BIN_DIR "/modelkeepd"};
  program.command.insert(program.command.end(), words.begin(), words.end());
  program.set_variables = variables();
  program.log_file = folder_.path() + "/service.log";
  return program;
}

bool Service::launch() {
  program_ = Program::start(command({"run"}));
  return program_.has_value();
}

bool Service::start(std::int64_t timeout_ms) {
  const std::size_t readied_before = times_readied();
  if (!launch()) return false;
  // The first worker may answer while the second is still to come.
  const auto all_ready = [&] { return times_readied() > readied_before && healthy(); };
  const bool answers =
      wait_until([&] { return all_ready() || !running(); }, timeout_ms) && running();
  EXPECT_TRUE(answers) << "the service did not come up";
  return answers;
}

void Service::expect_nobody_left() const {
  // nginx's workers may take a moment after their master to be gone from /proc.
  const bool gone = wait_until([&] { return everyone().empty(); }, 1'000);
  EXPECT_TRUE(gone);
  for (const Process& left : everyone()) {
    ADD_FAILURE() << "left behind: " << left.pid << " " << left.command << " " << left.state;
  }
}

std::optional<Exit> Service::stop(std::int64_t timeout_ms) {
  if (!program_) return std::nullopt;
  program_->signal(SIGTERM);
  const auto exit = program_->wait(timeout_ms);
  EXPECT_TRUE(exit.has_value()) << "still there " << timeout_ms << " ms after SIGTERM";
  expect_nobody_left();
  return exit;
}

void Service::kill_everything() {
  // Until nobody is left: a child may be born between the look and the kill.
  wait_until(
      [this] {
        std::vector<Process> all = everyone();
        for (const Process& process : all) kill(process.pid, SIGKILL);
        if (program_) program_->kill_now();
        return all.empty();
      },
      10'000, 5);
}

bool Service::running() {
  return program_ && program_->running();
}

bool Service::healthy() {
  Client asking = client();
  asking.set_timeout_ms(5'000);
  return asking.get("/api/health").status == 200;
}

bool Service::wait_healthy(std::int64_t timeout_ms) {
  return wait_until([this] { return healthy(); }, timeout_ms, 10);
}

void Service::signal_master(int number) const {
  if (program_) program_->signal(number);
}

pid_t Service::master() const {
  return program_ ? program_->pid() : -1;
}

std::vector<pid_t> Service::pids(Role role) const {
  std::vector<pid_t> found;
  for (const Process& process : everyone()) {
    if (process.role == role) found.push_back(process.pid);
  }
  return found;
}

int Service::signal_role(Role role, int number) const {
  const std::vector<pid_t> found = pids(role);
  for (const pid_t pid : found) kill(pid, number);
  return static_cast<int>(found.size());
}

std::vector<Process> Service::everyone() const {
  // Every process of one service inherits the family's lock file.
  std::vector<Process> found = holders_of(layout_.lock("family"));
  for (Process& process : family_of(master() > 0 ? master() : -2)) {
    const auto same = [&](const Process& other) { return other.pid == process.pid; };
    if (std::none_of(found.begin(), found.end(), same)) found.push_back(std::move(process));
  }
  std::erase_if(found, [](const Process& process) { return process.state == 'Z'; });
  return found;
}

std::string Service::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::size_t Service::times_readied() const {
  constexpr std::string_view kReady = "event=service.ready";
  const std::string text = log();
  std::size_t times = 0;
  for (std::size_t at = 0; (at = text.find(kReady, at)) != std::string::npos; ++at) ++times;
  return times;
}

std::string Service::log() const {
  std::ifstream in(folder_.path() + "/service.log", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace modelkeep::system_test
