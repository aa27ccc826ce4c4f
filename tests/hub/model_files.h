#pragma once
// The small files around weights: model card, config, tokenizer. Pure; for catalogs.
#include <cstdint>
#include <string>

#include "tests/hub/repo_builder.h"
#include "tests/hub/weights.h"

namespace modelkeep::standin {

/// What a card says and what config.json repeats.
struct Card {
  std::string title;
  std::string about;  ///< One sentence, what the real model of this name is for.
  std::string license;
  std::string pipeline_tag;
  std::string library_name = "transformers";
  std::vector<std::string> tags;
  std::string model_type;
  std::string architecture;
};

/// README.md with front matter, .gitattributes, and the repository's own description.
void add_card(RepoBuilder& builder, const Card& card);
/// config.json for these shapes.
void add_config(RepoBuilder& builder, const Card& card, const Architecture& shape);
/// tokenizer.json (a word-level one that loads), tokenizer_config.json and vocab.txt.
void add_tokenizer(RepoBuilder& builder, std::uint64_t vocabulary);
/// model.safetensors, and the parameter count that upstream shows.
void add_safetensors(RepoBuilder& builder, const Architecture& shape, Precision precision,
                     std::uint64_t seed);
/// The same weights in `shards` files, with model.safetensors.index.json.
void add_sharded_safetensors(RepoBuilder& builder, const Architecture& shape, Precision precision,
                             std::uint64_t seed, std::size_t shards);

}  // namespace modelkeep::standin
