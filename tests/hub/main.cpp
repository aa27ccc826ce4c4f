// standin_hub: reads its options, listens, prints its URL, waits for SIGTERM.
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <sys/prctl.h>
#include <unistd.h>

#include "tests/hub/catalogs.h"
#include "tests/hub/made_repos.h"
#include "tests/hub/options.h"
#include "tests/hub/standin_hub.h"

namespace {

using namespace modelkeep;
using namespace modelkeep::standin;

// So that a demo's queue can be watched filling.
constexpr std::uint64_t kDemoBytesPerSecond = 12'000'000;

Result<> fill(Repos& repos, const Options& options) {
  for (const std::string& catalog : options.catalogs) {
    if (catalog == "demo") add_demo_catalog(repos);
    if (catalog == "test") add_test_catalog(repos);
    if (catalog == "hostile") add_hostile_catalog(repos);
  }
  for (const MadeRepo& made : options.made) {
    TRY(add_made_repo(repos, made, options.data_dir));
  }
  return {};
}

Result<> run(Options options, const sigset_t& signals) {
  const bool demo = !options.catalogs.empty() && options.catalogs.front() == "demo";
  if (demo && options.hub.rate_total == 0) options.hub.rate_total = kDemoBytesPerSecond;
  const auto hub =
      TRY(StandinHub::start(options.hub, [&](Repos& repos) { return fill(repos, options); }));
  for (const std::string& fault : options.faults) TRY(hub->add_faults(fault));
  std::printf("%s\n", hub->url().c_str());
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse_options(std::vector<std::string_view>(argv + 1, argv + argc));
  if (!options) {
    std::fprintf(stderr, "standin_hub: %s\n", options.error().message.c_str());
    return 2;
  }
  if (options->help) {
    std::fwrite(usage().data(), 1, usage().size(), stdout);
    return 0;
  }
  // A client may leave while sendfile sends to it, which takes no flag against the signal.
  std::signal(SIGPIPE, SIG_IGN);
  // Blocked before any thread starts, so that only sigwait sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  if (options->exit_with_parent) {
    const pid_t parent = getppid();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    // The parent may have died before the kernel knew that we care.
    if (getppid() != parent || parent == 1) return 0;
  }
  const auto ran = run(*options, signals);
  if (ran) return 0;
  std::fprintf(stderr, "standin_hub: %s\n", ran.error().message.c_str());
  return 1;
}
