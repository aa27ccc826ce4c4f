#include "tests/hub/model_files.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/json.h"

namespace modelkeep::standin {
namespace {

std::string front_matter(const Card& card) {
  std::string text = "---\nlicense: " + card.license + "\npipeline_tag: " + card.pipeline_tag +
                     "\nlibrary_name: " + card.library_name + "\ntags:\n";
  for (const std::string& tag : card.tags) text += "- " + tag + '\n';
  return text + "---\n";
}

std::uint64_t bytes_per_element(Precision precision) {
  return precision == Precision::f32 ? 4 : 2;
}

std::string dtype_of(Precision precision) {
  constexpr std::array<const char*, 3> kNames{"F32", "F16", "BF16"};
  return kNames.at(static_cast<std::size_t>(precision));
}

void note_parameters(Repo& repo, const std::vector<Tensor>& tensors, Precision precision) {
  repo.parameters = element_count(tensors);
  repo.dtype = dtype_of(precision);
}

std::string shard_name(std::size_t shard, std::size_t shards) {
  std::array<char, 64> name{};
  std::snprintf(name.data(), name.size(), "model-%05zu-of-%05zu.safetensors", shard + 1, shards);
  return name.data();
}

}  // namespace

void add_card(RepoBuilder& builder, const Card& card) {
  Repo& repo = builder.about();
  repo.license = card.license;
  repo.pipeline_tag = card.pipeline_tag;
  repo.library_name = card.library_name;
  repo.tags = card.tags;
  repo.model_type = card.model_type;
  repo.architecture = card.architecture;
  std::string text =
      front_matter(card) + "\n# " + card.title + "\n\n" + card.about +
      "\n\n> **This is a stand-in.** The files have the names and formats of the real "
      "model, but their contents are\n> small and generated: the numbers mean nothing.\n";
  if (card.library_name == "transformers") {
    text +=
        "\n## How to use\n\n```python\nfrom transformers import AutoModel, AutoTokenizer\n\n"
        "tokenizer = AutoTokenizer.from_pretrained(\"" +
        repo.id +
        "\")\n"
        "model = AutoModel.from_pretrained(\"" +
        repo.id + "\")\n```\n";
  }
  text += "\n## Limits\n\n| | |\n|---|---|\n| Licence | " + card.license + " |\n| Task | " +
          card.pipeline_tag + " |\n";
  builder.file("README.md", std::move(text));
  builder.file(".gitattributes",
               "*.safetensors filter=lfs diff=lfs merge=lfs -text\n"
               "*.bin filter=lfs diff=lfs merge=lfs -text\n"
               "*.gguf filter=lfs diff=lfs merge=lfs -text\n");
}

void add_config(RepoBuilder& builder, const Card& card, const Architecture& shape) {
  json::Writer out;
  out.begin_object().key("architectures").begin_array().value(card.architecture).end_array();
  out.member("model_type", card.model_type).member("hidden_size", shape.width);
  out.member("num_hidden_layers", shape.layers).member("num_attention_heads", 4);
  out.member("intermediate_size", 4 * shape.width).member("vocab_size", shape.vocabulary);
  out.member("max_position_embeddings", 512).member("torch_dtype", "float32");
  builder.file("config.json", out.end_object().take() + '\n');
}

void add_tokenizer(RepoBuilder& builder, std::uint64_t vocabulary) {
  json::Writer out;
  out.begin_object().member("version", "1.0").key("truncation").null().key("padding").null();
  out.key("added_tokens").begin_array().end_array().key("normalizer").null();
  out.key("pre_tokenizer").begin_object().member("type", "Whitespace").end_object();
  out.key("post_processor").null().key("decoder").null();
  out.key("model").begin_object().member("type", "WordLevel").key("vocab").begin_object();
  out.member("[UNK]", 0);
  std::string words = "[UNK]\n";
  for (std::uint64_t i = 1; i < vocabulary; ++i) {
    const std::string word = "word" + std::to_string(i);
    out.member(word, i);
    words += word + '\n';
  }
  out.end_object().member("unk_token", "[UNK]").end_object().end_object();
  builder.file("tokenizer.json", out.take());
  builder.file("tokenizer_config.json",
               "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"unk_token\": \"[UNK]\", "
               "\"model_max_length\": 512}\n");
  builder.file("vocab.txt", std::move(words));
}

void add_safetensors(RepoBuilder& builder, const Architecture& shape, Precision precision,
                     std::uint64_t seed) {
  const std::vector<Tensor> tensors = tensors_of(shape);
  note_parameters(builder.about(), tensors, precision);
  builder.file("model.safetensors", safetensors_content(tensors, precision, seed));
}

void add_sharded_safetensors(RepoBuilder& builder, const Architecture& shape, Precision precision,
                             std::uint64_t seed, std::size_t shards) {
  const std::vector<Tensor> tensors = tensors_of(shape);
  note_parameters(builder.about(), tensors, precision);
  const std::uint64_t per_shard = element_count(tensors) / shards + 1;
  json::Writer index;
  index.begin_object().key("metadata").begin_object();
  index.member("total_size", element_count(tensors) * bytes_per_element(precision));
  index.end_object().key("weight_map").begin_object();
  auto next = tensors.begin();
  for (std::size_t shard = 0; shard < shards; ++shard) {
    std::vector<Tensor> part;
    while (next != tensors.end() &&
           (shard + 1 == shards || part.empty() || element_count(part) < per_shard)) {
      index.member(next->name, shard_name(shard, shards));
      part.push_back(*next++);
    }
    builder.file(shard_name(shard, shards), safetensors_content(part, precision, seed + shard));
  }
  builder.file("model.safetensors.index.json", index.end_object().end_object().take());
}

}  // namespace modelkeep::standin
