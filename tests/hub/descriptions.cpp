#include "tests/hub/descriptions.h"

#include <algorithm>
#include <array>

namespace modelkeep::standin {
namespace {

std::string author_of(const Repo& repo) {
  const auto slash = repo.id.find('/');
  return slash == std::string::npos ? "" : repo.id.substr(0, slash);
}

std::vector<std::string> tags_of(const Repo& repo) {
  std::vector<std::string> tags = repo.tags;
  if (!repo.library_name.empty()) tags.push_back(repo.library_name);
  if (!repo.pipeline_tag.empty()) tags.push_back(repo.pipeline_tag);
  if (!repo.license.empty()) tags.push_back("license:" + repo.license);
  return tags;
}

void write_gated(json::Writer& out, const Repo& repo) {
  if (repo.gate == Gate::open) {
    out.value(false);
  } else {
    out.value("manual");
  }
}

void write_card(json::Writer& out, const Repo& repo) {
  out.begin_object();
  if (!repo.license.empty()) out.member("license", repo.license);
  if (!repo.pipeline_tag.empty()) out.member("pipeline_tag", repo.pipeline_tag);
  if (!repo.library_name.empty()) out.member("library_name", repo.library_name);
  out.member("tags", repo.tags).end_object();
}

void write_config(json::Writer& out, const Repo& repo) {
  out.begin_object();
  if (!repo.architecture.empty()) {
    out.member("architectures", std::vector<std::string>{repo.architecture});
  }
  if (!repo.model_type.empty()) out.member("model_type", repo.model_type);
  out.end_object();
}

void write_siblings(json::Writer& out, const Revision& revision, bool blobs) {
  out.begin_array();
  for (const FilePtr& file : revision.files) {
    out.begin_object().member("rfilename", file->path);
    if (blobs) {
      out.member("blobId", file->oid).member("size", file->size());
      if (file->lfs) {
        out.key("lfs").begin_object();
        out.member("sha256", file->sha256).member("size", file->size());
        out.member("pointerSize", file->pointer_size).end_object();
      }
    }
    out.end_object();
  }
  out.end_array();
}

std::uint64_t used_storage(const Repo& repo) {
  std::uint64_t bytes = 0;
  for (const RevisionPtr& revision : repo.history) {
    for (const FilePtr& file : revision->files) bytes += file->lfs ? file->size() : 0;
  }
  return bytes;
}

struct Field {
  std::string_view name;
  void (*write)(json::Writer& out, const Repo& repo, const Revision& revision, bool blobs);
  bool always;  // Or only when `expand` asks for it.
};

// One row a field, in the order upstream has them; `_id` and `id` come before.
constexpr std::array kFields{
    Field{"modelId", [](auto& out, auto& repo, auto&, bool) { out.value(repo.id); }, true},
    Field{"author", [](auto& out, auto& repo, auto&, bool) { out.value(author_of(repo)); }, true},
    Field{"sha", [](auto& out, auto&, auto& rev, bool) { out.value(rev.commit); }, true},
    Field{"lastModified", [](auto& out, auto&, auto& rev, bool) { out.value(rev.date); }, true},
    Field{"createdAt",
          [](auto& out, auto& repo, auto&, bool) { out.value(repo.history.front()->date); }, true},
    Field{"private", [](auto& out, auto& repo, auto&, bool) { out.value(repo.is_private); }, true},
    Field{"gated", [](auto& out, auto& repo, auto&, bool) { write_gated(out, repo); }, true},
    Field{"disabled", [](auto& out, auto& repo, auto&, bool) { out.value(repo.disabled); }, true},
    Field{"downloads", [](auto& out, auto& repo, auto&, bool) { out.value(repo.downloads); }, true},
    Field{"downloadsAllTime",
          [](auto& out, auto& repo, auto&, bool) { out.value(repo.downloads * 12); }, false},
    Field{"likes", [](auto& out, auto& repo, auto&, bool) { out.value(repo.likes); }, true},
    Field{"library_name", [](auto& out, auto& repo, auto&, bool) { out.value(repo.library_name); },
          true},
    Field{"pipeline_tag", [](auto& out, auto& repo, auto&, bool) { out.value(repo.pipeline_tag); },
          true},
    Field{"tags", [](auto& out, auto& repo, auto&, bool) { out.value(tags_of(repo)); }, true},
    Field{"cardData", [](auto& out, auto& repo, auto&, bool) { write_card(out, repo); }, true},
    Field{"config", [](auto& out, auto& repo, auto&, bool) { write_config(out, repo); }, true},
    Field{"safetensors",
          [](auto& out, auto& repo, auto&, bool) {
            out.begin_object().key("parameters").begin_object();
            if (!repo.dtype.empty()) out.member(repo.dtype, repo.parameters);
            out.end_object().member("total", repo.parameters).end_object();
          },
          true},
    Field{"spaces", [](auto& out, auto&, auto&, bool) { out.begin_array().end_array(); }, true},
    Field{"usedStorage", [](auto& out, auto& repo, auto&, bool) { out.value(used_storage(repo)); },
          true},
    Field{"siblings",
          [](auto& out, auto&, auto& rev, bool blobs) { write_siblings(out, rev, blobs); }, true},
};

bool has(const Repo& repo, std::string_view field) {
  if (field == "safetensors") return repo.parameters != 0;
  if (field == "library_name") return !repo.library_name.empty();
  if (field == "pipeline_tag") return !repo.pipeline_tag.empty();
  return true;
}

void write_last_commit(json::Writer& out, const Revision& revision) {
  out.key("lastCommit").begin_object();
  out.member("id", revision.commit).member("title", revision.title);
  out.member("date", revision.date).end_object();
}

void write_scan(json::Writer& out) {
  out.key("securityFileStatus").begin_object().member("status", "safe");
  out.key("avScan").begin_object().member("status", "safe").end_object();
  out.key("pickleImportScan").begin_object().member("status", "unscanned");
  out.key("pickleImports").begin_array().end_array().end_object().end_object();
}

void write_ref(json::Writer& out, const std::string& name, const std::string& ref,
               const std::string& commit) {
  out.begin_object().member("name", name).member("ref", ref);
  out.member("targetCommit", commit).end_object();
}

bool is_proposal(const Repo& repo, const Revision& revision) {
  return std::any_of(repo.pull_requests.begin(), repo.pull_requests.end(),
                     [&](const auto& pr) { return pr.second == revision.commit; });
}

}  // namespace

std::string describe_repo(const Repo& repo, const Revision& revision, const InfoShape& shape) {
  json::Writer out;
  out.begin_object().member("_id", repo.object_id).member("id", repo.id);
  for (const Field& field : kFields) {
    const bool asked =
        std::find(shape.expand.begin(), shape.expand.end(), field.name) != shape.expand.end();
    if (shape.expand.empty() ? !field.always : !asked) continue;
    if (!has(repo, field.name)) continue;
    out.key(field.name);
    field.write(out, repo, revision, shape.blobs);
  }
  return out.end_object().take();
}

void describe_listed(json::Writer& out, const Repo& repo) {
  const RevisionPtr head = repo.head();
  out.begin_object().member("_id", repo.object_id).member("id", repo.id);
  for (const Field& field : kFields) {
    constexpr std::array<std::string_view, 7> kDetails{
        "cardData", "config", "safetensors", "spaces", "siblings", "disabled", "usedStorage"};
    const bool detail = std::find(kDetails.begin(), kDetails.end(), field.name) != kDetails.end();
    if (!field.always || detail || !has(repo, field.name) || head == nullptr) continue;
    out.key(field.name);
    field.write(out, repo, *head, false);
  }
  out.end_object();
}

void describe_entry(json::Writer& out, const Revision& revision, const TreeEntry& entry,
                    const TreeShape& shape) {
  out.begin_object();
  if (entry.file == nullptr) {
    out.member("type", "directory").member("oid", entry.folder_oid).member("size", 0);
    out.member("path", entry.path);
    if (shape.expand) write_last_commit(out, revision);
    out.end_object();
    return;
  }
  const File& file = *entry.file;
  out.member("type", "file").member("oid", file.oid).member("size", file.size());
  if (file.lfs) {
    out.key("lfs").begin_object().member("oid", file.sha256).member("size", file.size());
    out.member("pointerSize", file.pointer_size).end_object();
    out.member("xetHash", shape.hides_xet ? std::string(64, '*') : file.xet_hash);
  }
  out.member("path", file.path);
  if (shape.expand) {
    write_last_commit(out, revision);
    write_scan(out);
  }
  out.end_object();
}

void describe_invented(json::Writer& out, std::uint64_t index) {
  out.begin_object().member("type", "file").member("oid", std::string(40, 'a')).member("size", 1);
  out.member("path", "part-" + std::to_string(index) + ".txt").end_object();
}

std::string describe_refs(const Repo& repo, bool with_pull_requests) {
  json::Writer out;
  out.begin_object().key("branches").begin_array();
  for (const auto& [name, commit] : repo.branches) {
    write_ref(out, name, "refs/heads/" + name, commit);
  }
  out.end_array().key("converts").begin_array().end_array().key("tags").begin_array();
  for (const auto& [name, commit] : repo.git_tags) {
    write_ref(out, name, "refs/tags/" + name, commit);
  }
  out.end_array();
  if (with_pull_requests) {
    out.key("pullRequests").begin_array();
    for (const auto& [ref, commit] : repo.pull_requests) write_ref(out, ref, ref, commit);
    out.end_array();
  }
  return out.end_object().take();
}

std::string describe_commits(const Repo& repo, const Revision& tip) {
  json::Writer out;
  out.begin_array();
  bool reached = false;
  for (auto revision = repo.history.rbegin(); revision != repo.history.rend(); ++revision) {
    const bool is_tip = (*revision)->commit == tip.commit;
    reached = reached || is_tip;
    if (!reached || (!is_tip && is_proposal(repo, **revision))) continue;
    out.begin_object().member("id", (*revision)->commit).member("title", (*revision)->title);
    out.member("message", "").key("authors").begin_array().begin_object();
    out.member("user", "standin").end_object().end_array();
    out.member("date", (*revision)->date).end_object();
  }
  return out.end_array().take();
}

}  // namespace modelkeep::standin
