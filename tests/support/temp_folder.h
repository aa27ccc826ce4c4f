#pragma once
// A fresh folder for one test, gone with it.
#include <filesystem>
#include <string>

#include <stdlib.h>

#include "base/check.h"

namespace modelkeep {

class TempFolder {
 public:
  TempFolder() {
    path_ = (std::filesystem::temp_directory_path() / "modelkeep-test-XXXXXX").string();
    CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace modelkeep
