#include "api/versioned_texts.h"

#include <utility>

namespace modelkeep::api {
namespace {

constexpr std::size_t kEntryBytes = 160;   // What an entry takes beside its text, roughly.
constexpr std::size_t kLongestShare = 16;  // No text takes more than this part of a shard.

std::size_t bytes_of(const VersionedTexts::Text& text) {
  return text->size() + kEntryBytes;
}

}  // namespace

VersionedTexts::Text VersionedTexts::find(std::int64_t model_pk, std::int64_t version) {
  return shard_of(model_pk).with([&](Shard& shard) -> Text {
    const auto found = shard.entries.find(model_pk);
    if (found == shard.entries.end() || found->second.version != version) return nullptr;
    return found->second.text;
  });
}

VersionedTexts::Text VersionedTexts::keep(std::int64_t model_pk, std::int64_t version,
                                          std::string text) {
  auto kept = std::make_shared<const std::string>(std::move(text));
  if (bytes_of(kept) > shard_bytes_max_ / kLongestShare) return kept;
  shard_of(model_pk).with([&](Shard& shard) {
    // Emptied at once: who is asked for all the time is back at once as well.
    if (shard.bytes + bytes_of(kept) > shard_bytes_max_) shard = {};
    Entry& entry = shard.entries[model_pk];
    // A thread that read an older moment does not push out what a later one wrote.
    if (entry.text && entry.version > version) return;
    if (entry.text) shard.bytes -= bytes_of(entry.text);
    shard.bytes += bytes_of(kept);
    entry = {version, kept};
  });
  return kept;
}

}  // namespace modelkeep::api
