#include "fetch/preview/quants.h"

#include <algorithm>
#include <map>
#include <regex>
#include <string_view>

#include "base/patterns.h"
#include "base/text.h"
#include "fetch/preview/file_kinds.h"
#include "fetch/preview/same_weights.h"

namespace modelkeep::fetch {
namespace {

constexpr std::string_view kEnding = ".gguf";
constexpr std::string_view kPieces = "-????\?-of-????\?";

bool is_quant_file(std::string_view path) {
  const std::string name = lower_ascii(name_of(path));
  return name.ends_with(kEnding) && name.find("mmproj") == std::string::npos &&
         name.find("imatrix") == std::string::npos;
}

/// The path without its ending and its number among the pieces.
std::string stem_of(const std::string& path) {
  static const std::regex kPiece("-[0-9]{5}-of-[0-9]{5}$");
  return std::regex_replace(path.substr(0, path.size() - kEnding.size()), kPiece, "");
}

/// As it is spelled in the name; empty when there is none.
std::string quant_in(const std::string& stem) {
  static const std::regex kQuant(
      "(^|[-._/])((UD-)?(IQ[1-9]_[A-Z0-9_]+|T?Q[1-9](_[A-Z0-9]+)*|MXFP4(_[A-Z]+)*|BF16|F16|F32|"
      "FP16|FP32))(?=$|[-._/])",
      std::regex::icase);
  std::string last;
  for (std::sregex_iterator at(stem.begin(), stem.end(), kQuant), end; at != end; ++at)
    last = (*at)[2].str();
  return last;
}

bool selects_only(const std::string& pattern, const std::vector<std::string>& paths,
                  const std::vector<std::size_t>& files) {
  std::size_t matched = 0;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!matches_pattern(pattern, paths[i])) continue;
    if (!std::binary_search(files.begin(), files.end(), i)) return false;
    ++matched;
  }
  return matched == files.size();
}

std::string upper_ascii(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

void name_quant(Quant& quant, const std::string& stem, const std::vector<std::string>& paths) {
  const std::string spelled = quant_in(std::string(name_of(stem)));
  const std::string in_path = spelled.empty() ? quant_in(stem) : spelled;
  quant.name = in_path.empty() ? std::string(name_of(stem)) : upper_ascii(in_path);
  const std::string short_pattern = "*" + literal_pattern(in_path) + "*";
  if (!in_path.empty() && selects_only(short_pattern, paths, quant.files)) {
    quant.pattern = short_pattern;
    return;
  }
  const std::string& first = paths[quant.files.front()];
  const bool is_whole = first.size() == stem.size() + kEnding.size();
  quant.pattern =
      is_whole ? literal_pattern(first) : literal_pattern(stem).append(kPieces).append(kEnding);
}

}  // namespace

std::vector<Quant> find_quants(const std::vector<std::string>& paths) {
  std::vector<Quant> quants;
  std::vector<std::string> stems;
  std::map<std::string, std::size_t> by_stem;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!is_quant_file(paths[i])) continue;
    const std::string stem = stem_of(paths[i]);
    const auto [found, is_first] = by_stem.emplace(stem, quants.size());
    if (is_first) {
      quants.emplace_back();
      stems.push_back(stem);
    }
    quants[found->second].files.push_back(i);
  }
  for (std::size_t i = 0; i < quants.size(); ++i) name_quant(quants[i], stems[i], paths);
  return quants;
}

}  // namespace modelkeep::fetch
