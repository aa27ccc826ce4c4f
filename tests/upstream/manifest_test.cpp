#include "upstream/manifest.h"

#include <gtest/gtest.h>

namespace modelkeep::upstream {
namespace {

const std::string kOid(40, 'a');
const std::string kSha(64, 'b');

std::string file_entry(const std::string& path, const std::string& size) {
  return R"({"type":"file","path":")" + path + R"(","oid":")" + kOid + R"(","size":)" + size + "}";
}

TEST(Manifest, reads_the_facts_of_a_model) {
  const auto info = parse_model_info(
      R"({"id":"acme/tiny","sha":")" + kOid +
      R"(","pipeline_tag":"text-generation","library_name":"transformers","gated":"auto",
      "tags":["a","license:mit"],"cardData":{"license":"apache-2.0"}})");
  ASSERT_TRUE(info);
  EXPECT_EQ(info->canonical_name, "acme/tiny");
  EXPECT_EQ(info->commit, kOid);
  EXPECT_EQ(info->task, "text-generation");
  EXPECT_EQ(info->library, "transformers");
  EXPECT_EQ(info->license, "apache-2.0");
  EXPECT_EQ(info->gated, "auto");
}

TEST(Manifest, takes_the_license_from_the_tags_when_the_card_has_none) {
  EXPECT_EQ(parse_model_info(R"({"sha":")" + kOid + R"(","gated":false,"tags":["license:mit"]})")
                ->license,
            "mit");
}

TEST(Manifest, drops_a_canonical_name_that_is_no_repo_name) {
  EXPECT_EQ(parse_model_info(R"({"id":"../../etc","sha":")" + kOid + R"("})")->canonical_name, "");
}

TEST(Manifest, calls_an_answer_it_cannot_read_a_passing_state) {
  for (const std::string text : {"<html>", "", "{}", "[]", R"({"sha":"main"})"}) {
    const auto info = parse_model_info(text);
    ASSERT_FALSE(info) << text;
    EXPECT_EQ(info.error().code, codes::upstream_invalid);
    EXPECT_EQ(info.error().kind, ErrorKind::unavailable);
  }
}

TEST(Manifest, reads_files_with_their_digests) {
  Manifest manifest;
  ASSERT_TRUE(add_tree_page(R"([{"type":"directory","path":"d","oid":"x","size":0},)" +
                                file_entry("a.txt", "7") + R"(,{"type":"file","path":"w","oid":")" +
                                kOid + R"(","size":9,"lfs":{"oid":")" + kSha +
                                R"(","size":9,"pointerSize":135}}])",
                            manifest));
  ASSERT_EQ(manifest.files.size(), 2U);
  EXPECT_EQ(manifest.files[0].git_oid, kOid);
  EXPECT_FALSE(manifest.files[0].is_lfs);
  EXPECT_EQ(manifest.files[1].sha256, kSha);
  EXPECT_EQ(manifest.files[1].size_bytes, 9U);
}

TEST(Manifest, rejects_files_it_could_not_check) {
  const std::string pages[] = {
      "[" + file_entry("a", "-1") + "]",
      "[" + file_entry("a", "1.5") + "]",
      "[" + file_entry("a", "18446744073709551615") + "]",
      "[" + file_entry("a", "9007199254740000") + "," + file_entry("b", "9007199254740000") + "]",
      R"([{"type":"file","path":"a","oid":"short","size":1}])",
      R"([{"type":"file","oid":")" + kOid + R"(","size":1}])",
      R"([{"type":"file","path":"a","oid":")" + kOid +
          R"(","size":1,"lfs":{"oid":"****","size":1}}])",
  };
  for (const std::string& page : pages) {
    Manifest manifest;
    const auto added = add_tree_page(page, manifest);
    ASSERT_FALSE(added) << page;
    EXPECT_EQ(added.error().code, codes::upstream_manifest_rejected) << page;
  }
}

TEST(Manifest, has_a_limit_on_its_files) {
  Manifest manifest;
  std::string page = "[" + file_entry("f0", "1");
  for (int i = 1; i < 1000; ++i) page += "," + file_entry("f" + std::to_string(i), "1");
  page += "]";
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(add_tree_page(page, manifest));
  EXPECT_FALSE(add_tree_page(page, manifest));
}

}  // namespace
}  // namespace modelkeep::upstream
