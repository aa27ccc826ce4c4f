#pragma once
// A network that answers from a script. No bytes leave the process and nothing waits.
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/transport.h"

namespace modelkeep {

struct ScriptedAnswer {
  int status = 200;
  std::vector<net::Header> headers{};
  std::string body{};
  /// Set: the transfer ends with it after `body` was delivered, as a broken connection does.
  std::optional<Error> error{};
};

class ScriptedTransport : public net::Transport {
 public:
  using Script = std::function<ScriptedAnswer(const net::Request&)>;
  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}

  Result<net::ResponseHead> stream(const net::Request& request, net::Sink& sink) override;
  Result<std::unique_ptr<net::BulkSession>> open_bulk() override;

  const std::vector<net::Request>& requests() const { return requests_; }

 private:
  Script script_;
  std::vector<net::Request> requests_;
};

}  // namespace modelkeep
