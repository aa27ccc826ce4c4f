#include "catalog/identity.h"

#include "base/digest.h"

namespace modelkeep::catalog {
namespace {

std::string pointer_text(const catalog::ModelFile& file) {
  return "version https://git-lfs.github.com/spec/v1\noid sha256:" + file.sha256 + "\nsize " +
         std::to_string(file.size_bytes) + "\n";
}

}  // namespace

std::string git_blob_oid(std::string_view bytes) {
  Digest digest = Digest::git_blob(bytes.size());
  digest.update(bytes);
  return digest.finish_hex();
}

Identity identity_of(const catalog::ModelFile& file) {
  if (file.size_bytes == 0) return {false, git_blob_oid({}), {}};
  std::string pointer = pointer_text(file);
  std::string pointer_oid = git_blob_oid(pointer);
  if (!file.git_oid.empty() && file.git_oid != pointer_oid) return {false, file.git_oid, {}};
  return {true, std::move(pointer_oid), std::move(pointer)};
}

std::string commit_or_stand_in(std::string_view commit, std::string_view model_name,
                               Time created_at) {
  if (!commit.empty()) return std::string{commit};
  Digest digest = Digest::sha1();
  digest.update("adopted ");
  digest.update(model_name);
  digest.update(" " + std::to_string(created_at.ms));
  return digest.finish_hex();
}

}  // namespace modelkeep::catalog
