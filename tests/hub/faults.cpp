#include "tests/hub/faults.h"

#include <array>
#include <utility>

#include "base/error_codes.h"

namespace modelkeep::standin {
namespace {

struct KindFacts {
  FaultKind kind;
  std::string_view name;
  std::string_view call;  // Where it strikes unless told otherwise.
};

using enum FaultKind;
constexpr std::array kKinds{
    KindFacts{hangup, "hangup", "any"},
    KindFacts{reset, "reset", "content"},
    KindFacts{truncate, "truncate", "content"},
    KindFacts{stall, "stall", "content"},
    KindFacts{silence, "silence", "content"},
    KindFacts{drip, "drip", "content"},
    KindFacts{delay, "delay", "any"},
    KindFacts{status, "status", "any"},
    KindFacts{rate_limited, "rate_limited", "hub"},
    KindFacts{expired_url, "expired_url", "cdn"},
    KindFacts{ignore_range, "ignore_range", "content"},
    KindFacts{wrong_start, "wrong_start", "content"},
    KindFacts{wrong_total, "wrong_total", "content"},
    KindFacts{length_equals_offset, "length_equals_offset", "content"},
    KindFacts{unsatisfiable, "unsatisfiable", "content"},
    KindFacts{longer, "longer", "content"},
    KindFacts{overrun, "overrun", "content"},
    KindFacts{endless, "endless", "content"},
    KindFacts{no_length, "no_length", "content"},
    KindFacts{chunked, "chunked", "content"},
    KindFacts{flip, "flip", "content"},
    KindFacts{html, "html", "any"},
    KindFacts{broken_json, "broken_json", "hub"},
    KindFacts{gzip, "gzip", "content"},
    KindFacts{gzip_bomb, "gzip_bomb", "content"},
    KindFacts{redirect, "redirect", "resolve"},
    KindFacts{redirect_loop, "redirect_loop", "resolve"},
    KindFacts{redirect_hops, "redirect_hops", "resolve"},
    KindFacts{redirect_file, "redirect_file", "resolve"},
    KindFacts{redirect_ftp, "redirect_ftp", "resolve"},
    KindFacts{redirect_http, "redirect_http", "resolve"},
    KindFacts{redirect_metadata, "redirect_metadata", "resolve"},
    KindFacts{redirect_tls, "redirect_tls", "resolve"},
    KindFacts{redirect_sink, "redirect_sink", "resolve"},
    KindFacts{huge_header, "huge_header", "any"},
    KindFacts{many_headers, "many_headers", "any"},
    KindFacts{branch_moves, "branch_moves", "hub"},
    KindFacts{repo_deleted, "repo_deleted", "any"},
    KindFacts{repo_gated, "repo_gated", "any"},
    KindFacts{repo_private, "repo_private", "any"},
    KindFacts{repo_disabled, "repo_disabled", "any"},
};

std::string_view usual_call(FaultKind kind) {
  for (const KindFacts& facts : kKinds) {
    if (facts.kind == kind) return facts.call;
  }
  return "any";
}

bool call_matches(const Fault& fault, const Struck& request) {
  const std::string_view wanted = fault.call.empty() ? usual_call(fault.kind) : fault.call;
  if (wanted == "any") return true;
  if (wanted == "hub") return request.call != Call::cdn;
  if (wanted == "content") {
    return (request.call == Call::cdn || request.call == Call::resolve_cache) &&
           request.method == "GET";
  }
  return wanted == name_of(request.call);
}

// A flip at a given place strikes the answer that carries this place, whichever request that is.
bool carries_the_flip(const Fault& fault, const Struck& request) {
  if (fault.kind != FaultKind::flip || !fault.at || request.answer == nullptr) return true;
  const auto& range = request.answer->range;
  if (!range) return *fault.at < request.answer->body.size();
  return *fault.at >= range->offset && *fault.at - range->offset < range->size_bytes;
}

// A fault in the bytes needs an answer that has some.
bool has_bytes(const Fault& fault, const Struck& request) {
  const bool content = (fault.call.empty() ? usual_call(fault.kind) : fault.call) == "content";
  return !content || request.answer == nullptr || request.answer->status < 300;
}

bool strikes(const Fault& fault, const Struck& request) {
  return fault.times != 0 && call_matches(fault, request) &&
         request.subject.find(fault.match) != std::string_view::npos &&
         carries_the_flip(fault, request) && has_bytes(fault, request);
}

}  // namespace

std::string_view name_of(FaultKind kind) {
  for (const KindFacts& facts : kKinds) {
    if (facts.kind == kind) return facts.name;
  }
  return "unknown";
}

std::optional<FaultKind> fault_kind(std::string_view name) {
  for (const KindFacts& facts : kKinds) {
    if (facts.name == name) return facts.kind;
  }
  return std::nullopt;
}

bool is_event(FaultKind kind) {
  return kind == branch_moves || kind == repo_deleted || kind == repo_gated ||
         kind == repo_private || kind == repo_disabled;
}

void FaultTable::add(Fault fault) {
  faults_.with([&](std::vector<Fault>& faults) { faults.push_back(std::move(fault)); });
}

void FaultTable::clear() {
  faults_.with([](std::vector<Fault>& faults) { faults.clear(); });
}

std::optional<Fault> FaultTable::take_event(const Struck& request) {
  return take_where(request, true);
}

std::optional<Fault> FaultTable::take(const Struck& request) {
  return take_where(request, false);
}

std::optional<Fault> FaultTable::take_where(const Struck& request, bool events) {
  return faults_.with([&](std::vector<Fault>& faults) -> std::optional<Fault> {
    for (Fault& fault : faults) {
      if (is_event(fault.kind) != events || !strikes(fault, request)) continue;
      if (fault.skip > 0) {
        --fault.skip;
        continue;
      }
      if (fault.times > 0) --fault.times;
      return fault;
    }
    return std::nullopt;
  });
}

}  // namespace modelkeep::standin
