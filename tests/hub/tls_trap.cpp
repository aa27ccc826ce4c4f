#include "tests/hub/tls_trap.h"

#include <array>
#include <ctime>
#include <utility>

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/handle.h"

namespace modelkeep::standin {
namespace {

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using Certificate = Handle<X509, X509_free>;
using Context = Handle<SSL_CTX, SSL_CTX_free>;
using Session = Handle<SSL, SSL_free>;

constexpr long kDayS = 24L * 60 * 60;
constexpr std::size_t kHeadBytesMax = 64 * 1024;

tl::unexpected<Error> tls_error() {
  return fail(ErrorKind::internal, codes::internal_error, "Cannot prepare the TLS port");
}

Certificate bad_certificate(EVP_PKEY* key) {
  Certificate certificate{X509_new()};
  if (!certificate) return nullptr;
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -30 * kDayS);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), -kDayS);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  constexpr std::string_view kName = "elsewhere.invalid";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(kName.data()),
                             static_cast<int>(kName.size()), -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  if (X509_sign(certificate.get(), key, EVP_sha256()) == 0) return nullptr;
  return certificate;
}

// Moves what the session wants to send to the peer.
bool flush(SSL* session, Peer& peer) {
  std::array<char, 4096> chunk{};
  for (int n = 0; (n = BIO_read(SSL_get_wbio(session), chunk.data(), chunk.size())) > 0;) {
    if (!peer.write_all({chunk.data(), static_cast<std::size_t>(n)})) return false;
  }
  return true;
}

bool feed(SSL* session, Peer& peer) {
  std::string received;
  if (!flush(session, peer) || !peer.read_some(received)) return false;
  return received.empty() ||
         BIO_write(SSL_get_rbio(session), received.data(), static_cast<int>(received.size())) > 0;
}

}  // namespace

struct TlsTrap::Impl {
  Context context;
};

Result<TlsTrap> TlsTrap::make() {
  const Key key{EVP_EC_gen("P-256")};
  if (!key) return tls_error();
  const Certificate certificate = bad_certificate(key.get());
  Context context{SSL_CTX_new(TLS_server_method())};
  if (!certificate || !context || SSL_CTX_use_certificate(context.get(), certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1) {
    return tls_error();
  }
  auto impl = std::make_unique<Impl>();
  impl->context = std::move(context);
  return TlsTrap{std::move(impl)};
}

TlsTrap::TlsTrap(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsTrap::TlsTrap(TlsTrap&&) noexcept = default;
TlsTrap& TlsTrap::operator=(TlsTrap&&) noexcept = default;
TlsTrap::~TlsTrap() = default;

std::optional<std::string> TlsTrap::catch_request(Peer& peer) const {
  const Session session{SSL_new(impl_->context.get())};
  if (!session) return std::nullopt;
  SSL_set_bio(session.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(session.get());
  std::string head;
  std::array<char, 4096> chunk{};
  // SSL_read shakes hands by itself, as far as the client lets it.
  while (head.size() < kHeadBytesMax && head.find("\r\n\r\n") == std::string::npos) {
    const int n = SSL_read(session.get(), chunk.data(), static_cast<int>(chunk.size()));
    if (n > 0) {
      head.append(chunk.data(), static_cast<std::size_t>(n));
    } else if (SSL_get_error(session.get(), n) != SSL_ERROR_WANT_READ ||
               !feed(session.get(), peer)) {
      return std::nullopt;
    }
  }
  return head.substr(0, head.find("\r\n\r\n"));
}

}  // namespace modelkeep::standin
