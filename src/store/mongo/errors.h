// What failures of the driver and of servers mean, told by their numbers.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace ringbook::mongo {

// As the driver gives it: who failed (mongoc_error_domain_t), how, and in whose words.
struct Failure {
  std::uint32_t domain = 0;
  std::uint32_t code = 0;
  std::string message;
};

// What a failure says of the write that it answers.
enum class Fate : std::uint8_t {
  taken,    // A unique index has the value; nothing was written.
  refused,  // Nothing was written, and the same will not be written another time either.
  unknown,  // It may be written, now or later, or may be tried again: the rest.
};
Fate fate_of(const Failure& failure);

// Whether it is a server's answer, and not the want of one.
bool is_answer(const Failure& failure);

// Whether a server says that it does not have what was asked for, such as a read concern.
bool is_unsupported(const Failure& failure);

// Unavailable, with the server's number and words for the operator.
Error to_error(const Failure& failure);

}  // namespace ringbook::mongo
