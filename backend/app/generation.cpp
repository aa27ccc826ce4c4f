#include "app/generation.h"

#include <thread>

#include <unistd.h>

#include "app/unix_listener.h"

namespace modelkeep::app {
namespace {

// Only a fetcher talks to the Hub: nobody else has a use for its token.
const std::vector<std::string> kTokenVariables = {"HF_TOKEN", "HUGGINGFACE_TOKEN",
                                                  "HUGGING_FACE_HUB_TOKEN"};
// Each arena of malloc keeps pages of its own; the threads of a worker allocate little and briefly.
const std::vector<std::string> kSmallHeap = {"MALLOC_ARENA_MAX=2"};

std::string listen_option() {
  return "--listen-fd=" + std::to_string(kFirstPassedFd);
}

}  // namespace

Result<Pools> open_pools(const storage::Layout& layout) {
  Pools pools;
  pools.worker_path = layout.worker_socket(storage::Pool::worker, 1);
  pools.long_path = layout.worker_socket(storage::Pool::long_answers, 1);
  pools.stream_path = layout.worker_socket(storage::Pool::streams, 1);
  pools.worker = TRY(listen_on_unix(pools.worker_path));
  pools.long_answers = TRY(listen_on_unix(pools.long_path));
  pools.streams = TRY(listen_on_unix(pools.stream_path));
  return pools;
}

void close_pools(Pools& pools) {
  unlink(pools.worker_path.c_str());
  unlink(pools.long_path.c_str());
  unlink(pools.stream_path.c_str());
  pools = Pools();
}

PoolPlan plan_for(const Config& config) {
  return plan_pool(config.workers, static_cast<int>(std::thread::hardware_concurrency()));
}

std::vector<ChildSpec> worker_specs(int generation, const Pools& pools, const Config& config,
                                    const std::string& binary, int family_fd) {
  std::vector<ChildSpec> specs;
  const PoolPlan plan = plan_for(config);
  ChildSpec worker;
  worker.role = Role::worker;
  worker.generation = generation;
  worker.command.program = binary;
  worker.command.arguments = {"worker", listen_option(),
                              "--threads=" + std::to_string(plan.threads),
                              "--at-once=" + std::to_string(plan.at_once)};
  worker.command.descriptors = {pools.worker.get(), family_fd};
  worker.command.set_variables = kSmallHeap;
  worker.command.unset_variables = kTokenVariables;
  specs.assign(static_cast<std::size_t>(config.workers), worker);

  worker.role = Role::long_worker;
  worker.command.arguments = {"worker", "--pool=long", listen_option(),
                              "--threads=" + std::to_string(kLongPoolThreads)};
  worker.command.descriptors = {pools.long_answers.get(), family_fd};
  specs.push_back(worker);

  if (!config.pull_through()) return specs;
  worker.role = Role::stream_worker;
  worker.command.arguments = {"worker", "--pool=streams", listen_option(),
                              "--threads=" + std::to_string(kStreamPoolThreads)};
  worker.command.descriptors = {pools.streams.get(), family_fd};
  specs.push_back(worker);
  return specs;
}

std::vector<ChildSpec> fetcher_specs(const Config& config, const std::string& binary, int fetch_fd,
                                     int family_fd) {
  ChildSpec fetcher;
  fetcher.role = Role::fetcher;
  fetcher.command.program = binary;
  fetcher.command.descriptors = {fetch_fd, family_fd};
  fetcher.command.set_variables = kSmallHeap;
  std::vector<ChildSpec> specs;
  specs.reserve(static_cast<std::size_t>(config.fetchers));
  for (int i = 1; i <= config.fetchers; ++i) {
    fetcher.command.arguments = {"fetch", listen_option(), "--number=" + std::to_string(i)};
    specs.push_back(fetcher);
  }
  return specs;
}

ChildSpec nginx_spec(const storage::Layout& layout, const std::string& nginx,
                     const std::vector<int>& listen_fds, int family_fd) {
  ChildSpec spec;
  spec.role = Role::nginx;
  spec.reports = false;
  spec.command.program = nginx;
  spec.command.arguments = {
      "-e", "stderr", "-c", layout.nginx_conf(), "-p", layout.run_dir() + "/"};
  spec.command.descriptors = listen_fds;
  spec.command.descriptors.push_back(family_fd);
  // As at nginx's own upgrade: it takes the listening sockets over instead of binding them, so
  // while nginx is replaced connections wait and none is refused.
  std::string passed = "NGINX=";
  for (std::size_t i = 0; i < listen_fds.size(); ++i) {
    passed += std::to_string(kFirstPassedFd + static_cast<int>(i)) + ";";
  }
  spec.command.set_variables = {passed};
  spec.command.unset_variables = kTokenVariables;
  return spec;
}

}  // namespace modelkeep::app
