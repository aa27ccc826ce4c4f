// modelkeepd without the journal, to measure what counting costs: the linker sends each call of
// usage::Journal::append here (--wrap). The name is the mangled one behind "__wrap_"; when the
// signature changes, the link still succeeds and bench/http_bench.py sees that use is counted after
// all.
#include "usage/journal.h"

extern "C" modelkeep::Result<> MODELKEEP_WRAPPED_APPEND(
    modelkeep::usage::Journal* /*journal*/, const modelkeep::usage::Event& /*event*/,
    modelkeep::usage::Durability /*durability*/);

extern "C" modelkeep::Result<> MODELKEEP_WRAPPED_APPEND(
    modelkeep::usage::Journal* /*journal*/, const modelkeep::usage::Event& /*event*/,
    modelkeep::usage::Durability /*durability*/) {
  return {};
}
