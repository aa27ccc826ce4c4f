#pragma once
// A server on loopback that answers each request with exactly the bytes a test gives it, however
// wrong they are.
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/fd.h"
#include "base/guarded.h"

namespace modelkeep {

class RawServer {
 public:
  /// Gets the head of a request (request line and headers); what it returns is sent and the
  /// connection is closed.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit RawServer(Answer answer, int address = 1);  ///< At 127.0.0.<address>.
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string url() const;  ///< "http://127.0.0.1:PORT"
  std::vector<std::string> requests();
  /// An answer that ends in this is not followed by a close: the server goes silent until it is
  /// destroyed.
  static constexpr std::string_view kThenSilence = "<silence>";

 private:
  void serve();
  void answer_one(Fd connection);

  Answer answer_;
  std::string host_;
  Fd listener_;
  int port_ = 0;
  Guarded<std::vector<std::string>> requests_;
  std::vector<Fd> silent_;
  std::jthread thread_;
};

}  // namespace modelkeep
