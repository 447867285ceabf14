// Where libFuzzer enters the target of its program.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* /*count*/, char*** /*arguments*/) {
  ringbook::check(ringbook::fuzz::targets().size() == 1, "a fuzzer has one target");
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const ringbook::fuzz::Run run = ringbook::fuzz::targets().begin()->second;
  run({reinterpret_cast<const char*>(data), size});
  return 0;
}
