#include "net/transport.h"

#include <utility>

namespace modelkeep::net {
namespace {

// The transport itself enforces the size limit, so this only gathers.
class StringSink : public Sink {
 public:
  explicit StringSink(std::string& out) : out_(out) {}
  Result<> begin(const ResponseHead& /*head*/) override { return {}; }
  Result<> write(std::span<const char> bytes) override {
    out_.append(bytes.data(), bytes.size());
    return {};
  }

 private:
  std::string& out_;
};

}  // namespace

Result<Response> send(Transport& transport, const Request& request) {
  Response response;
  StringSink sink(response.body);
  response.head = TRY(transport.stream(request, sink));
  return response;
}

}  // namespace modelkeep::net
