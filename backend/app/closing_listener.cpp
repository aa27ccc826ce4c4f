#include "app/closing_listener.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace modelkeep::app {

void take_no_newcomers(int listener) {
  sock_filter drop_all{BPF_RET | BPF_K, 0, 0, 0};
  const sock_fprog program{1, &drop_all};
  setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

bool has_waiting_connections(int listener) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  // Of a socket that listens this is the length of its queue (tcp_get_info in the kernel).
  return info.tcpi_state == TCP_LISTEN && info.tcpi_unacked > 0;
}

}  // namespace modelkeep::app
