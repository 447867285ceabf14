// Owners of what C libraries make.
#pragma once

#include <memory>

namespace ringbook {

template <auto free>
struct FreeBy {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};

template <class T, auto free>
using Handle = std::unique_ptr<T, FreeBy<free>>;

}  // namespace ringbook
