// Arrows between rooms run down. This table is the structure; a new arrow is a decision, made here.
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include <gtest/gtest.h>

#include "tests/tidy/tree.h"

namespace modelkeep::tidy {
namespace {

using Rooms = std::set<std::string>;

const std::map<std::string, Rooms>& arrows() {
  static const std::map<std::string, Rooms> table = {
      {"base", {}},
      {"sqlite", {"base"}},
      {"http", {"base"}},
      {"storage", {"base"}},
      {"net", {"base"}},
      {"upstream", {"net", "base"}},
      {"catalog", {"sqlite", "base"}},
      {"usage", {"catalog", "sqlite", "base"}},
      {"auth", {"catalog", "http", "base"}},
      {"sweep", {"catalog", "sqlite", "storage", "base"}},
      {"adopt", {"catalog", "sqlite", "storage", "base"}},
      {"fetch", {"catalog", "sqlite", "storage", "upstream", "net", "base"}},
      {"api", {"auth", "catalog", "sqlite", "storage", "usage", "http", "base"}},
      {"cli", {"net", "base"}},
  };
  return table;
}

/// Beside the table: api reaches the fetchers through one header only, the question it may ask
/// them.
bool is_allowed(const std::string& from, const std::string& to, const std::string& header) {
  if (from == to || from == "app" || from == "main") return true;
  if (header == "fetch/ask.h" && from == "api") return true;
  if (from == "fetch" && to == "sweep") return true;
  const auto row = arrows().find(from);
  return row != arrows().end() && row->second.contains(to);
}

TEST(Arrows, run_down_only) {
  const std::regex include("^\\s*#include \"([a-z_]+)/([^\"]+)\"");
  for (const char* folder : {"backend", "cli"}) {
    for (const SourceFile& file : files_in(folder, {".h", ".cpp"})) {
      for (const std::string& line : file.lines) {
        std::smatch found;
        if (!std::regex_search(line, found, include)) continue;
        const std::string to = found[1];
        EXPECT_TRUE(is_allowed(room_of(file), to, to + "/" + found[2].str()))
            << file.path << " includes " << to << "/" << found[2] << ": " << room_of(file)
            << " may not use " << to;
      }
    }
  }
}

TEST(Arrows, every_room_is_in_the_table) {
  for (const SourceFile& file : files_in("backend", {".cpp"})) {
    const std::string room = room_of(file);
    if (room == "app" || room == "main") continue;
    EXPECT_TRUE(arrows().contains(room)) << file.path;
  }
}

TEST(Arrows, a_library_is_known_to_the_room_that_owns_it_only) {
  const std::map<std::string, std::string> owners = {
      {"<sqlite3.h>", "sqlite"},    {"<curl/", "net"},
      {"<rapidjson/", "base"},      {"<fcgi", "http"},
      {"<openssl/", "base"},        {"<tclap/", "cli"},
      {"<toml.hpp>", "app or cli"}, {"<sodium.h>", "auth"},
  };
  for (const char* folder : {"backend", "cli"}) {
    for (const SourceFile& file : files_in(folder, {".h", ".cpp"})) {
      for (const std::string& line : file.lines) {
        if (!line.starts_with("#include <")) continue;
        for (const auto& [header, owner] : owners) {
          if (line.find(header) == std::string::npos) continue;
          EXPECT_NE(owner.find(room_of(file)), std::string::npos)
              << file.path << " includes " << header;
        }
      }
    }
  }
}

TEST(Arrows, every_source_file_is_listed_in_its_cmake_file) {
  for (const SourceFile& file : all_sources()) {
    if (!file.path.ends_with(".cpp")) continue;
    const auto slash = file.path.rfind('/');
    const std::string name = file.path.substr(slash + 1);
    bool listed = false;
    // Listed beside it, or by a parent folder with the rest of the path.
    for (auto end = slash; end != std::string::npos && !listed;
         end = end == 0 ? std::string::npos : file.path.rfind('/', end - 1)) {
      std::ifstream cmake(std::string(MODELKEEP_SOURCE_DIR) + "/" + file.path.substr(0, end) +
                          "/CMakeLists.txt");
      const std::string text((std::istreambuf_iterator<char>(cmake)), {});
      listed = text.find(file.path.substr(end + 1)) != std::string::npos;
    }
    EXPECT_TRUE(listed) << file.path << " is in no CMakeLists.txt";
  }
}

}  // namespace
}  // namespace modelkeep::tidy
