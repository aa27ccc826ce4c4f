#pragma once
// JSON behind one door: a strict parser with limits, a reader that keeps its first complaint, a
// writer into one buffer. RapidJSON stays inside json.cpp and json_writer.cpp.
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"

namespace modelkeep::json {

/// What a text may cost. The defaults are those for a request body.
struct Limits {
  std::size_t bytes = 64 * 1024;
  std::size_t depth = 32;
  std::size_t members = 1'000;  ///< Object members and array elements together.
  std::size_t string_bytes = 4 * 1024;
  bool object_at_top = true;
};

/// Answers of an upstream hub: long lists, small objects.
inline constexpr Limits kUpstreamLimits{64u << 20, 64, 4'000'000, 4u << 20, false};

/// A borrowed view of a value; valid as long as its Document.
class Value {
 public:
  Value() = default;
  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  std::optional<bool> as_bool() const;
  std::optional<std::int64_t> as_int() const;
  std::optional<std::uint64_t> as_uint() const;
  std::optional<double> as_double() const;  ///< Any number.
  std::optional<std::string_view> as_string() const;

  std::size_t size() const;                   ///< Of an array or object, else 0.
  Value operator[](std::size_t index) const;  ///< Of an array; `index` below size().
  /// The member, or a null value when this is no object or has no such member.
  Value operator[](std::string_view key) const;
  bool has(std::string_view key) const;
  void each_member(const std::function<void(std::string_view key, Value value)>& visit) const;

 private:
  friend class Document;
  explicit Value(const void* value) : value_(value) {}
  const void* value_ = nullptr;
};

class Document {
 public:
  /// Refuses what RFC 8259 leaves open and attackers use: duplicate keys, a BOM, NUL, lone
  /// surrogates, broken UTF-8, numbers out of range. Codes json_invalid, json_too_deep,
  /// json_too_large, json_duplicate_key, field_invalid (U+0000 in a string), field_type (no object
  /// at the top).
  static Result<Document> parse(std::string_view text, const Limits& limits = {});

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();
  Value root() const;

 private:
  struct Impl;
  explicit Document(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// Reads the members of one object into fields; `finish()` gives the first complaint, with the
/// member's name. Codes field_missing, field_type, field_unknown. A null counts as absent.
class Reader {
 public:
  explicit Reader(Value object) : object_(object) {}

  template <class T>
  Reader& required(std::string_view name, T& out) {
    note(name);
    const Value value = object_[name];
    if (value.is_null()) return complain_missing(name);
    return read(name, value, out);
  }

  template <class T>
  Reader& optional(std::string_view name, std::optional<T>& out) {
    note(name);
    const Value value = object_[name];
    if (value.is_null()) return *this;
    return read(name, value, out.emplace());
  }

  /// Leaves `out` as it is when the member is absent.
  template <class T>
  Reader& optional(std::string_view name, T& out) {
    note(name);
    const Value value = object_[name];
    return value.is_null() ? *this : read(name, value, out);
  }

  /// Complains (field_unknown) about members that none of the calls above named.
  Reader& nothing_else();

  bool has(std::string_view name) const { return object_.has(name); }
  Result<> finish() const;

 private:
  Reader& read(std::string_view name, Value value, std::string& out);
  Reader& read(std::string_view name, Value value, bool& out);
  Reader& read(std::string_view name, Value value, std::int64_t& out);
  Reader& read(std::string_view name, Value value, std::uint64_t& out);
  Reader& read(std::string_view name, Value value, int& out);
  Reader& read(std::string_view name, Value value, double& out);
  template <class T>
  Reader& read(std::string_view name, Value value, std::vector<T>& out) {
    if (!value.is_array()) return complain_type(name, "a list");
    out.clear();
    for (std::size_t i = 0; i < value.size(); ++i) read(name, value[i], out.emplace_back());
    return *this;
  }
  template <class T>
  requires requires(Reader& in, T& out) { from_json(in, out); }
  Reader& read(std::string_view name, Value value, T& out) {
    if (!value.is_object()) return complain_type(name, "an object");
    Reader inner(value);
    from_json(inner, out);
    if (auto result = inner.finish(); !result) complain(std::move(result).error());
    return *this;
  }

  void note(std::string_view name) { known_.emplace_back(name); }
  Reader& complain_missing(std::string_view name);
  Reader& complain_type(std::string_view name, std::string_view expected);
  void complain(Error error);

  Value object_;
  std::vector<std::string_view> known_;
  std::optional<Error> first_complaint_;
};

/// Parses `text` and fills a T through `from_json(Reader&, T&)`.
template <class T>
Result<T> parse(std::string_view text, const Limits& limits = {}) {
  const Document document = TRY(Document::parse(text, limits));
  T value{};
  Reader reader(document.root());
  from_json(reader, value);
  TRY(reader.finish());
  return value;
}

}  // namespace modelkeep::json
