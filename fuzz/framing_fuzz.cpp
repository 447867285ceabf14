// The framing of pipelined messages, built from choices: gate and parser together must find every
// end and every body where a plain reading of RFC 9112 §6 and §7.1 finds them, and a message in
// which nothing was spoiled must pass.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzz/choices.h"
#include "fuzz/message_stream.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

// --- the second opinion --------------------------------------------------------------------------

struct Extent {
  std::string body;
  std::size_t end = 0;
};

// Takes the text up to CRLF, and that, off `bytes`; nothing when there is none.
std::optional<std::string_view> take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find("\r\n");
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end + 2);
  return line;
}

std::uint64_t number_of(std::string_view digits, int base) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  return number;
}

bool take_chunks(std::string_view& bytes, std::string& body) {
  for (;;) {
    const auto line = take_line(bytes);
    const std::uint64_t size = line ? number_of(*line, 16) : 0;
    if (!line || (size != 0 && (bytes.size() < 2 || bytes.size() - 2 < size))) {
      return false;
    }
    if (size == 0) {
      break;
    }
    body += bytes.substr(0, size);
    bytes.remove_prefix(size + 2);
  }
  for (;;) {
    const auto trailer = take_line(bytes);
    if (!trailer || trailer->empty()) {
      return trailer.has_value();
    }
  }
}

// The first message of bytes whose head the gate passed; nothing when it is not complete.
std::optional<Extent> extent_of(std::string_view bytes) {
  const std::size_t whole = bytes.size();
  std::optional<std::uint64_t> length;
  bool is_chunked = false;
  for (;;) {
    const auto line = take_line(bytes);
    if (!line) {
      return std::nullopt;
    }
    if (line->empty()) {
      break;
    }
    const std::string lower = ascii_lower(*line);
    const std::size_t value = lower.find_first_not_of(" \t", lower.find(':') + 1);
    if (lower.starts_with("content-length:")) {
      length = number_of(std::string_view(lower).substr(value), 10);
    } else if (lower.starts_with("transfer-encoding:")) {
      is_chunked = lower.substr(value).starts_with("chunked");
    }
  }
  Extent extent;
  if (is_chunked) {
    if (!take_chunks(bytes, extent.body)) {
      return std::nullopt;
    }
  } else if (length) {
    if (bytes.size() < *length) {
      return std::nullopt;
    }
    extent.body = bytes.substr(0, *length);
    bytes.remove_prefix(*length);
  }
  extent.end = whole - bytes.size();
  return extent;
}

// --- messages from choices -----------------------------------------------------------------------

constexpr std::array<std::string_view, 8> plain_fields{
    "X: y",
    "Connection: keep-alive",
    "connection: , TE,",
    "Authorization: Bearer a.b.c",
    "X-Request-Id: r-1",
    "X: \xC3\xA9\t\"quoted\"",
    "Expect: 100-continue",
    "Trailer: x",
};

constexpr std::array<std::string_view, 16> spoiling_fields{
    "Content-Length: 5",
    "Content-Length: 0",
    "Content-Length: +5",
    "Content-Length: 5, 5",
    "Content-Length: 99999999999999999999",
    "Content-Length : 5",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: identity",
    "Transfer-Encoding: chunked, chunked",
    "Transfer-Encoding: xchunked",
    "Transfer-Encoding:\tchunked\t",
    "Transfer-Encoding: \"chunked\"",
    " folded: x",
    "Host: b",
    "Connection: close, \"",
    "X: a\rTransfer-Encoding: chunked",
};

constexpr std::array<std::string_view, 8> plain_extensions{
    "", ";a", ";a=b", " ; a = \"b;\\\"\"", "", ";a;b=\"\"", "\t;x=y;z", ";q=\"\\\\\""};
constexpr std::array<std::string_view, 6> spoiling_extensions{" ",   ";",   ";a=\"\r\n\"",
                                                              "\r5", ";=b", "x"};
constexpr std::array<std::string_view, 4> plain_trailers{"X: y\r\n", "Content-Length: 9\r\n",
                                                         "A:\r\n", "Transfer-Encoding: x\r\n"};
constexpr std::array<std::string_view, 4> spoiling_trailers{"X\r\n", " X: y\r\n", "X: y\n",
                                                            ":\r\n"};

class Builder {
 public:
  explicit Builder(std::string_view bytes) : choices_(bytes) {}

  // Messages until the choices are used up; `is_plain` when nothing was spoiled.
  std::string stream;
  bool is_plain = true;

  void build() {
    constexpr std::size_t messages_max = 8;
    for (std::size_t n = 0; n < messages_max && !choices_.empty(); ++n) {
      add_message();
    }
  }

 private:
  bool spoils() {
    const bool does = choices_.below(16) == 15;
    is_plain = is_plain && !does;
    return does;
  }

  void add_message() {
    stream += choices_.coin() ? "\r\n" : "";
    stream += choices_.coin() ? "PUT /a?b=c HTTP/1.1\r\nHost: a\r\n"
                              : "POST http://a:80/%61 HTTP/1.1\r\nhOST:[::1]:2\r\n";
    for (std::size_t n = choices_.below(4); n > 0; --n) {
      add_field();
    }
    switch (choices_.below(3)) {
      case 0: stream += "\r\n"; break;
      case 1: add_body_with_length(); break;
      default: add_chunks(); break;
    }
    if (spoils()) {
      stream += choices_.text(64);
    }
  }

  void add_field() {
    if (spoils()) {
      stream += choices_.of(spoiling_fields);
      stream.append(choices_.coin() ? 0 : choices_.below(20'000), 'x');
      stream += choices_.coin() ? "\r\n" : choices_.text(8);
      return;
    }
    std::string_view field = choices_.of(plain_fields);
    // Each once at most in a message that must pass.
    const std::string_view message = std::string_view(stream).substr(stream.rfind("HTTP/1.1"));
    if (message.find(field) == std::string_view::npos) {
      stream += std::string(field) + "\r\n";
    }
  }

  // Short as a rule, so that an input holds several; long ones come cheap.
  std::string octets() {
    if (choices_.below(8) != 7) {
      return std::string(choices_.text(32));
    }
    const std::size_t size = choices_.below(60'000);
    return std::string(size, static_cast<char>(choices_.below(256)));
  }

  void add_body_with_length() {
    const std::string body = octets();
    const std::size_t wrong = spoils() ? choices_.below(4) : 0;
    stream += choices_.coin() ? "Content-Length: " : "content-LENGTH:\t0";
    stream += std::to_string(body.size() + wrong) + "\r\n\r\n" + body;
  }

  void add_chunks() {
    stream += choices_.coin() ? "Transfer-Encoding: chunked\r\n\r\n"
                              : "transfer-encoding:\t CHUNKED \r\n\r\n";
    std::size_t total = 0;
    for (std::size_t n = choices_.below(5); n > 0; --n) {
      const std::string data = octets();
      total += data.size();
      if (!data.empty() && total <= limits::body_bytes) {
        add_chunk_line(data.size());
        stream += data + (spoils() ? std::string(choices_.text(3)) : "\r\n");
      }
    }
    add_chunk_line(0);
    for (std::size_t n = choices_.below(3); n > 0; --n) {
      stream += spoils() ? choices_.of(spoiling_trailers) : choices_.of(plain_trailers);
    }
    stream += "\r\n";
  }

  void add_chunk_line(std::size_t size) {
    std::array<char, 16> digits{};
    const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    stream.append(choices_.below(8), '0');
    stream.append(static_cast<const char*>(digits.data()), end);
    stream += spoils() ? choices_.of(spoiling_extensions) : choices_.of(plain_extensions);
    stream += "\r\n";
  }

  Choices choices_;
};

void check_framing(std::string_view bytes, const Reading& reading) {
  std::size_t begin = 0;
  for (const ReadMessage& message : reading.messages) {
    const auto extent = extent_of(bytes.substr(message.begin));
    check(extent.has_value(), "a complete message is complete");
    check(message.begin + extent->end == message.end, "the next message begins where this ends");
    check(extent->body == message.body, "the body is the message's");
    begin = message.end;
  }
  check(reading.course != Reading::Course::disagreement, "gate and parser agree");
  if (reading.course == Reading::Course::waits) {
    const std::string_view rest = bytes.substr(begin);
    check(!extent_of(rest.substr(rest.starts_with("\r\n") ? 2 : 0)),
          "what waits for more is not complete");
  }
}

void run(std::string_view text) {
  Builder builder(text);
  builder.build();
  MessageStream stream;
  stream.add(builder.stream);
  check_framing(builder.stream, stream.reading());
  check(!builder.is_plain || stream.reading().course == Reading::Course::waits,
        "what is well-formed passes");
}

const Target target("framing", run);

}  // namespace
}  // namespace ringbook::fuzz
