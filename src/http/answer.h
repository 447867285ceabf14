// From a Response to the bytes of an answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/message.h"

namespace ringbook {

// What an answer says that is not the Api's business.
struct Envelope {
  enum class Connection : std::uint8_t {
    persists,    // As HTTP/1.1 assumes.
    keep_alive,  // Persists, said aloud: to an HTTP/1.0 client that asked.
    close,
  };
  std::string_view date;  // IMF-fixdate
  std::string_view request_id;
  Connection connection = Connection::persists;
  std::string_view cors = {};  // Field lines, as Cors makes them.
  bool is_for_head = false;    // Without content, but with its length.
};

void append_answer(std::string& out, const Response& response, const Envelope& envelope);

// The interim answer that asks for the body.
inline constexpr std::string_view continue_answer = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace ringbook
