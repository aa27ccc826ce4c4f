#pragma once
// A TLS port whose certificate nobody should accept: signed by itself, for another name, expired.
// Who goes on after seeing it is recorded.
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "tests/hub/peer.h"

namespace modelkeep::standin {

class TlsTrap {
 public:
  /// Makes a key and a certificate; a few milliseconds.
  static Result<TlsTrap> make();
  TlsTrap(TlsTrap&&) noexcept;
  TlsTrap& operator=(TlsTrap&&) noexcept;
  ~TlsTrap();

  /// The head of the request that a careless client sends; nullopt when it hung up at the
  /// certificate, as it should. Any thread.
  std::optional<std::string> catch_request(Peer& peer) const;

 private:
  struct Impl;
  explicit TlsTrap(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace modelkeep::standin
