#include "cli/snippets.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "cli/snippet_words.h"

namespace modelkeep::cli {
namespace {

constexpr json::Limits kWordLimits{64u << 10, 16, 4'000, 4u << 10, true};
constexpr std::string_view kBefore = "@before";

using Facts = std::set<std::string, std::less<>>;
using Values = std::map<std::string, std::string, std::less<>>;

bool ends_with_any(std::string_view name, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view end) { return name.ends_with(end); });
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "-of-00003.gguf" at the end of a lower-case name.
bool is_a_part(std::string_view name) {
  constexpr std::string_view kOf = "-of-";
  constexpr std::string_view kGguf = ".gguf";
  constexpr std::size_t kDigits = 5;
  if (name.size() < kOf.size() + kDigits + kGguf.size()) return false;
  name.remove_suffix(kGguf.size());
  const std::string_view digits = name.substr(name.size() - kDigits);
  name.remove_suffix(kDigits);
  return std::ranges::all_of(digits, is_digit) && name.ends_with(kOf);
}

bool is_main(const Model& model) {
  return model.revision.empty() || model.revision == "main";
}

/// What is so of a model, in the words that "when" uses.
Facts facts_of(const Model& model) {
  bool weights = false;
  bool onnx = false;
  Facts names;
  for (const ModelFile& file : model.files) {
    const std::string name = lower_ascii(file.path);
    weights =
        weights || ends_with_any(name, {".safetensors", ".bin", ".pt", ".pth", ".h5", ".msgpack"});
    onnx = onnx || name.ends_with(".onnx");
    names.insert(name);
  }
  Facts facts;
  const auto note = [&facts](const char* fact, bool is) {
    if (is) facts.insert(fact);
  };
  note("weights", weights);
  note("weights or nothing", weights || model.files.empty());
  note("diffusers", model.library == "diffusers" || names.contains("model_index.json"));
  note("sentence", model.library == "sentence-transformers" ||
                       names.contains("config_sentence_transformers.json"));
  note("generates",
       model.task.empty() || model.task == "text-generation" || model.task == "image-text-to-text");
  note("gguf", !gguf_files(model).empty());
  note("onnx", onnx);
  note("full name", model.name.find('/') != std::string::npos);
  note("main", is_main(model));
  return facts;
}

std::string text_of(json::Value value) {
  return std::string(value.as_string().value_or(""));
}

/// `{word}` by its value; any other brace stays.
std::string filled(std::string_view line, const Values& values) {
  std::string text;
  while (!line.empty()) {
    const auto begin = line.find('{');
    text.append(line.substr(0, begin));
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const auto end = line.find('}');
    const auto known =
        end == std::string_view::npos ? values.end() : values.find(line.substr(1, end - 1));
    text.append(known == values.end() ? line.substr(0, 1) : std::string_view(known->second));
    line.remove_prefix(known == values.end() ? 1 : end + 1);
  }
  return text;
}

void add_revision(Values& values, const Model& model) {
  const bool named = !is_main(model);
  values["revision:py"] = named ? ", revision=" + python_string(model.revision) : "";
  values["revision:sh"] = named ? " --revision " + shell_word(model.revision) : "";
  values["revision:js"] = named ? ", { revision: " + python_string(model.revision) + " }" : "";
}

void add_loaders(Values& values, const Model& model, json::Value tasks) {
  const json::Value task = tasks[std::string_view(model.task)];
  const std::string loader = task.is_object() ? text_of(task["model"]) : "AutoModel";
  const std::string reader = task.is_object() ? text_of(task["reader"]) : "AutoTokenizer";
  values["loader"] = loader;
  values["reader"] = reader;
  values["reads"] = reader == "AutoTokenizer" ? "tokenizer" : "processor";
  values["placed"] =
      loader == "AutoModelForCausalLM" ? ", dtype=\"auto\", device_map=\"auto\"" : "";
  values["task:py"] = python_string(model.task.empty() ? "feature-extraction" : model.task);
}

Values values_for(const Model& model, const Through& through, json::Value words) {
  const auto ggufs = gguf_files(model);
  const auto chosen = std::ranges::find(ggufs, through.gguf);
  const std::string first = ggufs.empty() ? std::string() : ggufs.front();
  const std::string gguf = chosen == ggufs.end() ? first : *chosen;
  // The store's cache folder lies beside the models' folders.
  const std::string cache = model.path.substr(0, model.path.rfind('/')) + "/.modelkeep/hf-cache";
  Values values = {{"path:py", python_string(model.path)},
                   {"path:sh", shell_word(model.path)},
                   {"name:py", python_string(model.name)},
                   {"name:sh", shell_word(model.name)},
                   {"gguf:sh", shell_word(gguf)},
                   {"gguf path:sh", shell_word(model.path + "/" + gguf)},
                   {"door:py", python_string(through.address)},
                   {"door/:py", python_string(through.address + "/")},
                   {"door:sh", shell_word(through.address)},
                   {"cache:py", python_string(cache)},
                   {"cache:sh", shell_word(cache)}};
  add_revision(values, model);
  add_loaders(values, model, words["tasks"]);
  const json::Value door = words["doors"][std::string_view(through.door)];
  values["variable"] = text_of(door["variable"]);
  values["source"] = filled(text_of(door["source"]), values);
  values["more"] = filled(text_of(door["more"]), values);
  return values;
}

bool has(json::Value list, std::string_view text) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].as_string() == text) return true;
  }
  return false;
}

bool all_hold(json::Value conditions, const Facts& facts) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    const std::string_view condition = conditions[i].as_string().value_or("");
    const bool negated = condition.starts_with('!');
    if (facts.contains(condition.substr(negated ? 1 : 0)) == negated) return false;
  }
  return true;
}

void append_lines(std::string& text, json::Value lines, json::Value before, const Values& values) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i].as_string().value_or("");
    if (line == kBefore) {
      append_lines(text, before, {}, values);
    } else {
      text += filled(line, values) + '\n';
    }
  }
}

}  // namespace

Result<std::vector<Snippet>> snippets_for(const Model& model, const Through& through) {
  const json::Document document = TRY(json::Document::parse(kSnippetWords, kWordLimits));
  const json::Value words = document.root();
  const Facts facts = facts_of(model);
  const Values values = values_for(model, through, words);
  std::vector<Snippet> snippets;
  const json::Value all = words["snippets"];
  for (std::size_t i = 0; i < all.size(); ++i) {
    const json::Value one = all[i];
    if (!has(one["doors"], through.door) || !all_hold(one["when"], facts)) continue;
    std::string text;
    append_lines(text, one["lines"], words["doors"][std::string_view(through.door)]["before"],
                 values);
    text.pop_back();
    snippets.push_back(
        {text_of(one["kind"]), text_of(one["title"]), text_of(one["language"]), std::move(text)});
  }
  return snippets;
}

std::vector<std::string> gguf_files(const Model& model) {
  std::vector<std::string> files;
  for (const ModelFile& file : model.files) {
    const std::string name = lower_ascii(file.path);
    if (!name.ends_with(".gguf")) continue;
    const bool is_first = name.find("-00001-of-") != std::string::npos;
    if (!is_a_part(name) || is_first) files.push_back(file.path);
  }
  return files;
}

std::string python_string(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr unsigned char kC1Lead = 0xC2;
  std::string literal = "\"";
  const auto escape = [&](unsigned char code) {
    literal.append("\\x").append({kHex[code >> 4U], kHex[code & 15U]});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    if (byte == '\\' || byte == '"') {
      literal.append("\\").push_back(text[i]);
    } else if (byte < 0x20 || byte == 0x7F) {
      escape(byte);
    } else if (byte == kC1Lead && next >= 0x80 && next < 0xA0) {
      escape(static_cast<unsigned char>(next));
      ++i;
    } else {
      literal.push_back(text[i]);
    }
  }
  return literal + '"';
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "_@%+=:,./~-";
  const auto is_plain = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kPlain.find(c) != std::string_view::npos;
  };
  if (!text.empty() && !text.starts_with('~') && std::ranges::all_of(text, is_plain))
    return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace modelkeep::cli
