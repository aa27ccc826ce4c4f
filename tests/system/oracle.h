#pragma once
// What must be true after every fault, whatever it was. Each broken promise is a test failure of
// its own.
#include "tests/system/service.h"

namespace modelkeep::system_test {

/// The whole of it, on a running service: health, database, files, staging, locks, usage.
void expect_whole(Service& service);

/// integrity_check and foreign_key_check say ok; also with the service stopped.
void expect_sound_database(const storage::Layout& layout);
/// Every file of every ready model is in its folder, read-only, one inode with its blob, and hashes
/// to its name.
void expect_ready_files_are_right(const storage::Layout& layout);
/// The cache view leads to the same blobs.
void expect_view_is_right(const storage::Layout& layout);
/// Nothing in staging/ that no unfinished download owns, and no lock held for a download that is
/// over.
void expect_nothing_orphaned(const storage::Layout& layout);
/// The totals are the events.
void expect_counters_agree(Service& service);

/// SHA-256 of the file, in hex; empty when it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace modelkeep::system_test
