#include "hub/address.h"

#include <algorithm>
#include <array>

#include "base/digest.h"

namespace modelkeep::hub {
namespace {

using Segments = std::span<const std::string_view>;

constexpr std::size_t kCommitHex = 40;

std::string joined(Segments segments) {
  std::string text;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (i > 0) text += '/';
    text += segments[i];
  }
  return text;
}

struct Verb {
  std::string_view name;
  What what;
  bool takes_revision;
};
constexpr std::array kVerbs{
    Verb{"revision", What::model_info, true},
    Verb{"tree", What::tree, true},
    Verb{"paths-info", What::paths_info, true},
    Verb{"commits", What::commits, true},
    Verb{"preupload", What::preupload, true},
    Verb{"commit", What::commit, true},
    Verb{"branch", What::branch, true},
    Verb{"tag", What::tag, true},
    Verb{"xet-write-token", What::xet_token, true},
    Verb{"refs", What::refs, false},
    Verb{"auth-check", What::auth_check, false},
};

const Verb* find_verb(Segments segments, std::size_t at) {
  if (at >= segments.size()) return nullptr;
  const auto* const found = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& verb) {
    return verb.name == segments[at] && (!verb.takes_revision || at + 1 < segments.size());
  });
  return found == kVerbs.end() ? nullptr : &*found;
}

// "refs/pr/1" is one segment when it is encoded and three when a client left it as it is.
std::size_t revision_segments(Segments segments) {
  if (segments.size() < 3 || segments[0] != "refs") return 1;
  constexpr std::array<std::string_view, 4> kKinds{"pr", "convert", "heads", "tags"};
  return std::find(kKinds.begin(), kKinds.end(), segments[1]) == kKinds.end() ? 1 : 3;
}

void take_revision(Segments& rest, Address& address) {
  const std::size_t count = revision_segments(rest);
  address.revision = joined(rest.first(count));
  address.names_commit = is_lower_hex(address.revision, kCommitHex);
  rest = rest.subspan(count);
}

// "gpt2/tree/main" and "openai-community/gpt2/tree/main": the verb says how long the name is.
Address of_model(Segments segments) {
  Address address;
  const Verb* verb = find_verb(segments, 1);
  std::size_t name_length = 1;
  if (verb == nullptr && segments.size() > 1) {
    name_length = 2;
    verb = find_verb(segments, 2);
  }
  address.repo = joined(segments.first(name_length));
  Segments rest = segments.subspan(name_length);
  if (verb == nullptr) {
    address.what = rest.empty() ? What::model_info : What::unknown;
    return address;
  }
  address.what = verb->what;
  rest = rest.subspan(1);
  if (verb->takes_revision) take_revision(rest, address);
  if (verb->what == What::auth_check && rest.size() == 1 && rest[0] == "write") return address;
  if (verb->what == What::tree) {
    if (!rest.empty() && rest.back().empty()) rest = rest.first(rest.size() - 1);
    if (!rest.empty()) address.path = joined(rest);
  } else if (!rest.empty()) {
    address.what = What::unknown;
  }
  return address;
}

Address of_api(Segments segments) {
  Address address;
  if (segments.empty()) return address;
  const Segments rest = segments.subspan(1);
  if (segments[0] == "whoami-v2" && rest.empty()) address.what = What::whoami;
  if (segments[0] == "validate-yaml" && rest.empty()) address.what = What::validate_yaml;
  if (segments[0] == "repos" && rest.size() == 1 && rest[0] == "create")
    address.what = What::create_repo;
  if (segments[0] == "repos" && rest.size() == 1 && rest[0] == "delete")
    address.what = What::delete_repo;
  if ((segments[0] == "datasets" || segments[0] == "spaces") && !rest.empty())
    address.what = What::foreign_repo;
  if (segments[0] != "models") return address;
  if (rest.empty() || (rest.size() == 1 && rest[0].empty())) {
    address.what = What::list_models;
    return address;
  }
  return of_model(rest);
}

Address of_file(Segments segments) {
  Address address;
  for (const std::size_t at : {std::size_t{1}, std::size_t{2}}) {
    if (at + 2 >= segments.size()) break;
    const bool is_resolve = segments[at] == "resolve";
    if (!is_resolve && segments[at] != "raw") continue;
    Segments rest = segments.subspan(at + 1);
    address.repo = joined(segments.first(at));
    take_revision(rest, address);
    if (rest.empty()) return address;
    address.path = joined(rest);
    address.what = is_resolve ? What::resolve : What::raw;
    return address;
  }
  return address;
}

// "{repo}/manifests/{tag}", as builds of llama.cpp before 2026-03 ask.
Address of_manifest(Segments segments) {
  Address address;
  const std::size_t count = segments.size();
  if ((count != 3 && count != 4) || segments[count - 2] != "manifests") return address;
  address.what = What::manifest;
  address.repo = joined(segments.first(count - 2));
  address.revision = segments[count - 1];
  return address;
}

// "{repo}.git/info/lfs/objects/batch"
Address of_batch(Segments segments) {
  constexpr std::string_view kTail = ".git/info/lfs/objects/batch";
  Address address;
  const std::string whole = joined(segments);
  if (segments.size() < 5 || segments.size() > 6 || !whole.ends_with(kTail)) return address;
  address.what = What::lfs_batch;
  address.repo = whole.substr(0, whole.size() - kTail.size());
  return address;
}

// ".lfs/verify" and ".lfs/{five signed pieces}[/complete|/{part}]": no repo begins with a dot.
Address of_object(Segments segments) {
  constexpr std::size_t kSigned = 5;
  Address address;
  if (segments.size() == 1 && segments[0] == "verify") address.what = What::lfs_verify;
  if (segments.size() < kSigned || segments.size() > kSigned + 1) return address;
  address.path = joined(segments.first(kSigned));
  address.what = What::lfs_object;
  if (segments.size() == kSigned) return address;
  address.revision = segments[kSigned];
  address.what = address.revision == "complete" ? What::lfs_complete : What::lfs_part;
  return address;
}

}  // namespace

Address parse_address(std::span<const std::string_view> segments) {
  if (segments.empty()) return {};
  if (segments[0] == "api") return of_api(segments.subspan(1));
  if (segments[0] == "v2") return of_manifest(segments.subspan(1));
  if (segments[0] == ".lfs") return of_object(segments.subspan(1));
  if (Address batch = of_batch(segments); batch.what != What::unknown) return batch;
  if ((segments[0] == "datasets" || segments[0] == "spaces") && segments.size() > 3) {
    Address address = of_file(segments.subspan(1));
    if (address.what != What::unknown) address.what = What::foreign_repo;
    return address;
  }
  return of_file(segments);
}

}  // namespace modelkeep::hub
