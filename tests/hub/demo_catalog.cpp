// What a newcomer sees fetched: names that everyone knows, real formats, small generated contents.
#include <string>
#include <utility>

#include "tests/hub/catalogs.h"
#include "tests/hub/model_files.h"
#include "tests/hub/repo_builder.h"
#include "tests/hub/weights.h"

namespace modelkeep::standin {
namespace {

void popular(RepoBuilder& builder, std::uint64_t downloads, std::uint64_t likes) {
  builder.about().downloads = downloads;
  builder.about().likes = likes;
}

const Card& bert_card() {
  static const Card card{
      "BERT base, uncased", "An encoder for English text.", "apache-2.0", "fill-mask",
      "transformers",       {"bert", "exbert", "en"},       "bert",       "BertForMaskedLM"};
  return card;
}

const Architecture& bert_shape() {
  static const Architecture shape{"bert.embeddings.word_embeddings.weight", "bert.encoder.layer.",
                                  8000, 256, 4};
  return shape;
}

// Two formats of the same weights, as many old repositories have.
void add_bert(Repos& repos) {
  RepoBuilder bert("google-bert/bert-base-uncased");
  popular(bert, 58'000'000, 2400);
  add_card(bert, bert_card());
  add_config(bert, bert_card(), bert_shape());
  add_tokenizer(bert, 2000);
  add_safetensors(bert, bert_shape(), Precision::f32, 101);
  bert.file("pytorch_model.bin", torch_content(tensors_of(bert_shape()), 101));
  repos.add(bert.build());
  repos.add_alias("bert-base-uncased", "google-bert/bert-base-uncased");

  RepoBuilder copy("acme/bert-house-copy");
  popular(copy, 12, 1);
  Card card = bert_card();
  card.title = "BERT, the copy of our house";
  card.about = "The same weights as google-bert/bert-base-uncased, byte for byte: stored once.";
  add_card(copy, card);
  add_config(copy, card, bert_shape());
  add_tokenizer(copy, 2000);
  add_safetensors(copy, bert_shape(), Precision::f32, 101);
  repos.add(copy.build());
}

void add_flan(Repos& repos) {
  const Card card{"FLAN-T5 small",
                  "An encoder-decoder that follows short instructions.",
                  "apache-2.0",
                  "text2text-generation",
                  "transformers",
                  {"t5", "en", "fr", "de"},
                  "t5",
                  "T5ForConditionalGeneration"};
  const Architecture shape{"shared.weight", "encoder.block.", 16'000, 320, 6};
  RepoBuilder flan("google/flan-t5-small");
  popular(flan, 900'000, 410);
  add_card(flan, card);
  add_config(flan, card, shape);
  add_tokenizer(flan, 4000);
  flan.file("generation_config.json", "{\"decoder_start_token_id\": 0, \"eos_token_id\": 1}\n");
  flan.file("spiece.model", Content::generated(201, 790'000));
  flan.commit("First upload");
  add_safetensors(flan, shape, Precision::f32, 202);
  flan.commit("Add safetensors").tag("v1.0");
  repos.add(flan.build());
}

// Only the old format: what a scanner of pickles has to look at.
void add_opt(Repos& repos) {
  const Card card{"OPT 125M",     "A small decoder for English text.",
                  "other",        "text-generation",
                  "transformers", {"opt", "pytorch", "en"},
                  "opt",          "OPTForCausalLM"};
  const Architecture shape{"model.decoder.embed_tokens.weight", "model.decoder.layers.", 10'000,
                           256, 5};
  RepoBuilder opt("facebook/opt-125m");
  popular(opt, 6'100'000, 220);
  add_card(opt, card);
  add_config(opt, card, shape);
  add_tokenizer(opt, 3000);
  opt.file("pytorch_model.bin", torch_content(tensors_of(shape), 301));
  repos.add(opt.build());
}

void add_gpt2(Repos& repos) {
  const Card card{"GPT-2",        "A decoder for English text.",
                  "mit",          "text-generation",
                  "transformers", {"gpt2", "en"},
                  "gpt2",         "GPT2LMHeadModel"};
  const Architecture shape{"transformer.wte.weight", "transformer.h.", 6000, 256, 3};
  RepoBuilder gpt2("openai-community/gpt2");
  popular(gpt2, 15'000'000, 2900);
  add_card(gpt2, card);
  add_config(gpt2, card, shape);
  add_tokenizer(gpt2, 3000);
  add_safetensors(gpt2, shape, Precision::f32, 401);
  repos.add(gpt2.build());
  repos.add_alias("gpt2", "openai-community/gpt2");
}

void add_qwen(Repos& repos) {
  const Card card{
      "Qwen2.5 7B Instruct", "A chat model in several shards.",   "apache-2.0", "text-generation",
      "transformers",        {"qwen2", "chat", "conversational"}, "qwen2",      "Qwen2ForCausalLM"};
  const Architecture shape{"model.embed_tokens.weight", "model.layers.", 24'000, 448, 8};
  RepoBuilder qwen("Qwen/Qwen2.5-7B-Instruct");
  popular(qwen, 11'000'000, 950);
  add_card(qwen, card);
  add_config(qwen, card, shape);
  add_tokenizer(qwen, 5000);
  qwen.file("generation_config.json", "{\"temperature\": 0.7, \"top_p\": 0.8}\n");
  add_sharded_safetensors(qwen, shape, Precision::bf16, 501, 4);
  repos.add(qwen.build());
}

void add_gguf(Repos& repos) {
  const Card card{"TinyLlama 1.1B Chat, GGUF",
                  "A chat model quantised for llama.cpp.",
                  "apache-2.0",
                  "text-generation",
                  "gguf",
                  {"llama", "gguf", "conversational"},
                  {},
                  {}};
  const Architecture shape{"token_embd.weight", "blk.", 8000, 512, 6};
  RepoBuilder gguf("TheBloke/TinyLlama-1.1B-Chat-v1.0-GGUF");
  popular(gguf, 300'000, 140);
  add_card(gguf, card);
  gguf.file("config.json", "{\"model_type\": \"tinyllama\"}\n");
  const std::string stem = "tinyllama-1.1b-chat-v1.0.";
  const GgufModel model{"TinyLlama 1.1B Chat v1.0 (stand-in)", shape, Quant::q8_0};
  const auto with = [&](Quant quant) { return GgufModel{model.name, shape, quant}; };
  gguf.file(stem + "Q4_0.gguf", gguf_content(with(Quant::q4_0), 601));
  gguf.file(stem + "Q4_K_M.gguf", gguf_content(with(Quant::q4_k), 602));
  gguf.file(stem + "Q8_0.gguf", gguf_content(with(Quant::q8_0), 603));
  repos.add(gguf.build());
}

void add_sentences(Repos& repos) {
  const Card card{
      "all-MiniLM-L6-v2",      "Sentences to vectors.",        "apache-2.0", "sentence-similarity",
      "sentence-transformers", {"bert", "feature-extraction"}, "bert",       "BertModel"};
  const Architecture shape{"embeddings.word_embeddings.weight", "encoder.layer.", 1000, 64, 2};
  RepoBuilder mini("sentence-transformers/all-MiniLM-L6-v2");
  popular(mini, 90'000'000, 3900);
  add_card(mini, card);
  add_config(mini, card, shape);
  add_tokenizer(mini, 1000);
  mini.file("1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true}\n");
  mini.file("modules.json",
            "[{\"idx\": 0, \"path\": \"\"}, {\"idx\": 1, \"path\": \"1_Pooling\"}]\n");
  add_safetensors(mini, shape, Precision::f32, 701);
  repos.add(mini.build());
}

void add_guarded(Repos& repos) {
  const Card card{"Llama 3.2 1B", "A gated decoder: ask, then fetch with a token.",
                  "llama3.2",     "text-generation",
                  "transformers", {"llama", "gated"},
                  "llama",        "LlamaForCausalLM"};
  const Architecture shape{"model.embed_tokens.weight", "model.layers.", 8000, 384, 5};
  RepoBuilder llama("meta-llama/Llama-3.2-1B");
  popular(llama, 2'500'000, 1800);
  llama.about().gate = Gate::files;
  add_card(llama, card);
  add_config(llama, card, shape);
  add_tokenizer(llama, 3000);
  add_safetensors(llama, shape, Precision::bf16, 801);
  repos.add(llama.build());

  RepoBuilder house("acme/house-model");
  house.about().is_private = true;
  Card own = card;
  own.title = "The house model";
  own.about = "A private repository: invisible without its owner's token.";
  own.tags = {"llama", "private"};
  add_card(house, own);
  const Architecture small{"model.embed_tokens.weight", "model.layers.", 2000, 128, 2};
  add_config(house, own, small);
  add_safetensors(house, small, Precision::f32, 802);
  repos.add(house.build());
}

void add_odd(Repos& repos) {
  const Card card{
      "Odd names", "File names with every character that needs care, over several pages.",
      "mit",       "other",
      "none",      {"names"},
      {},          {}};
  RepoBuilder odd("acme/odd-names");
  add_card(odd, card);
  odd.file("sub dir/we ird#name+100%.txt", "odd but legal\n");
  odd.file("a?b#c%41 d", "a question\n");
  odd.file("empty.txt", "");
  odd.file("sub dir/deeper/\xC3\xBCml\xC3\xA4ut \xE2\x9C\x93.json", "{}\n");
  odd.file("a..b.txt", "two dots\n");
  for (int i = 0; i < 120; ++i) {
    odd.file("many/part-" + std::to_string(1000 + i) + ".txt", "part " + std::to_string(i) + '\n');
  }
  repos.add(odd.build());

  const Card renamed{"Sentence encoder, second edition",
                     "Was acme/sentence-encoder once.",
                     "mit",
                     "feature-extraction",
                     "transformers",
                     {"bert"},
                     "bert",
                     "BertModel"};
  const Architecture shape{"embeddings.word_embeddings.weight", "encoder.layer.", 2000, 128, 2};
  RepoBuilder encoder("acme/sentence-encoder-v2");
  add_card(encoder, renamed);
  add_config(encoder, renamed, shape);
  add_safetensors(encoder, shape, Precision::f16, 901);
  repos.add(encoder.build());
  repos.add_alias("acme/sentence-encoder", "acme/sentence-encoder-v2");
}

}  // namespace

void add_demo_catalog(Repos& repos) {
  add_bert(repos);
  add_flan(repos);
  add_opt(repos);
  add_gpt2(repos);
  add_qwen(repos);
  add_gguf(repos);
  add_sentences(repos);
  add_guarded(repos);
  add_odd(repos);
}

}  // namespace modelkeep::standin
