#pragma once
// A page of memory that all processes who open the same file share, for hints between them: the
// file stands in the run folder, is never synced, and losing it must lose nothing.
//
// `Content` is what lies in it: lock-free atomics, for which all zero is the beginning, and a
//   static constexpr std::string_view kLayout   at most 16 characters, another one for any change.
//
// A file of another layout or another size, whoever wrote it, is not touched: whoever has it open
// (a process of another version) goes on with it, and a page of zeros takes its name. A file that
// cannot be opened, is no regular file or finds no room on the disk is an error with its path.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"

namespace modelkeep {

inline constexpr std::size_t kSharedPageBytes = 4096;
/// The layout's name stands before the content, which has a cache line's alignment.
inline constexpr std::size_t kSharedPageContentAt = 64;
inline constexpr std::size_t kSharedPageLayoutBytes = 16;

namespace detail {
/// Points to the content; the mapping lives as long as any copy.
Result<std::shared_ptr<void>> map_shared_page(const std::string& path, std::string_view layout);
}  // namespace detail

/// Maps the file at `path`, created when missing; not its folder. Shared within the process too:
/// whoever copies the pointer uses the same mapping, and the last one unmaps it.
template <class Content>
Result<std::shared_ptr<Content>> open_shared_page(const std::string& path) {
  static_assert(sizeof(Content) <= kSharedPageBytes - kSharedPageContentAt);
  static_assert(alignof(Content) <= kSharedPageContentAt);
  static_assert(std::is_standard_layout_v<Content> && std::is_trivially_destructible_v<Content>);
  static_assert(!Content::kLayout.empty() && Content::kLayout.size() <= kSharedPageLayoutBytes);
  const auto page = TRY(detail::map_shared_page(path, Content::kLayout));
  return std::static_pointer_cast<Content>(page);
}

}  // namespace modelkeep
