#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "cli/client.h"
#include "cli/commands.h"
#include "cli/model_lookup.h"
#include "cli/parser.h"
#include "cli/snippets.h"
#include "cli/terminal_text.h"

namespace modelkeep::cli {
namespace {

const Manual kManual{
    .arguments = "NAME|ID",
    .arguments_max = 1,
    .about =
        "Prints the lines that load a model, ready to be pasted: for transformers, "
        "huggingface_hub, "
        "vLLM, llama.cpp, transformers.js and others, as the model's page shows them.\n"
        "A door is the way to the files: its folder, the store's Hub cache (both for machines that "
        "have the mount), or hub, over the network. With --client and --door only that text.",
    .examples =
        "modelkeep snippet google/flan-t5-small\n"
        "modelkeep snippet google/flan-t5-small --door hub --client vllm\n"
        "modelkeep snippet org/model-GGUF --client llamacpp --file model.Q8_0.gguf",
    .options = {}};

const std::vector<std::string> kDoors = {"folder", "cache", "hub"};
const std::vector<std::string> kClients = {
    "transformers", "diffusers",       "sentence-transformers", "vllm", "llamacpp",
    "hf",           "huggingface_hub", "transformers.js",       "path"};

std::string heading_of(const std::string& door) {
  if (door == "folder") return "From its folder";
  return door == "cache" ? "As a Hub cache, from the mount" : "Over the network";
}

struct Shown {
  std::string door;
  Snippet snippet;
};

struct Wanted {
  std::vector<std::string> doors;
  std::string client;
  std::string gguf;
};

Result<std::vector<Shown>> wanted_snippets(const Model& model, const Wanted& wanted,
                                           const std::string& server) {
  std::vector<Shown> found;
  for (const std::string& door : wanted.doors) {
    for (Snippet& snippet : TRY(snippets_for(model, {door, server + "/hf", wanted.gguf}))) {
      if (wanted.client.empty() || snippet.kind == wanted.client)
        found.push_back({door, std::move(snippet)});
    }
  }
  return found;
}

/// A snippet has many lines, and no byte of it may steer a terminal.
std::string lines_shown(std::string_view text) {
  std::string lines;
  for (const std::string_view line : split(text, '\n'))
    lines += (lines.empty() ? "" : "\n") + (line.empty() ? std::string() : shown(line));
  return lines;
}

void print_all(const std::vector<Shown>& snippets, World& world) {
  std::string door;
  for (const Shown& one : snippets) {
    if (one.door != door) {
      world.out.line((door.empty() ? "" : "\n") +
                     world.out.painted(Style::bold, heading_of(one.door)));
      door = one.door;
    }
    world.out.line("\n" + world.out.painted(Style::dim, one.snippet.title + ":"));
    world.out.line(lines_shown(one.snippet.text));
  }
}

void print_as_json(const std::vector<Shown>& snippets, World& world) {
  json::Writer out;
  out.begin_object().member("success", true).key("snippets").begin_array();
  for (const Shown& one : snippets) {
    out.begin_object().member("door", one.door).member("client", one.snippet.kind);
    out.member("title", one.snippet.title).member("language", one.snippet.language);
    out.member("text", one.snippet.text).end_object();
  }
  out.end_array().end_object();
  print_json({200, std::move(out).take()}, world);
}

Result<Model> find(Client& client, const std::string& word) {
  const auto get = [&client](const std::string& path) { return client.get(path); };
  const Answer answer = TRY(call_for_model(client, word, get));
  auto one = TRY(read<OneAnswer>(client, answer));
  if (one.model) return *std::move(one.model);
  return fail(ErrorKind::internal, kAnswerInvalid, "the server left the model out of its answer");
}

}  // namespace

Result<> run_snippet(Call& call) {
  Parser parser(call, kManual);
  TCLAP::CmdLine& line = parser.line();
  using Text = TCLAP::ValueArg<std::string>;
  std::vector<std::string> door_words = kDoors;
  std::vector<std::string> client_words = kClients;
  TCLAP::ValuesConstraint<std::string> doors(door_words);
  TCLAP::ValuesConstraint<std::string> clients(client_words);
  Text id("i", "id", "The model's id or name.", false, "", "ID", line);
  Text door("", "door", "Only through this door.", false, "", &doors, line);
  Text client_name("c", "client", "Only for this tool.", false, "", &clients, line);
  Text file("", "file", "Of several GGUF files, this one.", false, "", "FILE", line);
  if (!TRY(parser.read())) return {};
  const std::string word = TRY(parser.word_or(id));

  Client client = TRY(connect(parser, call.world));
  const Model model = TRY(find(client, word));
  const std::vector<std::string> through = door.isSet() ? std::vector{door.getValue()} : kDoors;
  const auto snippets = TRY(
      wanted_snippets(model, {through, client_name.getValue(), file.getValue()}, client.server()));
  if (snippets.empty()) {
    return fail(ErrorKind::not_found, kServerRefused,
                shown(model.name) + " has no such snippet; modelkeep snippet " +
                    shown(shell_word(word)) + " shows all it has");
  }
  if (call.world.json) {
    print_as_json(snippets, call.world);
  } else if (client_name.isSet() && door.isSet()) {
    call.world.out.line(lines_shown(snippets.front().snippet.text));
  } else {
    print_all(snippets, call.world);
  }
  return {};
}

}  // namespace modelkeep::cli
