#include "base/digest.h"

#include <gtest/gtest.h>

namespace modelkeep {
namespace {

TEST(Digest, agrees_with_the_published_vectors) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, names_a_blob_as_git_does) {
  Digest empty = Digest::git_blob(0);
  EXPECT_EQ(empty.finish_hex(), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  Digest hello = Digest::git_blob(6);
  hello.update("hel");
  hello.update("lo\n");
  EXPECT_EQ(hello.finish_hex(), "ce013625030ba8dba906f756967f9e9ca394464a");
}

}  // namespace
}  // namespace modelkeep
