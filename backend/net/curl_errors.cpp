#include "net/curl_errors.h"

#include "base/error_codes.h"

namespace modelkeep::net {
namespace {

Error unavailable(std::string_view code, std::string message, CURLcode cause,
                  const std::string& where) {
  return {ErrorKind::unavailable, code, std::move(message),
          std::string(curl_easy_strerror(cause)) + ": " + where};
}

}  // namespace

Error error_of(CURLcode code, const std::string& where) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unavailable(codes::dns_failed, "The server's name could not be resolved.", code,
                         where);
    case CURLE_COULDNT_CONNECT:
      return unavailable(codes::connection_failed, "The server could not be reached.", code, where);
    case CURLE_OPERATION_TIMEDOUT:
      return unavailable(codes::timed_out, "The server was silent or too slow.", code, where);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return unavailable(codes::tls_failed, "The server's certificate was not accepted.", code,
                         where);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
      return {ErrorKind::invalid, codes::url_invalid, "This address cannot be used.", where};
    case CURLE_OUT_OF_MEMORY:
      // What it says of a header line of more than 100 KiB, too.
      return unavailable(codes::answer_too_large, "The answer's headers are too long.", code,
                         where);
    default:
      return unavailable(codes::connection_lost, "The connection broke.", code, where);
  }
}

}  // namespace modelkeep::net
