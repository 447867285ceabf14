#include "http/answer.h"

#include <array>
#include <charconv>

namespace ringbook {
namespace {

// For people who look at bytes; RFC 9112 §4 lets it be empty.
std::string_view reason_phrase(std::uint16_t status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

void append_answer(std::string& out, const Response& response, const Envelope& envelope) {
  constexpr std::uint16_t no_content = 204;
  constexpr std::uint16_t not_modified = 304;

  out.append("HTTP/1.1 ");
  append_number(out, response.status);
  out.append(" ").append(reason_phrase(response.status)).append("\r\n");
  append_field(out, "Date", envelope.date);
  if (!response.content_type.empty()) {
    append_field(out, "Content-Type", response.content_type);
  }
  // RFC 9110 §8.6: not with 204; with 304 it would have to be that of the 200.
  if (response.status != no_content && response.status != not_modified) {
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (response.no_store) {
    out.append("Cache-Control: no-store\r\n");
  }
  for (const auto& [name, value] : response.fields) {
    append_field(out, name, value);
  }
  out.append(envelope.cors);
  append_field(out, "X-Request-Id", envelope.request_id);
  switch (envelope.connection) {
    case Envelope::Connection::persists: break;
    case Envelope::Connection::keep_alive: out.append("Connection: keep-alive\r\n"); break;
    case Envelope::Connection::close: out.append("Connection: close\r\n"); break;
  }
  out.append("\r\n");
  if (!envelope.is_for_head) {
    out.append(response.body.view());
  }
}

}  // namespace ringbook
