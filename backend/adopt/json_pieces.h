#pragma once
// Cuts a large JSON text into the members of its containers without reading them, so that one
// damaged member, a key that comes twice or a torn end costs that piece and not the whole. Pure.
// The pieces are then parsed strictly, one by one.
#include <functional>
#include <string_view>

namespace modelkeep::adopt {

/// `key` is empty in an array. Both are views into the text; `key` is as written, between its
/// quotes.
using VisitPiece = std::function<void(std::string_view key, std::string_view value)>;

/// The members of the object or array that `text` begins with. False when it ends early or is no
/// container: then the last piece may be torn too, and all before it are whole.
bool each_piece(std::string_view text, const VisitPiece& visit);

bool is_object(std::string_view text);
bool is_array(std::string_view text);

}  // namespace modelkeep::adopt
