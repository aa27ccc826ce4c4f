// Listings that a fetcher must refuse whole. Where one names a file that could be asked for, the
// file exists.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "tests/hub/catalogs.h"
#include "tests/hub/repo_builder.h"

namespace modelkeep::standin {
namespace {

constexpr std::string_view kBait = "bait\n";

// One honest file beside those that are not, so that a fetcher could be tempted to take part of it.
void add_paths(Repos& repos, const std::string& id, const std::vector<std::string>& paths) {
  RepoBuilder builder("hostile/" + id);
  builder.file("config.json", "{}\n");
  for (const std::string& path : paths) builder.file(path, std::string{kBait});
  repos.add(builder.build());
}

std::string entry(std::string_view path, std::string_view size) {
  json::Writer name;
  name.begin_object().member("path", path).end_object();
  std::string fields = name.take();
  fields.pop_back();
  return fields + ",\"type\":\"file\",\"oid\":\"" + std::string(40, 'a') +
         "\",\"size\":" + std::string{size} + ",\"lfs\":{\"oid\":\"" + std::string(64, 'b') +
         "\",\"size\":" + std::string{size} + ",\"pointerSize\":134}}";
}

void add_listing(Repos& repos, const std::string& id, std::string listing) {
  RepoBuilder builder("hostile/" + id);
  builder.file("config.json", "{}\n").raw_tree(std::move(listing));
  repos.add(builder.build());
}

void add_sizes(Repos& repos) {
  add_listing(repos, "sum-past-64-bits",
              '[' + entry("a.bin", "18446744073709551615") + ',' + entry("b.bin", "2") + ']');
  add_listing(repos, "size-past-64-bits", '[' + entry("a.bin", "99999999999999999999999") + ']');
  add_listing(repos, "size-negative", '[' + entry("a.bin", "-1") + ']');
  add_listing(repos, "size-fraction", '[' + entry("a.bin", "1.5") + ']');
  add_listing(repos, "size-text", '[' + entry("a.bin", "\"12\"") + ']');
}

void add_shapes(Repos& repos) {
  add_listing(repos, "not-a-list", "{\"error\":null}");
  add_listing(repos, "duplicate-path", '[' + entry("a.bin", "5") + ',' + entry("a.bin", "5") + ']');
  add_listing(repos, "no-path",
              "[{\"type\":\"file\",\"oid\":\"" + std::string(40, 'a') + "\",\"size\":5}]");
  add_listing(repos, "bad-digest",
              "[{\"type\":\"file\",\"path\":\"a.txt\",\"oid\":\"../../etc/passwd\",\"size\":5}]");
  add_listing(repos, "bad-utf8",
              "[{\"type\":\"file\",\"path\":\"a\xFF\xFE.txt\",\"oid\":\"" + std::string(40, 'a') +
                  "\",\"size\":5}]");
  add_listing(repos, "deep-json", std::string(200'000, '[') + std::string(200'000, ']'));
  RepoBuilder huge("hostile/million-files");
  huge.file("config.json", "{}\n").invented_files(1'000'000);
  repos.add(huge.build());
}

}  // namespace

void add_hostile_catalog(Repos& repos) {
  add_paths(repos, "dot-dot", {"../escaped.txt"});
  add_paths(repos, "dot-dot-inside", {"a/../../escaped.txt"});
  add_paths(repos, "absolute", {"/tmp/escaped.txt"});
  add_paths(repos, "empty-part", {"a//b.txt"});
  add_paths(repos, "backslash", {"..\\escaped.txt"});
  add_paths(repos, "control", {"bell\a.txt"});
  add_paths(repos, "newline", {"two\nlines.txt"});
  add_paths(repos, "bidi", {"model\xE2\x80\xAEtxt.exe"});
  add_paths(repos, "file-and-folder", {"a", "a/b.txt"});
  add_paths(repos, "case-twins", {"Model.txt", "model.TXT"});
  add_paths(repos, "composed-twins", {"\xC3\xA9.txt", "e\xCC\x81.txt"});
  add_paths(repos, "git-folder", {".git/config"});
  add_paths(repos, "store-folder", {".modelkeep/state/modelkeep.db"});
  add_paths(repos, "long-name", {std::string(300, 'n') + ".txt"});
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "d/";
  add_paths(repos, "deep", {deep + "file.txt"});
  add_sizes(repos);
  add_shapes(repos);
}

}  // namespace modelkeep::standin
