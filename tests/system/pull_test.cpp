// From the store to a folder of this machine, by the program itself over the real nginx, and
// through the cache view on the mount.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class PullProgram : public RunningStore {
 protected:
  ProgramOptions command(std::vector<std::string> words) {
    ProgramOptions program;
    program.command = {MODELKEEP_BIN_DIR "/modelkeep"};
    program.command.insert(program.command.end(), words.begin(), words.end());
    program.set_variables = {
        {"MODELKEEP_SERVER", service().url()}, {"USER", "ana"}, {"HOME", service().scratch()}};
    program.log_file = service().scratch() + "/cli-" + std::to_string(++runs_) + ".log";
    program.reads_stdout = true;
    return program;
  }
  Finished run(std::vector<std::string> words) {
    return run_program(command(std::move(words)), 60'000);
  }
  static std::string read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return "(absent)";
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Every file of the model's folder is in `copy`, byte by byte.
  void expect_copy(const std::string& copy, const std::string& model_id) {
    const std::string folder = service().mount() + "/" + model_id;
    int files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string path = fs::relative(entry.path(), folder);
      EXPECT_TRUE(read(copy + "/" + path) == read(entry.path())) << path;
      ++files;
    }
    EXPECT_GT(files, 0);
  }

 private:
  int runs_ = 0;
};

TEST_F(PullProgram, copies_models_with_odd_names_large_files_and_many) {
  prepare({}, {});
  hub().add_repo("bench/large", 60'000'000);
  ASSERT_TRUE(service().start());
  for (const std::string name : {"test/odd-names", "test/many-files", "bench/large"}) {
    ASSERT_EQ(run({"download", name}).exit->status, 0) << name;
    std::string id = name;
    id[id.find('/')] = '_';
    const std::string to = service().scratch() + "/" + id;
    const Finished pulled = run({"pull", name, to});
    ASSERT_TRUE(pulled.exit && pulled.exit->status == 0) << name;
    EXPECT_EQ(pulled.output, to + "\n");
    expect_copy(to, id);
    const Finished again = run({"pull", name, to, "--json"});
    EXPECT_NE(again.output.find("\"bytes_fetched\":0"), std::string::npos) << again.output;
  }
}

TEST_F(PullProgram, is_killed_at_any_moment_and_goes_on) {
  prepare({}, {});
  hub().add_repo("bench/large", 60'000'000);
  ASSERT_TRUE(service().start());
  ASSERT_EQ(run({"download", "bench/large"}).exit->status, 0);
  const std::string to = service().scratch() + "/killed";
  for (int ms = 5; ms < 300; ms = ms * 3 / 2) {
    auto child = Program::start(command({"pull", "bench/large", to}));
    ASSERT_TRUE(child);
    system_clock().sleep_ms(ms);
    child->kill_now();
  }
  ASSERT_EQ(run({"pull", "bench/large", to}).exit->status, 0);
  expect_copy(to, "bench_large");
}

TEST_F(PullProgram, fills_a_cache_that_equals_the_view_on_the_mount) {
  ASSERT_TRUE(start());
  ASSERT_EQ(run({"download", "test/sharded"}).exit->status, 0);
  const std::string to = service().scratch() + "/cache";
  ASSERT_EQ(run({"pull", "test/sharded", to, "--hf-cache"}).exit->status, 0);
  const std::string repo = "/models--test--sharded";
  const std::string view = service().mount() + "/.modelkeep/hf-cache" + repo;
  ASSERT_EQ(read(view + "/refs/main").size(), 40U);
  EXPECT_EQ(read(to + repo + "/refs/main"), read(view + "/refs/main"));
  int links = 0;
  for (const auto& entry : fs::recursive_directory_iterator(view + "/snapshots")) {
    if (!entry.is_symlink()) continue;
    const std::string name = entry.path().string().substr(view.size());
    EXPECT_EQ(fs::read_symlink(to + repo + name), fs::read_symlink(entry.path())) << name;
    EXPECT_TRUE(read(to + repo + name) == read(entry.path())) << name;
    ++links;
  }
  EXPECT_GT(links, 3);
}

TEST_F(PullProgram, the_view_comes_back_by_itself_for_models_that_are_stored) {
  ASSERT_TRUE(start());
  ASSERT_EQ(run({"download", "test/tiny"}).exit->status, 0);
  ASSERT_TRUE(service().stop());
  fs::remove_all(service().mount() + "/.modelkeep/hf-cache");
  ASSERT_TRUE(service().start());
  const std::string ref = service().mount() + "/.modelkeep/hf-cache/models--test--tiny/refs/main";
  EXPECT_TRUE(wait_until([&] { return fs::exists(ref); }, 20'000));
}

}  // namespace
}  // namespace modelkeep::system_test
