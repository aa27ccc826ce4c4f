#include "tests/hub/fault_effects.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <utility>

#include <zlib.h>

#include "base/clock.h"
#include "tests/hub/access.h"
#include "tests/hub/repo_builder.h"

namespace modelkeep::standin {
namespace {

constexpr std::uint64_t kBombBytes = 256ULL << 20U;
constexpr std::size_t kHugeHeaderBytes = 1 << 20;
constexpr int kManyHeaders = 10'000;

std::string http_date(std::int64_t seconds_ahead) {
  const auto at = static_cast<std::time_t>(system_clock().now().ms / 1000 + seconds_ahead);
  std::tm parts{};
  gmtime_r(&at, &parts);
  std::array<char, 40> text{};
  const std::size_t n =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), n};
}

std::string retry_after_text(const std::string& ordered) {
  constexpr std::string_view kDate = "date";
  if (ordered.substr(0, kDate.size()) != kDate) return ordered;
  const std::string_view ahead = std::string_view{ordered}.substr(kDate.size());
  std::int64_t seconds = 0;
  const std::size_t plus = !ahead.empty() && ahead.front() == '+' ? 1 : 0;
  std::from_chars(ahead.data() + plus, ahead.data() + ahead.size(), seconds);
  return http_date(seconds);
}

Answer verdict(const Fault& fault) {
  const bool limited = fault.kind == FaultKind::rate_limited;
  Answer answer = refuse(limited ? 429 : fault.status_code, {},
                         limited ? "We had to rate limit you" : "The stand-in was told to fail");
  if (!fault.retry_after.empty()) answer.set("Retry-After", retry_after_text(fault.retry_after));
  if (limited) {
    std::int64_t seconds = 42;
    std::from_chars(fault.retry_after.data(), fault.retry_after.data() + fault.retry_after.size(),
                    seconds);
    answer.set("RateLimit", "\"resolvers\";r=0;t=" + std::to_string(seconds));
    answer.set("RateLimit-Policy", "\"fixed window\";\"resolvers\";q=3000;w=300");
  }
  return answer;
}

Answer expired() {
  Answer answer = text_answer(403,
                              "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>"
                              "<Message>Request has expired</Message></Error>");
  return answer.set("Content-Type", "application/xml");
}

std::string content_range(std::uint64_t first, std::uint64_t size_bytes, std::uint64_t total) {
  return "bytes " + std::to_string(first) + '-' + std::to_string(first + size_bytes - 1) + '/' +
         std::to_string(total);
}

void bend_range(const Fault& fault, Answer& answer) {
  if (!answer.range) return;
  FileRange& range = *answer.range;
  const std::uint64_t total = range.file->size();
  switch (fault.kind) {
    case FaultKind::ignore_range:
      answer.status = 200;
      answer.unset("Content-Range");
      range = {range.file, 0, total};
      break;
    case FaultKind::wrong_start: {
      // As many bytes as were asked for where that is possible, from another place, and honestly
      // labelled.
      const std::uint64_t first = range.offset > fault.bytes ? range.offset - fault.bytes : 0;
      range = {range.file, first, std::min(range.size_bytes, total - first)};
      answer.status = 206;
      answer.set("Content-Range", content_range(first, range.size_bytes, total));
      break;
    }
    case FaultKind::wrong_total:
      answer.status = 206;
      answer.set("Content-Range",
                 content_range(range.offset, range.size_bytes, total + fault.bytes));
      break;
    case FaultKind::length_equals_offset:
      // libcurl takes a 200 whose length is the offset it resumes from for "nothing left to do".
      if (range.offset == 0) break;
      answer.status = 200;
      answer.unset("Content-Range");
      range = {range.file, 0, range.offset};
      break;
    default:
      answer.status = 416;
      answer.set("Content-Range", "bytes */" + std::to_string(total));
      answer.range.reset();
      break;
  }
}

std::string all_bytes(const Answer& answer) {
  if (!answer.range) return answer.body;
  std::string bytes(answer.range->size_bytes, '\0');
  answer.range->file->content.read(answer.range->offset, bytes);
  return bytes;
}

class Deflater {
 public:
  Deflater() { deflateInit2(&stream_, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY); }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void add(std::string& out, std::string_view bytes, bool last) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH);
      out.append(buffer_.data(), buffer_.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

 private:
  z_stream stream_{};
  std::array<char, 65536> buffer_{};
};

void encode(const Fault& fault, Answer& answer) {
  Deflater deflater;
  std::string encoded;
  if (fault.kind == FaultKind::gzip) {
    deflater.add(encoded, all_bytes(answer), true);
  } else {
    const std::string zeros(1 << 20, '\0');
    for (std::uint64_t done = 0; done < kBombBytes; done += zeros.size()) {
      deflater.add(encoded, zeros, false);
    }
    deflater.add(encoded, {}, true);
  }
  answer.range.reset();
  answer.body = std::move(encoded);
  answer.status = 200;
  answer.unset("Content-Range").set("Content-Encoding", "gzip");
}

Answer redirected(const Fault& fault, const Site& site, const Request& request) {
  const std::string path{request.raw_path()};
  switch (fault.kind) {
    case FaultKind::redirect_loop:
      return redirect_answer(307, request.target);
    case FaultKind::redirect_hops:
      return redirect_answer(307, path + "?standin_hops=" + std::to_string(fault.count - 1));
    case FaultKind::redirect_file:
      return redirect_answer(302, "file:///etc/passwd");
    case FaultKind::redirect_ftp:
      return redirect_answer(302, "ftp" + site.sink_url.substr(4) + "/model.bin");
    case FaultKind::redirect_http:
      return redirect_answer(302, "http://elsewhere.invalid" + path);
    case FaultKind::redirect_metadata:
      return redirect_answer(302, "http://169.254.169.254/latest/meta-data/");
    case FaultKind::redirect_tls:
      return redirect_answer(302, site.tls_url + path);
    case FaultKind::redirect_sink:
      return redirect_answer(302, site.sink_url + path);
    default:
      return redirect_answer(302, fault.location);
  }
}

void bend_flips(const Fault& fault, const Answer& answer, Wire& wire) {
  const std::uint64_t size_bytes = answer.size_bytes();
  if (size_bytes == 0) return;
  const std::uint64_t origin = answer.range ? answer.range->offset : 0;
  std::array<char, 8> random{};
  generate(fault.seed, Grain::bytes, 0, random);
  std::uint64_t chosen = 0;
  for (const char byte : random) chosen = chosen * 256 + static_cast<unsigned char>(byte);
  const std::uint64_t first = fault.at.value_or(origin + chosen % size_bytes);
  for (std::uint64_t i = 0; i < fault.count; ++i) wire.flips.push_back(first + i);
}

void bend_wire(const Fault& fault, const Answer& answer, Wire& wire) {
  switch (fault.kind) {
    case FaultKind::hangup:
    case FaultKind::silence:
      wire.answers = false;
      wire.ending = fault.kind == FaultKind::hangup ? Wire::Ending::close : Wire::Ending::stall;
      break;
    case FaultKind::reset:
      wire.stop_after = fault.after_bytes;
      wire.ending = Wire::Ending::reset;
      break;
    case FaultKind::truncate:
      wire.stop_after = fault.after_bytes;
      wire.ending = Wire::Ending::close;
      break;
    case FaultKind::stall:
      wire.stop_after = fault.after_bytes;
      wire.ending = Wire::Ending::stall;
      break;
    case FaultKind::drip:
      wire.drip_after = fault.after_bytes;
      wire.drip_bytes_per_s = fault.bytes_per_s;
      break;
    case FaultKind::delay:
      wire.delay_ms += fault.delay_ms;
      break;
    case FaultKind::flip:
      bend_flips(fault, answer, wire);
      break;
    default:
      break;
  }
}

void bend_length(const Fault& fault, Answer& answer, Wire& wire) {
  const std::uint64_t honest = answer.size_bytes();
  switch (fault.kind) {
    case FaultKind::longer:
      answer.set("Content-Length", std::to_string(honest + fault.bytes));
      wire.surplus_bytes = fault.bytes;
      return;
    case FaultKind::overrun:
      wire.surplus_bytes = fault.bytes;
      wire.ending = Wire::Ending::close;
      break;
    case FaultKind::endless:
      wire.endless = true;
      wire.ending = Wire::Ending::close;
      return;
    case FaultKind::no_length:
      wire.ending = Wire::Ending::close;
      return;
    case FaultKind::chunked:
      answer.set("Transfer-Encoding", "chunked");
      wire.chunked = true;
      return;
    default:
      break;
  }
  answer.set("Content-Length", std::to_string(honest));
}

void bend_headers(const Fault& fault, Answer& answer) {
  if (fault.kind == FaultKind::huge_header) {
    answer.set("X-Padding", std::string(kHugeHeaderBytes, 'p'));
  }
  if (fault.kind == FaultKind::many_headers) {
    for (int i = 0; i < kManyHeaders; ++i) {
      answer.headers.emplace_back("X-Padding-" + std::to_string(i), "p");
    }
  }
}

}  // namespace

void strike(const Fault& fault, const Site& site, const Request& request, Answer& answer,
            Wire& wire) {
  if (fault.kind >= FaultKind::status && fault.kind <= FaultKind::rate_limited) {
    answer = verdict(fault);
  } else if (fault.kind == FaultKind::expired_url) {
    answer = expired();
  } else if (fault.kind >= FaultKind::ignore_range && fault.kind <= FaultKind::unsatisfiable) {
    bend_range(fault, answer);
  } else if (fault.kind == FaultKind::html) {
    answer = text_answer(200, "<!doctype html><title>Maintenance</title><p>Back soon.");
    answer.set("Content-Type", "text/html; charset=utf-8");
  } else if (fault.kind == FaultKind::broken_json) {
    answer = json_answer(answer.body.substr(0, answer.body.size() / 2));
  } else if (fault.kind == FaultKind::gzip || fault.kind == FaultKind::gzip_bomb) {
    encode(fault, answer);
  } else if (fault.kind >= FaultKind::redirect && fault.kind <= FaultKind::redirect_sink) {
    answer = redirected(fault, site, request);
  }
  bend_headers(fault, answer);
  bend_wire(fault, answer, wire);
  bend_length(fault, answer, wire);
}

void strike_repo(const Fault& fault, Site& site, std::string_view repo) {
  switch (fault.kind) {
    case FaultKind::branch_moves:
      return site.repos.change(repo, with_a_new_commit);
    case FaultKind::repo_deleted:
      return site.repos.forget(repo);
    case FaultKind::repo_gated:
      return site.repos.change(repo, [](const Repo& was) {
        Repo gated = was;
        gated.gate = Gate::all;
        return gated;
      });
    case FaultKind::repo_private:
      return site.repos.change(repo, [](const Repo& was) {
        Repo hidden = was;
        hidden.is_private = true;
        return hidden;
      });
    default:
      return site.repos.change(repo, [](const Repo& was) {
        Repo disabled = was;
        disabled.disabled = true;
        return disabled;
      });
  }
}

}  // namespace modelkeep::standin
