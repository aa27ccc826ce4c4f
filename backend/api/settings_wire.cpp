#include "api/settings_wire.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "base/time_text.h"

namespace modelkeep::catalog {
namespace {

std::vector<std::string> day_names(std::uint8_t days) {
  std::vector<std::string> names;
  for (std::size_t day = 0; day < kDayNames.size(); ++day) {
    if ((days >> day & 1) != 0) names.emplace_back(kDayNames.at(day));
  }
  return names;
}

}  // namespace

void to_json(json::Writer& out, const LimitWindow& window) {
  out.begin_object()
      .member("days", day_names(window.days))
      .member("from", clock_text(window.from_minute))
      .member("to", clock_text(window.to_minute))
      .member("downloads", window.downloads)
      .member("connections", window.connections)
      .member("bytes_per_second", window.bytes_per_second)
      .member("bytes_per_second_per_download", window.bytes_per_second_per_download)
      .end_object();
}

void to_json(json::Writer& out, const LimitsNow& limits) {
  out.begin_object()
      .member("downloads", limits.downloads)
      .member("connections", limits.connections)
      .member("bytes_per_second", limits.bytes_per_second)
      .member("bytes_per_second_per_download", limits.bytes_per_second_per_download)
      .member("window", limits.window)
      .end_object();
}

void to_json(json::Writer& out, const SettingChange& change) {
  out.begin_object()
      .member("key", change.key)
      .member("old_value", change.old_value)
      .member("new_value", change.new_value)
      .member("changed_at", rfc3339(change.changed_at))
      .member("changed_by", change.changed_by)
      .end_object();
}

}  // namespace modelkeep::catalog

namespace modelkeep::api {
namespace {

void write_value(json::Writer& out, std::string_view name, ValueKind kind,
                 const std::string& text) {
  if (kind == ValueKind::windows) {
    if (const auto windows = catalog::parse_windows(text)) out.member(name, *windows);
    return;
  }
  if (text.empty()) return;
  const auto number = kind == ValueKind::number ? parse_decimal(text) : std::nullopt;
  if (number) {
    out.member(name, *number);
  } else {
    out.member(name, text);
  }
}

struct WindowBody {
  std::optional<std::vector<std::string>> days;
  std::string from;
  std::string to;
  catalog::LimitWindow window;
};

void from_json(json::Reader& in, WindowBody& out) {
  std::vector<std::string> days;
  in.optional("days", days)
      .required("from", out.from)
      .required("to", out.to)
      .optional("downloads", out.window.downloads)
      .optional("connections", out.window.connections)
      .optional("bytes_per_second", out.window.bytes_per_second)
      .optional("bytes_per_second_per_download", out.window.bytes_per_second_per_download)
      .nothing_else();
  if (in.has("days")) out.days = std::move(days);
}

Result<catalog::LimitWindow> window_of(WindowBody body) {
  const auto wrong = [](std::string what) {
    return fail(ErrorKind::invalid, codes::field_invalid, std::move(what));
  };
  catalog::LimitWindow window = body.window;
  if (body.days) {
    unsigned days = 0;
    for (const std::string& name : *body.days) {
      const auto found = std::ranges::find(catalog::kDayNames, name);
      if (found == catalog::kDayNames.end())
        return wrong("A day is mon, tue, wed, thu, fri, sat or sun.");
      days |= 1U << (found - catalog::kDayNames.begin());
    }
    window.days = static_cast<std::uint8_t>(days);
  }
  const auto from = catalog::parse_clock(body.from);
  const auto to = catalog::parse_clock(body.to);
  if (!from || !to) return wrong("from and to are times of day such as 08:00.");
  window.from_minute = *from;
  window.to_minute = *to;
  if (auto checked = catalog::check_window(window); !checked)
    return wrong("limits.windows: " + checked.error().message + ".");
  return window;
}

Result<std::string> windows_of_value(json::Value value) {
  std::vector<catalog::LimitWindow> windows;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value[i].is_object())
      return fail(ErrorKind::invalid, codes::field_type, "A window is an object.");
    json::Reader in(value[i]);
    WindowBody body;
    from_json(in, body);
    TRY(in.finish());
    windows.push_back(TRY(window_of(std::move(body))));
  }
  return catalog::windows_text(windows);
}

}  // namespace

void to_json(json::Writer& out, const SettingInfo& info) {
  out.begin_object().member("key", info.key).member("about", info.about);
  out.member("variable", info.variable);
  write_value(out, "value", info.kind, info.value);
  if (info.changeable || !info.fallback.empty())
    write_value(out, "default", info.kind, info.fallback);
  out.member("source", info.source)
      .member("fixed", info.fixed)
      .member("changeable", info.changeable);
  if (info.updated_at) {
    out.member("updated_at", rfc3339(*info.updated_at)).member("updated_by", info.updated_by);
  }
  out.end_object();
}

Result<std::string> text_of_value(const SettingInfo& info, json::Value value) {
  const auto wrong_type = [&](std::string_view what) {
    return fail(ErrorKind::invalid, codes::field_type,
                std::string(info.key) + " must be " + std::string(what) + ".");
  };
  switch (info.kind) {
    case ValueKind::number: {
      const auto number = value.as_uint();
      if (!number) return wrong_type("a whole number, 0 or more");
      return std::to_string(*number);
    }
    case ValueKind::windows:
      if (!value.is_array()) return wrong_type("a list of windows");
      return windows_of_value(value);
    case ValueKind::text:
      break;
  }
  const auto text = value.as_string();
  if (!text) return wrong_type("a text");
  return std::string(*text);
}

}  // namespace modelkeep::api
