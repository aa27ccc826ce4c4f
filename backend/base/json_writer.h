#pragma once
// Writes JSON into one buffer, in the order of the calls. What is written must be balanced; a
// mistake there is a bug in the caller. Strings are UTF-8 and come out escaped.
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelkeep::json {

class Writer {
 public:
  Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);

  Writer& null();
  Writer& value(bool flag);
  Writer& value(double number);
  Writer& value(std::string_view text);
  Writer& value(const char* text) { return value(std::string_view(text)); }
  Writer& value(const std::string& text) { return value(std::string_view(text)); }
  template <std::signed_integral T>
  Writer& value(T number) {
    return int_value(number);
  }
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Writer& value(T number) { return uint_value(number); }
  template <class T>
  Writer& value(const std::vector<T>& items) {
    begin_array();
    for (const auto& item : items) value(item);
    return end_array();
  }
  /// Anything that has `to_json(Writer&, const T&)`.
  template <class T>
  requires requires(Writer& out, const T& item) { to_json(out, item); }
  Writer& value(const T& item) {
    to_json(*this, item);
    return *this;
  }

  template <class T>
  Writer& member(std::string_view name, const T& item) {
    return key(name).value(item);
  }
  /// Absent is absent: writes nothing when there is no value.
  template <class T>
  Writer& member(std::string_view name, const std::optional<T>& item) {
    return item ? key(name).value(*item) : *this;
  }

  /// Text that is JSON already, as one value.
  Writer& raw(std::string_view json);

  std::string_view view() const;
  std::string take() const { return std::string(view()); }

 private:
  Writer& int_value(std::int64_t number);
  Writer& uint_value(std::uint64_t number);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace modelkeep::json
