// Folders and an old database that were there before, taken over while the service runs.
#include <filesystem>
#include <fstream>

#include "tests/system/running_store.h"

namespace modelkeep::system_test {
namespace {

namespace fs = std::filesystem;

class Adoption : public RunningStore {
 protected:
  void put(const std::string& path, const std::string& text) {
    const fs::path file = service().mount() + "/" + path;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
  Finished adopt() { return run_program(service().command({"adopt"}), 60'000); }
};

TEST_F(Adoption, F55_a_folder_placed_by_hand_is_taken_over_on_request_while_all_runs) {
  ASSERT_TRUE(start());
  put("acme_by-hand/config.json", "{\"by\":\"hand\"}\n");
  put("acme_by-hand/sub/weights.bin", std::string(100'000, 'w'));
  EXPECT_EQ(model("acme_by-hand").status, 404) << "never unasked";
  const Finished finished = adopt();
  ASSERT_TRUE(finished.exit.has_value());
  EXPECT_EQ(finished.exit->status, 0) << finished.output;
  const Answer shown = model("acme_by-hand");
  EXPECT_EQ(shown.text("model.status"), "ready") << shown.brief();
  EXPECT_EQ(shown.text("model.integrity"), "unverified");
  EXPECT_EQ(shown.size("model.files"), 2U);
  EXPECT_EQ(api().get("/api/models/acme_by-hand/files/config.json").body, "{\"by\":\"hand\"}\n");
  expect_whole(service());
}

TEST_F(Adoption, F54_an_old_database_with_bad_rows_gives_its_good_ones) {
  ASSERT_TRUE(start());
  put("acme_old/config.json", "{}\n");
  put("models_db.json",
      R"({"models":[{"id":"acme_old","name":"acme/old","downloaded_by":"ada",)"
      R"("downloaded_at":"2025-03-01T10:00:00Z"},)"
      R"({"id":"acme_old","name":"acme/twin"},{"id":7},"torn",{"id":"../up","name":"../up"}]})");
  const Finished finished = adopt();
  ASSERT_TRUE(finished.exit.has_value());
  const Answer shown = model("acme_old");
  EXPECT_EQ(shown.text("model.name"), "acme/old") << shown.brief() << finished.output;
  EXPECT_EQ(shown.text("model.downloaded_by"), "ada");
  EXPECT_EQ(api().get("/api/models").number("total"), 1);
  expect_whole(service());
}

}  // namespace
}  // namespace modelkeep::system_test
