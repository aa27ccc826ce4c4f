#include "base/json.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include "base/text.h"

namespace modelkeep::json {
namespace {

tl::unexpected<Error> refuse(std::string_view code, std::string message) {
  return fail(ErrorKind::invalid, code, std::move(message));
}

/// Counts and checks while the parser runs, and hands on to the document what is within limits.
/// Numbers arrive as text, so that "-0" and 1e400 can be told from integers.
class CheckedHandler {
 public:
  CheckedHandler(rapidjson::Document& target, const Limits& limits)
      : target_(target), limits_(limits) {}

  bool Null() { return count() && target_.Null(); }
  bool Bool(bool flag) { return count() && target_.Bool(flag); }
  // The parser hands every number to RawNumber; these exist because its interface asks for them.
  bool Int(int) { return false; }
  bool Uint(unsigned) { return false; }
  bool Int64(std::int64_t) { return false; }
  bool Uint64(std::uint64_t) { return false; }
  bool Double(double) { return false; }

  bool RawNumber(const char* begin, rapidjson::SizeType length, bool) {
    const std::string_view text(begin, length);
    const bool negative = text.front() == '-';
    if (const auto magnitude = parse_decimal(negative ? text.substr(1) : text);
        magnitude && !(negative && *magnitude == 0)) {
      if (!negative) return count() && target_.Uint64(*magnitude);
      std::int64_t value = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error == std::errc{} && end == text.data() + text.size())
        return count() && target_.Int64(value);
    }
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return refuse_with(codes::json_invalid, "A number is out of range.");
    return count() && target_.Double(value);
  }

  bool String(const char* begin, rapidjson::SizeType length, bool) {
    return check_text({begin, length}) && count() && target_.String(begin, length, true);
  }
  bool Key(const char* begin, rapidjson::SizeType length, bool) {
    if (!check_text({begin, length})) return false;
    keys_.back().emplace_back(begin, length);
    return target_.Key(begin, length, true);
  }
  bool StartObject() {
    keys_.emplace_back();
    return enter() && target_.StartObject();
  }
  bool EndObject(rapidjson::SizeType members) {
    --depth_;
    auto& keys = keys_.back();
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) {
      return refuse_with(codes::json_duplicate_key,
                         "\"" + std::string(clipped(*twice, 100)) + "\" is given twice.");
    }
    keys_.pop_back();
    return target_.EndObject(members);
  }
  bool StartArray() { return enter() && target_.StartArray(); }
  bool EndArray(rapidjson::SizeType elements) {
    --depth_;
    return target_.EndArray(elements);
  }

  std::optional<Error>& complaint() { return complaint_; }

 private:
  bool refuse_with(std::string_view code, std::string message) {
    complaint_ = Error{ErrorKind::invalid, code, std::move(message), {}};
    return false;
  }
  bool count() {
    if (++members_ <= limits_.members) return true;
    return refuse_with(codes::json_too_large,
                       "More than " + std::to_string(limits_.members) + " values are in it.");
  }
  bool enter() {
    if (++depth_ <= limits_.depth) return count();
    return refuse_with(codes::json_too_deep,
                       "It is nested deeper than " + std::to_string(limits_.depth) + " levels.");
  }
  bool check_text(std::string_view text) {
    if (text.size() > limits_.string_bytes) {
      return refuse_with(
          codes::json_too_large,
          "A string is longer than " + std::to_string(limits_.string_bytes) + " bytes.");
    }
    if (text.find('\0') != std::string_view::npos) {
      return refuse_with(codes::field_invalid, "A string contains the character U+0000.");
    }
    return true;
  }

  rapidjson::Document& target_;
  const Limits& limits_;
  std::size_t depth_ = 0;
  std::size_t members_ = 0;
  std::vector<std::vector<std::string>> keys_;
  std::optional<Error> complaint_;
};

const rapidjson::Value& as_rapid(const void* value) {
  static const rapidjson::Value null;
  return value == nullptr ? null : *static_cast<const rapidjson::Value*>(value);
}

}  // namespace

struct Document::Impl {
  rapidjson::Document document;
};

Document::Document(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) {
    return fail(ErrorKind::too_large, codes::body_too_large,
                "The JSON text is longer than " + std::to_string(limits.bytes) + " bytes.");
  }
  if (text.starts_with("\xEF\xBB\xBF"))
    return refuse(codes::json_invalid, "A byte order mark stands first.");
  if (text.find('\0') != std::string_view::npos)
    return refuse(codes::json_invalid, "A NUL byte is in it.");

  auto impl = std::make_unique<Impl>();
  CheckedHandler handler(impl->document, limits);
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::ParseResult outcome;
  auto run = [&](rapidjson::Document&) {
    constexpr unsigned kFlags = rapidjson::kParseIterativeFlag |
                                rapidjson::kParseValidateEncodingFlag |
                                rapidjson::kParseNumbersAsStringsFlag;
    rapidjson::Reader reader;
    outcome = reader.Parse<kFlags>(stream, handler);
    return !outcome.IsError();
  };
  impl->document.Populate(run);
  if (handler.complaint()) return tl::unexpected{std::move(*handler.complaint())};
  if (outcome.IsError()) {
    return refuse(codes::json_invalid, "The text is not valid JSON at byte " +
                                           std::to_string(outcome.Offset()) + ": " +
                                           rapidjson::GetParseError_En(outcome.Code()));
  }
  if (limits.object_at_top && !impl->document.IsObject()) {
    return refuse(codes::field_type, "The JSON text must be an object.");
  }
  return Document(std::move(impl));
}

Value Document::root() const {
  return Value(static_cast<const rapidjson::Value*>(&impl_->document));
}

bool Value::is_null() const {
  return as_rapid(value_).IsNull();
}
bool Value::is_object() const {
  return as_rapid(value_).IsObject();
}
bool Value::is_array() const {
  return as_rapid(value_).IsArray();
}

std::optional<bool> Value::as_bool() const {
  const auto& value = as_rapid(value_);
  return value.IsBool() ? std::optional(value.GetBool()) : std::nullopt;
}
std::optional<std::int64_t> Value::as_int() const {
  const auto& value = as_rapid(value_);
  return value.IsInt64() ? std::optional<std::int64_t>(value.GetInt64()) : std::nullopt;
}
std::optional<std::uint64_t> Value::as_uint() const {
  const auto& value = as_rapid(value_);
  return value.IsUint64() ? std::optional<std::uint64_t>(value.GetUint64()) : std::nullopt;
}
std::optional<double> Value::as_double() const {
  const auto& value = as_rapid(value_);
  return value.IsNumber() ? std::optional(value.GetDouble()) : std::nullopt;
}
std::optional<std::string_view> Value::as_string() const {
  const auto& value = as_rapid(value_);
  if (!value.IsString()) return std::nullopt;
  return std::string_view(value.GetString(), value.GetStringLength());
}
std::size_t Value::size() const {
  const auto& value = as_rapid(value_);
  return value.IsArray() ? value.Size() : value.IsObject() ? value.MemberCount() : 0;
}
Value Value::operator[](std::size_t index) const {
  return Value(&as_rapid(value_)[static_cast<rapidjson::SizeType>(index)]);
}
Value Value::operator[](std::string_view key) const {
  const auto& value = as_rapid(value_);
  if (!value.IsObject()) return {};
  const auto found = value.FindMember(rapidjson::Value(
      rapidjson::StringRef(key.data(), static_cast<rapidjson::SizeType>(key.size()))));
  return found == value.MemberEnd() ? Value{} : Value(&found->value);
}
bool Value::has(std::string_view key) const {
  bool found = false;
  each_member([&](std::string_view name, Value) { found = found || name == key; });
  return found;
}
void Value::each_member(const std::function<void(std::string_view, Value)>& visit) const {
  const auto& value = as_rapid(value_);
  if (!value.IsObject()) return;
  for (const auto& member : value.GetObject()) {
    visit({member.name.GetString(), member.name.GetStringLength()}, Value(&member.value));
  }
}

}  // namespace modelkeep::json
