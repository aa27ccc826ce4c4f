#pragma once
// Why a queued download waits, as people are told. A pure function: the row keeps only what a
// fetcher said, the rest follows from its place and the hour.
#include "catalog/downloads.h"

namespace modelkeep::catalog {

/// What a fetcher said holds until its time has come. After that: `window` while the hours allow no
/// download at all, `order` while another one that could start goes first, else `slot`. `none` for
/// one that is not queued.
WaitReason wait_reason_of(const Download& download, Time now, bool window_closed);

}  // namespace modelkeep::catalog
