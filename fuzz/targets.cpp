#include "base/check.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

// Within a function, so that it is made before the first target adds itself.
std::map<std::string_view, Run>& added() {
  static std::map<std::string_view, Run> all;
  return all;
}

}  // namespace

Target::Target(std::string_view name, Run run) {
  check(added().emplace(name, run).second, "two targets have one name");
}

const std::map<std::string_view, Run>& targets() {
  return added();
}

}  // namespace ringbook::fuzz
