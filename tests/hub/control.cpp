#include "tests/hub/control.h"

#include <string>
#include <utility>

#include "base/json.h"
#include "tests/hub/access.h"
#include "tests/hub/repo_builder.h"

namespace modelkeep::standin {
namespace {

Answer done() {
  return json_answer("{\"success\":true}");
}

Answer wrong(const Error& error) {
  return refuse(400, {}, error.message);
}

Answer add_faults(FaultTable& faults, const Request& request) {
  auto parsed = parse_faults(request.body);
  if (!parsed) return wrong(parsed.error());
  for (Fault& fault : *parsed) faults.add(std::move(fault));
  return done();
}

struct FileOrder {
  std::string path;
  std::uint64_t size = 0;
  std::uint64_t seed = 1;
  std::string text;
  bool lfs = false;
};
void from_json(json::Reader& in, FileOrder& out) {
  in.required("path", out.path).optional("size", out.size).optional("seed", out.seed);
  in.optional("text", out.text).optional("lfs", out.lfs).nothing_else();
}

struct RepoOrder {
  std::string id;
  std::string raw_tree;
  bool is_private = false;
  bool gated = false;
  std::vector<FileOrder> files;
};
void from_json(json::Reader& in, RepoOrder& out) {
  in.required("id", out.id).required("files", out.files).optional("raw_tree", out.raw_tree);
  in.optional("private", out.is_private).optional("gated", out.gated).nothing_else();
}

Answer add_repo(Site& site, const Request& request) {
  json::Limits limits;
  limits.bytes = 1 << 20;
  limits.members = 100'000;
  limits.string_bytes = 1 << 20;
  const auto order = json::parse<RepoOrder>(request.body, limits);
  if (!order) return wrong(order.error());
  RepoBuilder builder(order->id);
  builder.about().is_private = order->is_private;
  builder.about().gate = order->gated ? Gate::files : Gate::open;
  for (const FileOrder& file : order->files) {
    Content content =
        file.size > 0 ? Content::generated(file.seed, file.size) : Content::text(file.text);
    if (file.lfs) {
      builder.lfs(file.path, std::move(content));
    } else {
      builder.file(file.path, std::move(content));
    }
  }
  if (!order->raw_tree.empty()) builder.raw_tree(order->raw_tree);
  site.repos.add(builder.build());
  return done();
}

Answer list_repos(const Site& site) {
  json::Writer out;
  out.begin_array();
  for (const RepoPtr& repo : site.repos.all()) out.value(repo->id);
  return json_answer(out.end_array().take());
}

}  // namespace

Answer answer_control(Site& site, FaultTable& faults, RequestLog& log, const Request& request,
                      std::string_view path) {
  const bool post = request.method == "POST";
  if (path == "log" && !post) return json_answer(to_json_text(log.snapshot()));
  if (path == "repos" && !post) return list_repos(site);
  if (path == "repos" && post) return add_repo(site, request);
  if (path == "faults" && post) return add_faults(faults, request);
  if (path == "faults" && request.method == "DELETE") {
    faults.clear();
    return done();
  }
  if (path == "reset" && post) {
    faults.clear();
    site.repos.restore();
    log.reset();
    return done();
  }
  return refuse(404, {}, "The stand-in has no such call");
}

}  // namespace modelkeep::standin
