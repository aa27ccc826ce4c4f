// Arrows between rooms run down. This table is the structure; a new arrow is a decision, made here.
#include <filesystem>
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
      {"view", {"catalog", "sqlite", "storage", "base"}},
      {"sweep", {"catalog", "sqlite", "storage", "base"}},
      {"adopt", {"catalog", "sqlite", "storage", "base"}},
      {"fetch", {"view", "catalog", "sqlite", "storage", "upstream", "net", "base"}},
      {"api", {"auth", "catalog", "sqlite", "storage", "usage", "http", "base"}},
      {"hub", {"auth", "catalog", "sqlite", "storage", "usage", "http", "base"}},
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

/// All CMake files as one text, each line with its folder's path before it.
std::set<std::string> listed_sources() {
  std::set<std::string> listed;
  const std::regex source("[A-Za-z0-9_./]+\\.cpp");
  for (const char* folder : {"backend", "cli", "tests", "bench"}) {
    for (const SourceFile& cmake : files_in(folder, {"CMakeLists.txt"})) {
      const std::filesystem::path beside = std::filesystem::path(cmake.path).parent_path();
      for (const std::string& line : cmake.lines) {
        for (std::sregex_iterator found(line.begin(), line.end(), source), end; found != end;
             ++found) {
          // "/tests/..." is what remains of ${PROJECT_SOURCE_DIR}/tests/...
          const std::string name = found->str();
          listed.insert(name[0] == '/' ? name.substr(1)
                                       : (beside / name).lexically_normal().string());
        }
      }
    }
  }
  return listed;
}

TEST(Arrows, every_source_file_is_listed_in_a_cmake_file) {
  const std::set<std::string> listed = listed_sources();
  for (const SourceFile& file : all_sources()) {
    if (!file.path.ends_with(".cpp")) continue;
    EXPECT_TRUE(listed.contains(file.path)) << file.path << " is in no CMakeLists.txt";
  }
}

}  // namespace
}  // namespace modelkeep::tidy
