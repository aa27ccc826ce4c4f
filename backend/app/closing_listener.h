#pragma once
// A listening TCP socket on its last moments, shared with nginx: how to take nobody new and lose
// nobody who came. Closing it would reset the connections that wait in it.

namespace modelkeep::app {

/// From now on the kernel drops what arrives to begin a connection; those that are made stay in the
/// queue of the socket until they are accepted. For all processes that share the socket.
void take_no_newcomers(int listener);

/// Whether connections wait to be accepted. False also when that cannot be told.
bool has_waiting_connections(int listener);

}  // namespace modelkeep::app
