#include "usage/record.h"

#include <array>
#include <charconv>
#include <cstdint>

#include <zlib.h>

#include "base/text.h"

namespace modelkeep::usage {
namespace {

constexpr std::size_t kChecksumHex = 8;
constexpr std::size_t kFields = 7;
constexpr std::size_t kReadFields = 9;
constexpr std::string_view kCounts = "nadr";  // In the order of the enum.

std::string checksum(std::string_view body) {
  const auto sum = static_cast<std::uint32_t>(::crc32(
      0, reinterpret_cast<const unsigned char*>(body.data()), static_cast<uInt>(body.size())));
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex(kChecksumHex, '0');
  for (std::size_t n = 0; n < kChecksumHex; ++n) hex[n] = kHex[(sum >> (28 - 4 * n)) & 0xF];
  return hex;
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string encoded(std::string_view text) {
  return percent_encode(clipped(text, kTextMax), ":");
}

}  // namespace

std::string record_line(const Event& event) {
  std::string body = std::to_string(event.at.ms) + ' ' + std::to_string(event.status) + ' ' +
                     kCounts[static_cast<std::size_t>(event.counts)] + ' ' + encoded(event.action) +
                     ' ' + (event.model_pk ? std::to_string(*event.model_pk) : "-") + ' ' +
                     encoded(event.ip_address) + ' ' + encoded(event.username);
  if (event.counts == Counts::read)
    body += ' ' + encoded(event.commit) + ' ' + encoded(event.client);
  return checksum(body) + ' ' + body + '\n';
}

std::optional<Event> parse_record(std::string_view line) {
  if (line.size() <= kChecksumHex || line[kChecksumHex] != ' ') return std::nullopt;
  const std::string_view body = line.substr(kChecksumHex + 1);
  if (checksum(body) != line.substr(0, kChecksumHex)) return std::nullopt;
  const auto fields = split(body, ' ');
  if (fields.size() < kFields || fields[2].size() != 1) return std::nullopt;
  const auto at = number_in<std::int64_t>(fields[0]);
  const auto status = number_in<int>(fields[1]);
  const std::size_t counts = kCounts.find(fields[2]);
  auto action = percent_decode(fields[3]);
  auto address = percent_decode(fields[5]);
  auto username = percent_decode(fields[6]);
  if (!at || !status || counts == std::string_view::npos || !action || !address || !username) {
    return std::nullopt;
  }
  Event event;
  event.counts = static_cast<Counts>(counts);
  const bool is_read = event.counts == Counts::read;
  if (fields.size() != (is_read ? kReadFields : kFields)) return std::nullopt;
  if (is_read) {
    auto commit = percent_decode(fields[7]);
    auto client = percent_decode(fields[8]);
    if (!commit || !client) return std::nullopt;
    event.commit = std::move(*commit);
    event.client = std::move(*client);
  }
  if (fields[4] != "-") {
    event.model_pk = number_in<std::int64_t>(fields[4]);
    if (!event.model_pk) return std::nullopt;
  }
  event.at = Time{*at};
  event.status = *status;
  event.action = std::move(*action);
  event.ip_address = std::move(*address);
  event.username = std::move(*username);
  return event;
}

}  // namespace modelkeep::usage
