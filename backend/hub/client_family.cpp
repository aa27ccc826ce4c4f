#include "hub/client_family.h"

#include <array>
#include <string>

#include "base/text.h"

namespace modelkeep::hub {
namespace {

constexpr std::size_t kUserAgentMax = 512;

struct Family {
  std::string_view mark;  ///< Lower case; somewhere in the user agent.
  std::string_view name;
};
// The first that fits: a library on top of another names both.
constexpr std::array kFamilies{
    Family{"vllm", "vllm"},
    Family{"sglang", "sglang"},
    Family{"text-generation-inference", "text-generation-inference"},
    Family{"ollama/", "ollama"},
    Family{"lm-studio", "lm-studio"},
    Family{"lmstudio", "lm-studio"},
    Family{"llama-cpp", "llama.cpp"},
    Family{"llama.cpp", "llama.cpp"},
    Family{"transformers.js", "transformers.js"},
    Family{"sentence-transformers", "sentence-transformers"},
    Family{"sentence_transformers", "sentence-transformers"},
    Family{"diffusers/", "diffusers"},
    Family{"transformers/", "transformers"},
    Family{"huggingface-cli", "huggingface_hub"},
    Family{"hf_hub", "huggingface_hub"},
    Family{"huggingface_hub", "huggingface_hub"},
    Family{"huggingface.js", "huggingface.js"},
    Family{"@huggingface/hub", "huggingface.js"},
    Family{"hf-hub/", "hf-hub"},
    Family{"modelkeep", "modelkeep"},
    Family{"aria2/", "aria2"},
    Family{"wget", "wget"},
    Family{"curl/", "curl"},
    Family{"mozilla/", "browser"},
    Family{"python", "python"},
    Family{"node", "node"},
    Family{"undici", "node"},
    Family{"go-http-client", "go"},
};

}  // namespace

std::string_view client_family(std::string_view user_agent) {
  const std::string lower = lower_ascii(clipped(user_agent, kUserAgentMax));
  for (const Family& family : kFamilies) {
    if (lower.find(family.mark) != std::string::npos) return family.name;
  }
  return "other";
}

}  // namespace modelkeep::hub
