#pragma once
// A C handle gets its owner on the line that receives it: `using CurlEasy = Handle<CURL,
// curl_easy_cleanup>;`
#include <memory>

namespace modelkeep {

template <auto Release>
struct Releaser {
  template <class T>
  void operator()(T* handle) const noexcept {
    Release(handle);
  }
};

template <class T, auto Release>
using Handle = std::unique_ptr<T, Releaser<Release>>;

}  // namespace modelkeep
