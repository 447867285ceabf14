// The field lines that a connection sent last, and what the gate read in them, so that the same
// ones again, behind whatever request line, cost a comparison.
//
// Invariants: 1. They are recognised by all of their octets, from the end of the request line to
// the empty line, and only for the same version of HTTP. 2. Only what gate and parser passed is
// remembered, and nothing of a message whose end is not known from its head. 3. At most
// limits::last_fields_bytes are kept. Threads: one at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "http/passed_head.h"

namespace ringbook {

class LastFields {
 public:
  LastFields() = default;
  LastFields(const LastFields&) = delete;

  // Whether `rest`, from the end of a request line on, begins with them.
  bool begin(std::string_view rest) const { return !octets_.empty() && rest.starts_with(octets_); }
  std::size_t size() const { return octets_.size(); }
  // A head that has them: everything in it but what is of the request line. Lifetime: its views of
  // fields are good until the next `remember`.
  const PassedHead& passed() const { return passed_; }

  // Takes the place of what was remembered: `head` is the whole head that came to `passed`, which
  // views it.
  void remember(std::string_view head, const PassedHead& passed);

 private:
  std::string octets_;  // "" when none are remembered.
  PassedHead passed_;
};

}  // namespace ringbook
