// Small and quick, one repository for each thing that a fetcher must get right.
#include <string>

#include "tests/hub/catalogs.h"
#include "tests/hub/model_files.h"
#include "tests/hub/repo_builder.h"
#include "tests/hub/weights.h"

namespace modelkeep::standin {
namespace {

const Card& tiny_card() {
  static const Card card{
      "Tiny", "A model for tests.", "mit", "text-generation", "transformers", {"tiny"},
      "tiny", "TinyForCausalLM"};
  return card;
}

const Architecture& tiny_shape() {
  static const Architecture shape{"model.embed_tokens.weight", "model.layers.", 100, 16, 1};
  return shape;
}

RepoBuilder tiny(std::string id, std::uint64_t seed) {
  RepoBuilder builder(std::move(id));
  add_card(builder, tiny_card());
  add_config(builder, tiny_card(), tiny_shape());
  add_safetensors(builder, tiny_shape(), Precision::f32, seed);
  return builder;
}

void add_access(Repos& repos) {
  RepoBuilder gated = tiny("test/gated", 11);
  gated.about().gate = Gate::files;
  repos.add(gated.build());
  RepoBuilder closed = tiny("test/gated-listing", 12);
  closed.about().gate = Gate::all;
  repos.add(closed.build());
  RepoBuilder hidden = tiny("test/private", 13);
  hidden.about().is_private = true;
  repos.add(hidden.build());
  RepoBuilder disabled = tiny("test/disabled", 14);
  disabled.about().disabled = true;
  repos.add(disabled.build());
}

void add_names(Repos& repos) {
  repos.add(tiny("test/renamed-new", 15).build());
  repos.add_alias("test/renamed-old", "test/renamed-new");
  repos.add_alias("legacy-tiny", "test/tiny");
  RepoBuilder odd("test/odd-names");
  odd.file("sub dir/we ird#name+100%.txt", "odd but legal\n");
  odd.file("a?b#c%41 d", "a question\n");
  odd.file("empty.txt", "");
  odd.file("folder/empty.bin", "");
  odd.file("a..b.txt", "two dots\n");
  odd.file("deep/1/2/3/4/5.txt", "deep\n");
  repos.add(odd.build());
}

void add_shapes(Repos& repos) {
  RepoBuilder many("test/many-files");
  for (int i = 0; i < 230; ++i) {
    many.file("data/part-" + std::to_string(1000 + i) + ".txt", "part " + std::to_string(i) + '\n');
  }
  repos.add(many.build());

  RepoBuilder medium("test/medium");
  medium.file("config.json", "{\"model_type\": \"tiny\"}\n");
  medium.file("model.safetensors",
              safetensors_content({{"weight", {1024, 2048}}}, Precision::f32, 21));
  repos.add(medium.build());

  RepoBuilder twin("test/twin-of-medium");
  twin.file("README.md", "# The same weights again\n");
  twin.file("model.safetensors",
            safetensors_content({{"weight", {1024, 2048}}}, Precision::f32, 21));
  repos.add(twin.build());

  RepoBuilder sharded("test/sharded");
  add_card(sharded, tiny_card());
  add_config(sharded, tiny_card(), tiny_shape());
  const Architecture shape{"model.embed_tokens.weight", "model.layers.", 500, 64, 4};
  add_sharded_safetensors(sharded, shape, Precision::bf16, 22, 3);
  repos.add(sharded.build());

  RepoBuilder formats("test/formats");
  add_card(formats, tiny_card());
  add_config(formats, tiny_card(), tiny_shape());
  add_tokenizer(formats, 50);
  add_safetensors(formats, tiny_shape(), Precision::f32, 23);
  formats.file("pytorch_model.bin", torch_content(tensors_of(tiny_shape()), 23));
  const Architecture blocks{"token_embd.weight", "blk.", 256, 256, 1};
  formats.file("tiny.Q4_K_M.gguf", gguf_content({"Tiny", blocks, Quant::q4_k}, 24));
  formats.file("tiny.Q8_0.gguf", gguf_content({"Tiny", blocks, Quant::q8_0}, 25));
  repos.add(formats.build());
}

// Three commits: a file changes, one goes, one comes; `dev` and `v1` stay behind; `refs/pr/1` goes
// ahead.
void add_history(Repos& repos) {
  RepoBuilder history = tiny("test/history", 31);
  history.file("old.txt", "only in the first commit\n");
  history.commit("First").tag("v1");
  history.remove("old.txt").file("new.txt", "since the second commit\n");
  history.commit("Second").branch("dev");
  add_safetensors(history, tiny_shape(), Precision::f32, 32);
  history.commit("Third");
  history.file("proposal.txt", "only in the proposal\n").pull_request(1);
  repos.add(history.build());
}

}  // namespace

void add_test_catalog(Repos& repos) {
  repos.add(tiny("test/tiny", 1).build());
  add_access(repos);
  add_names(repos);
  add_shapes(repos);
  add_history(repos);
}

}  // namespace modelkeep::standin
