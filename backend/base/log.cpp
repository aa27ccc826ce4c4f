#include "base/log.h"

#include <algorithm>
#include <atomic>

#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "base/time_text.h"

namespace modelkeep::log {
namespace {

std::atomic<Level> least_level{Level::info};

std::string& role_text() {
  static std::string role;
  return role;
}

constexpr std::string_view name_of(Level level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warn", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

bool token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

/// Replaces the run of token characters after each `mark` by three dots.
void hide_after(std::string& text, std::string_view mark, std::size_t least_length) {
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 3)) {
    const std::size_t begin = at + mark.size();
    std::size_t end = begin;
    while (end < text.size() && token_char(text[end])) ++end;
    if (end - begin >= least_length) text.replace(begin, end - begin, "...");
  }
}

/// A signed URL is a credential, and its credential is in the query; so is a user part before "@".
void hide_in_urls(std::string& text) {
  constexpr std::string_view kEnd = " \t\n\"'<>";
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    std::size_t end = std::min(text.find_first_of(kEnd, at), text.size());
    const std::size_t query = text.find('?', at);
    if (query < end) {
      text.replace(query, end - query, "?...");
      end = query + 4;
    }
    const std::size_t path = std::min(text.find('/', at + 3), end);
    const std::size_t user = text.rfind('@', path);
    if (user != std::string::npos && user > at + 3 && user < path)
      text.replace(at + 3, user - at - 3, "...");
  }
}

/// key="a value": quoted only where it must be, control characters as \xNN, so that one event is
/// one line.
void append_value(std::string& line, std::string_view value) {
  const bool plain = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c < 127 && c != '"' && c != '\\' && c != '=';
  });
  if (plain) {
    line += value;
    return;
  }
  line += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 127) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      line += "\\x";
      line += kDigits[static_cast<unsigned char>(c) >> 4];
      line += kDigits[static_cast<unsigned char>(c) & 15];
    } else {
      line += c;
    }
  }
  line += '"';
}

void write_line(Level level, std::string_view event, Fields fields, const Error* error) {
  if (level < least_level.load(std::memory_order_relaxed)) return;
  std::string line = "ts=" + rfc3339_ms(system_clock().now()) + " level=";
  line += name_of(level);
  if (!role_text().empty()) line += " role=" + role_text() + " pid=" + std::to_string(::getpid());
  line += " event=";
  line += event;
  const auto add = [&line](std::string_view key, std::string_view value) {
    line += ' ';
    line += key;
    line += '=';
    append_value(line, redacted(value));
  };
  for (const Field& field : fields) add(field.key, field.value.text());
  if (error != nullptr) {
    add("code", error->code);
    add("error", error->message);
    if (!error->cause.empty()) add("cause", error->cause);
  }
  line += '\n';
  // One write keeps lines of several processes apart; there is nobody to tell when stderr is gone.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void set_level(Level level) {
  least_level = level;
}
void set_role(std::string role) {
  role_text() = std::move(role);
}

void debug(std::string_view event, Fields fields) {
  write_line(Level::debug, event, fields, nullptr);
}
void info(std::string_view event, Fields fields) {
  write_line(Level::info, event, fields, nullptr);
}
void warn(std::string_view event, Fields fields) {
  write_line(Level::warn, event, fields, nullptr);
}
void error(std::string_view event, Fields fields) {
  write_line(Level::error, event, fields, nullptr);
}

void failure(std::string_view event, const Error& error, Fields fields) {
  write_line(Level::error, event, fields, &error);
}

std::string redacted(std::string_view text) {
  std::string result(text);
  hide_after(result, "hf_", 8);
  hide_after(result, "Bearer ", 1);
  hide_after(result, "bearer ", 1);
  hide_in_urls(result);
  return result;
}

}  // namespace modelkeep::log
