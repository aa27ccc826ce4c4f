#pragma once
// CHECK is for bugs in this program, in every build; bad input is never a bug and never meets it.
#include <cstdio>
#include <cstdlib>

namespace modelkeep::detail {
[[noreturn]] inline void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "level=fatal event=check.failed expression=\"%s\" at=%s:%d\n", expression,
               file, line);
  std::abort();
}
}  // namespace modelkeep::detail

#define CHECK(expression)              \
  ((expression) ? static_cast<void>(0) \
                : ::modelkeep::detail::check_failed(#expression, __FILE__, __LINE__))
