#pragma once
// One request and all its hops, as curl sees it. Only the two drivers in net/ include this.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <curl/curl.h>

#include "base/handle.h"
#include "base/result.h"
#include "net/curl_transport.h"
#include "net/redirects.h"

namespace modelkeep::net {

using CurlEasy = Handle<CURL, curl_easy_cleanup>;
using CurlMulti = Handle<CURLM, curl_multi_cleanup>;
using CurlList = Handle<curl_slist, curl_slist_free_all>;

/// What the transfers of one transport have in common and learn on the way.
struct EgressState {
  Egress egress;
  std::string user_agent;
  // Seen at the connect to the endpoint; redirects come after it.
  std::optional<AddressClass> endpoint_class;
};

/// Not movable: curl holds its address.
class Exchange {
 public:
  Exchange(EgressState& state, Request request, Sink& sink);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  /// A handle set up for the next hop, always a fresh one, so that nothing of one host can reach
  /// another.
  Result<CURL*> open_hop();
  CURL* handle() const { return handle_.get(); }

  /// To be called when curl is done with the hop. Nothing means that another hop is due.
  std::optional<Result<ResponseHead>> close_hop(CURLcode code);

 private:
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t);
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  Result<> set_options();
  Result<> set_body_and_headers();
  bool take_header_line(std::string_view line);
  bool head_is_complete();
  bool take_body(std::span<const char> bytes);
  bool will_follow() const;
  bool stop_with(Error error);
  Result<ResponseHead> failure(CURLcode code) const;

  EgressState& state_;
  Request request_;
  Sink& sink_;
  CurlEasy handle_;
  CurlList header_list_;
  ResponseHead head_;
  Hop hop_;
  int hops_done_ = 0;
  std::size_t head_bytes_ = 0;
  std::size_t head_lines_ = 0;
  std::uint64_t body_bytes_ = 0;
  std::int64_t hop_started_ms_ = 0;
  bool head_done_ = false;
  bool sink_began_ = false;
  bool address_refused_ = false;
  std::optional<Error> stopped_by_;
};

}  // namespace modelkeep::net
