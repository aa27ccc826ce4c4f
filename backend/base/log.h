#pragma once
// One line per event to stderr, `ts= level= event= key=value`. Any thread. Every line passes the
// redactor: bearer tokens, Hub tokens and the query of every URL never reach a log.
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace modelkeep::log {

enum class Level : std::uint8_t { debug, info, warn, error };

/// A value of a line: text or a number.
class Value {
 public:
  Value(std::string_view text) : text_(text) {}
  Value(const std::string& text) : text_(text) {}
  Value(const char* text) : text_(text) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  Value(T number) : text_(std::to_string(number)) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

struct Field {
  std::string_view key;
  Value value;
};
using Fields = std::initializer_list<Field>;

/// Lines below this level are dropped. Default info.
void set_level(Level level);
/// `role=worker` on each line of this process.
void set_role(std::string role);

void debug(std::string_view event, Fields fields = {});
void info(std::string_view event, Fields fields = {});
void warn(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

/// An error with its cause; logged once, where it is answered.
void failure(std::string_view event, const Error& error, Fields fields = {});

/// What the redactor leaves of a text.
std::string redacted(std::string_view text);

}  // namespace modelkeep::log
