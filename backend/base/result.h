#pragma once
// Errors are values: a function that can fail returns Result<T>, and its signature says so. A kind
// tells what the caller can do about it; http/problem.cpp is the only place where a kind becomes a
// status.
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

#include "base/error_codes.h"

namespace modelkeep {

enum class ErrorKind : std::uint8_t {
  invalid,          ///< The request is wrong; sending it again cannot help.
  unauthenticated,  ///< No credential, or one that is not known.
  forbidden,        ///< Known, and not allowed.
  not_found,
  conflict,  ///< True of the request, but not in the present state.
  too_large,
  no_space,
  unavailable,  ///< Passing: the same request may succeed later. The only kind that is retried.
  corrupt,      ///< Bytes are not what their digest or format says.
  internal,
};

struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::internal;
  std::string_view code;  ///< As in the API, one of base/error_codes.h.
  std::string message;  ///< For the caller: cause and next step; no host paths, no SQL, no secrets.
  std::string cause;    ///< For the log only.
};

template <class T = void>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorKind::invalid, codes::repo_id_invalid, "...");` from any function that returns
/// a Result.
inline tl::unexpected<Error> fail(ErrorKind kind, std::string_view code, std::string message,
                                  std::string cause = {}) {
  return tl::unexpected<Error>{Error{kind, code, std::move(message), std::move(cause)}};
}

namespace detail {
template <class T>
T take(Result<T>& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace detail

/// Hands the value on or returns the error. The whole right-hand side or the whole statement, never
/// an argument.
#define TRY(...)                                                             \
  __extension__({                                                            \
    auto try_result = (__VA_ARGS__);                                         \
    if (!try_result) return ::tl::unexpected{std::move(try_result).error()}; \
    ::modelkeep::detail::take(try_result);                                   \
  })

}  // namespace modelkeep
