// A planted fault that a fuzzer must find: when this target survives, the others prove nothing.
#include "base/check.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

void run(std::string_view text) {
  check(!text.starts_with("coal"), "the canary is planted");
}

const Target target("canary", run);

}  // namespace
}  // namespace ringbook::fuzz
