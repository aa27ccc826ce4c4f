#pragma once
// The database cannot even delete a row on a full disk: the space held back beside it is given back
// then.
#include "fetch/surroundings.h"

namespace modelkeep::fetch {

/// True when `error` says so and there was something to give back: one more try makes sense.
bool make_room_for_rows(const Surroundings& around, const Error& error);

}  // namespace modelkeep::fetch
