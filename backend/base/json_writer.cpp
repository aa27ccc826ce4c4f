#include "base/json_writer.h"

#include <algorithm>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace modelkeep::json {

struct Writer::Impl {
  rapidjson::StringBuffer buffer{nullptr, 2048};
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
};

namespace {
rapidjson::SizeType length_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}
}  // namespace

Writer::Writer() : impl_(std::make_unique<Impl>()) {}
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;
Writer::~Writer() = default;

Writer& Writer::begin_object() {
  impl_->writer.StartObject();
  return *this;
}
Writer& Writer::end_object() {
  impl_->writer.EndObject();
  return *this;
}
Writer& Writer::begin_array() {
  impl_->writer.StartArray();
  return *this;
}
Writer& Writer::end_array() {
  impl_->writer.EndArray();
  return *this;
}
Writer& Writer::key(std::string_view name) {
  impl_->writer.Key(name.data(), length_of(name));
  return *this;
}
Writer& Writer::null() {
  impl_->writer.Null();
  return *this;
}
Writer& Writer::value(bool flag) {
  impl_->writer.Bool(flag);
  return *this;
}
Writer& Writer::value(double number) {
  impl_->writer.Double(number);
  return *this;
}
Writer& Writer::value(std::string_view text) {
  // A null pointer is an empty text here, and an assertion in RapidJSON.
  impl_->writer.String(text.empty() ? "" : text.data(), length_of(text));
  return *this;
}
Writer& Writer::int_value(std::int64_t number) {
  impl_->writer.Int64(number);
  return *this;
}
Writer& Writer::uint_value(std::uint64_t number) {
  impl_->writer.Uint64(number);
  return *this;
}
Writer& Writer::raw(std::string_view json) {
  // The comma before it is RapidJSON's; the text itself it would copy byte by byte.
  impl_->writer.RawValue("", 0, rapidjson::kObjectType);
  std::copy(json.begin(), json.end(), impl_->buffer.Push(json.size()));
  return *this;
}
std::string_view Writer::view() const {
  return {impl_->buffer.GetString(), impl_->buffer.GetSize()};
}

}  // namespace modelkeep::json
