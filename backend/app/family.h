#pragma once
// One master on a state folder, and nothing left of the one before. Two locks:
//   locks/master.lock  held by the master alone: a second one is refused.
//   locks/family.lock  inherited on purpose by every child, nginx's too: while it is held, children
//   of a master
//                      that was killed are still there. They are found by their open descriptor,
//                      never by a number in a file, which could belong to another process by now.
#include <string>

#include "base/clock.h"
#include "base/fd.h"
#include "base/file_lock.h"
#include "base/result.h"

namespace modelkeep::app {

class Family {
 public:
  /// `lock_held` when another master serves this folder. Ends leftovers: they have got SIGTERM from
  /// the kernel when their master died; whoever is not gone after half a second is killed.
  static Result<Family> found(const std::string& master_lock, const std::string& family_lock,
                              Clock& clock);

  /// To pass to every child.
  int descriptor() const { return family_.get(); }

 private:
  Family(FileLock master, Fd family) : master_(std::move(master)), family_(std::move(family)) {}
  FileLock master_;
  Fd family_;
};

}  // namespace modelkeep::app
