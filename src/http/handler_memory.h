// Memory for the one pending operation of its kind that a connection has, so that waiting for bytes
// allocates nothing.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace ringbook {

class HandlerMemory {
 public:
  // An allocator as Asio asks a handler for. What does not fit, or a second piece at the same time,
  // comes from the heap. Lifetime: the memory outlives the handler.
  template <class T>
  class Allocator {
   public:
    using value_type = T;

    explicit Allocator(HandlerMemory& memory) : memory_(&memory) {}
    template <class U>
    Allocator(const Allocator<U>& other)
        : memory_(other.memory_) {}  // NOLINT(google-explicit-constructor)

    T* allocate(std::size_t n) { return static_cast<T*>(memory_->take(n * sizeof(T))); }
    void deallocate(T* at, std::size_t) { memory_->give_back(at); }
    bool operator==(const Allocator&) const = default;

   private:
    template <class U>
    friend class Allocator;
    HandlerMemory* memory_;
  };

  Allocator<std::byte> allocator() { return Allocator<std::byte>(*this); }

 private:
  void* take(std::size_t octets) {
    if (is_taken_ || octets > bytes_.size()) {
      return ::operator new(octets);
    }
    is_taken_ = true;
    return bytes_.data();
  }

  void give_back(void* at) {
    if (at == bytes_.data()) {
      is_taken_ = false;
    } else {
      ::operator delete(at);
    }
  }

  // An operation of Asio with a handler of two pointers takes about 150 octets.
  alignas(std::max_align_t) std::array<std::byte, 256> bytes_;
  bool is_taken_ = false;
};

}  // namespace ringbook
