#pragma once
// What a file system that ignores case and composition would take for the same name. Only for
// comparing; what it gives is no text.
#include <string>
#include <string_view>

namespace modelkeep::storage {

/// `text` must be well-formed UTF-8.
std::string folded(std::string_view text);

/// decompositions.txt, embedded.
std::string_view decompositions_text();

}  // namespace modelkeep::storage
