#pragma once
// Ready-made sets of repositories; README.md lists what is in each. Pure but for the hashing.
#include "tests/hub/repos.h"

namespace modelkeep::standin {

/// A dozen small models as people would really fetch, in real formats, about 250 MB in all.
void add_demo_catalog(Repos& repos);

/// Tiny repositories under `test/`, one for each thing a fetcher must get right.
void add_test_catalog(Repos& repos);

/// Repositories under `hostile/` whose listings no honest hub would give.
void add_hostile_catalog(Repos& repos);

}  // namespace modelkeep::standin
