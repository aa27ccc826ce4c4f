#include <algorithm>
#include <limits>
#include <string>

#include "base/json.h"
#include "base/text.h"

namespace modelkeep::json {
namespace {

std::string quoted(std::string_view name) {
  return "\"" + std::string(clipped(name, 100)) + "\"";
}

}  // namespace

Reader& Reader::nothing_else() {
  object_.each_member([this](std::string_view name, Value) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      complain(
          {ErrorKind::invalid, codes::field_unknown, quoted(name) + " is not known here.", {}});
    }
  });
  return *this;
}

Result<> Reader::finish() const {
  if (first_complaint_) return tl::unexpected{*first_complaint_};
  return {};
}

Reader& Reader::read(std::string_view name, Value value, std::string& out) {
  const auto text = value.as_string();
  if (!text) return complain_type(name, "a string");
  out = *text;
  return *this;
}

Reader& Reader::read(std::string_view name, Value value, bool& out) {
  const auto flag = value.as_bool();
  if (!flag) return complain_type(name, "true or false");
  out = *flag;
  return *this;
}

Reader& Reader::read(std::string_view name, Value value, std::int64_t& out) {
  const auto number = value.as_int();
  if (!number) return complain_type(name, "an integer");
  out = *number;
  return *this;
}

Reader& Reader::read(std::string_view name, Value value, std::uint64_t& out) {
  const auto number = value.as_uint();
  if (!number) return complain_type(name, "an integer of at least 0");
  out = *number;
  return *this;
}

Reader& Reader::read(std::string_view name, Value value, int& out) {
  const auto number = value.as_int();
  if (!number || *number < std::numeric_limits<int>::min() ||
      *number > std::numeric_limits<int>::max()) {
    return complain_type(name, "a small integer");
  }
  out = static_cast<int>(*number);
  return *this;
}

Reader& Reader::read(std::string_view name, Value value, double& out) {
  const auto number = value.as_double();
  if (!number) return complain_type(name, "a number");
  out = *number;
  return *this;
}

Reader& Reader::complain_missing(std::string_view name) {
  complain({ErrorKind::invalid, codes::field_missing, quoted(name) + " is missing.", {}});
  return *this;
}

Reader& Reader::complain_type(std::string_view name, std::string_view expected) {
  complain({ErrorKind::invalid,
            codes::field_type,
            quoted(name) + " must be " + std::string(expected) + ".",
            {}});
  return *this;
}

void Reader::complain(Error error) {
  if (!first_complaint_) first_complaint_ = std::move(error);
}

}  // namespace modelkeep::json
