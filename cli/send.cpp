#include "cli/send.h"

#include <memory>

#include "cli/command.h"
#include "net/curl_transport.h"
#include "net/transport.h"

namespace modelkeep::cli {
namespace {

constexpr int kConnectMs = 5'000;
constexpr int kFirstByteMs = 60'000;  // A large store on a busy disk may think about a list.

bool is_silence(std::string_view code) {
  return code == codes::dns_failed || code == codes::connection_failed ||
         code == codes::timed_out || code == codes::tls_failed || code == codes::connection_lost;
}

net::Request outgoing(const HttpRequest& request) {
  net::Request out;
  out.method = request.method;
  out.url = request.url;
  for (const auto& [name, value] : request.headers) out.headers.push_back({name, value});
  out.bearer_token = request.token;
  out.body = request.body;
  out.patience.connect_ms = kConnectMs;
  out.patience.first_byte_ms = kFirstByteMs;
  // A redirect is shown to the person, who then decides about the address; the token follows none.
  out.follow_redirects = false;
  return out;
}

std::string header(const net::Response& response, std::string_view name) {
  return std::string{response.head.headers.find(name).value_or("")};
}

}  // namespace

Result<Send> http_sender(const std::string& user_agent) {
  // Shared because std::function copies what it holds; there is one user, and it ends with it.
  const std::shared_ptr<net::Transport> transport = TRY(net::make_curl_transport({}, user_agent));
  return Send([transport](const HttpRequest& request) -> Result<HttpAnswer> {
    Result<net::Response> response = net::send(*transport, outgoing(request));
    if (response) {
      return HttpAnswer{response->head.status, header(*response, "Content-Type"),
                        header(*response, "Location"), std::move(response->body)};
    }
    const Error& error = response.error();
    return fail(error.kind, is_silence(error.code) ? kServerUnreachable : kAnswerInvalid,
                error.message, error.cause);
  });
}

}  // namespace modelkeep::cli
