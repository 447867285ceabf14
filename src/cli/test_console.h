// A console whose words stay in memory.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "cli/console.h"

namespace ringbook {

class TestConsole {
 public:
  TestConsole() = default;
  ~TestConsole() {
    out_.reset();
    std::free(bytes_);
  }
  TestConsole(const TestConsole&) = delete;
  TestConsole& operator=(const TestConsole&) = delete;

  Console& console() { return console_; }
  // Everything printed and said so far.
  std::string printed() {
    std::fflush(out_.get());
    return {bytes_, size_};
  }

 private:
  char* bytes_ = nullptr;
  std::size_t size_ = 0;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out_{::open_memstream(&bytes_, &size_),
                                                       std::fclose};
  Console console_{out_.get(), out_.get(), true};
};

}  // namespace ringbook
