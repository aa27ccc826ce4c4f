#include "fetch/preview/preview_json.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/json.h"
#include "base/patterns.h"
#include "fetch/model_format.h"
#include "fetch/preview/quants.h"
#include "fetch/preview/same_weights.h"
#include "storage/space.h"

namespace modelkeep::fetch {
namespace {

using Indexes = std::vector<std::size_t>;

struct Sum {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t stored_bytes = 0;
};

Sum sum_of(const PreviewFacts& facts, const Indexes& files) {
  Sum sum;
  for (const std::size_t i : files) {
    const std::uint64_t size_bytes = facts.manifest.files[i].size_bytes;
    ++sum.files;
    sum.bytes += size_bytes;
    if (facts.stored[i]) sum.stored_bytes += size_bytes;
  }
  return sum;
}

void write_sum(json::Writer& out, const Sum& sum) {
  out.member("file_count", sum.files)
      .member("size_bytes", sum.bytes)
      .member("stored_bytes", sum.stored_bytes);
}

void member_unless_empty(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.member(name, text);
}

// In the order in which they are shown: what is taken before what is left out.
struct GroupKey {
  FileKind kind = FileKind::other;
  std::string duplicate_of{};
  std::string format{};
  bool operator<(const GroupKey& other) const {
    return std::tie(kind, duplicate_of, format) <
           std::tie(other.kind, other.duplicate_of, other.format);
  }
};
using Groups = std::map<GroupKey, Indexes>;

Groups group(const std::vector<std::string>& paths, const std::vector<Duplicate>& duplicates) {
  Groups groups;
  auto next = duplicates.begin();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    GroupKey key;
    if (next != duplicates.end() && next->file == i) {
      key = {FileKind::weights, next->duplicate_of, next->format};
      ++next;
    } else {
      const FileNature nature = nature_of(paths[i]);
      key = {nature.kind, {}, std::string(nature.format)};
    }
    groups[std::move(key)].push_back(i);
  }
  return groups;
}

void write_groups(json::Writer& out, const PreviewFacts& facts, const Groups& groups) {
  out.key("groups").begin_array();
  for (const auto& [key, files] : groups) {
    out.begin_object().member("kind", text(key.kind));
    member_unless_empty(out, "format", key.format);
    member_unless_empty(out, "duplicate_of", key.duplicate_of);
    write_sum(out, sum_of(facts, files));
    out.key("files").begin_array();
    for (const std::size_t i : files) {
      const upstream::File& file = facts.manifest.files[i];
      out.begin_object()
          .member("path", file.path)
          .member("size_bytes", file.size_bytes)
          .member("stored", static_cast<bool>(facts.stored[i]))
          .end_object();
    }
    out.end_array().end_object();
  }
  out.end_array();
}

void write_quants(json::Writer& out, const PreviewFacts& facts,
                  const std::vector<std::string>& paths) {
  out.key("quants").begin_array();
  for (const Quant& quant : find_quants(paths)) {
    out.begin_object().member("name", quant.name).member("pattern", quant.pattern);
    write_sum(out, sum_of(facts, quant.files));
    out.end_object();
  }
  out.end_array();
}

Indexes wanted(const std::vector<std::string>& paths, const std::vector<std::string>& allow,
               const std::vector<std::string>& ignore) {
  Indexes files;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (is_wanted(paths[i], allow, ignore)) files.push_back(i);
  }
  return files;
}

/// A choice of files: how large, and how much of it has to be fetched.
void write_choice(json::Writer& out, std::string_view name, const Sum& sum) {
  out.key(name).begin_object();
  write_sum(out, sum);
  out.member("fetch_bytes", sum.bytes - sum.stored_bytes).end_object();
}

void write_disk(json::Writer& out, const PreviewFacts& facts, std::uint64_t fetch_bytes) {
  const auto minus = [](std::uint64_t from, std::uint64_t bytes) {
    return from > bytes ? from - bytes : 0;
  };
  const std::uint64_t free = facts.space.free_bytes;
  const std::uint64_t needed = minus(fetch_bytes, facts.staged_bytes);
  const auto fits =
      storage::check_space(needed, facts.queue_bytes, facts.space, facts.reserve_bytes);
  out.key("disk")
      .begin_object()
      .member("free_bytes", free)
      .member("reserve_bytes", facts.reserve_bytes)
      .member("queue_bytes", facts.queue_bytes)
      .member("after_bytes", minus(free, needed))
      .member("after_queue_bytes", minus(minus(free, needed), facts.queue_bytes))
      .member("fits", fits.has_value())
      .end_object();
}

void write_repo(json::Writer& out, const PreviewFacts& facts,
                const std::vector<std::string>& paths) {
  const upstream::ModelInfo& info = facts.manifest.info;
  out.member("model_name", facts.question.model_name)
      .member("canonical_name", info.canonical_name)
      .member("revision", facts.question.revision)
      .member("commit", info.commit);
  member_unless_empty(out, "license", info.license);
  member_unless_empty(out, "task", info.task);
  member_unless_empty(out, "library", info.library);
  member_unless_empty(out, "format", model_format(paths));
  out.member("gated", info.gated == "auto" || info.gated == "manual")
      .member("accessible", facts.accessible);
}

}  // namespace

std::string preview_json(const PreviewFacts& facts) {
  std::vector<std::string> paths;
  for (const upstream::File& file : facts.manifest.files) paths.push_back(file.path);
  const auto duplicates = find_duplicates(paths);
  std::vector<bool> left_out(paths.size(), false);
  for (const Duplicate& duplicate : duplicates) left_out[duplicate.file] = true;
  const auto suggested = patterns_for(paths, left_out);
  const PreviewQuestion& question = facts.question;
  const Sum selected =
      sum_of(facts, wanted(paths, question.allow_patterns, question.ignore_patterns));

  json::Writer out;
  out.begin_object();
  write_repo(out, facts, paths);
  write_sum(out, sum_of(facts, wanted(paths, {}, {})));
  write_groups(out, facts, group(paths, duplicates));
  write_quants(out, facts, paths);
  out.member("suggested_ignore_patterns", suggested);
  write_choice(out, "suggested", sum_of(facts, wanted(paths, {}, suggested)));
  write_choice(out, "selected", selected);
  write_disk(out, facts, selected.bytes - selected.stored_bytes);
  return out.end_object().take();
}

}  // namespace modelkeep::fetch
