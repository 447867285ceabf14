#include "http/message_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"

namespace ringbook {
namespace {

// What one message comes to, read in the pieces given.
struct Reading {
  std::string outcome;  // "more", "complete", the name of a fault, or "disagreement".
  std::string body;
  std::string rest;  // Bytes of the next message.
  bool operator==(const Reading&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Reading& reading) {
  return out << reading.outcome << " body=" << reading.body.substr(0, 80)
             << " rest=" << reading.rest.substr(0, 80);
}

// Feeds a message the way a connection does: what is not taken is offered again with more.
class Feed {
 public:
  void add(std::string_view bytes) {
    waiting_ += bytes;
    while (outcome_ == "more" && step()) {
    }
  }
  Reading reading() const { return {outcome_, body_, outcome_ == "complete" ? waiting_ : ""}; }

 private:
  bool step() { return has_head_ ? step_body() : step_head(); }

  bool step_head() {
    const Gate::Verdict verdict = gate_.read(waiting_);
    if (!verdict) {
      outcome_ = name_of(verdict.error().why.fault);
      return false;
    }
    if (!*verdict) {
      return false;
    }
    const PassedHead& passed = **verdict;
    parser_.head(std::string_view(waiting_).substr(passed.begin, passed.end - passed.begin),
                 passed.framing);
    waiting_.erase(0, passed.end);
    has_head_ = true;
    if (!parser_.agrees()) {
      outcome_ = "disagreement";
    } else if (!passed.framing.has_body()) {
      outcome_ = "complete";
    }
    return true;
  }

  bool step_body() {
    if (waiting_.empty()) {
      return false;
    }
    const MessageParser::Progress progress = parser_.body(waiting_, &body_);
    waiting_.erase(0, progress.taken);
    if (!parser_.agrees()) {
      outcome_ = "disagreement";
    } else if (progress.kind == MessageParser::Kind::complete) {
      outcome_ = "complete";
    } else if (progress.kind == MessageParser::Kind::refused) {
      outcome_ = name_of(progress.fault);
    }
    return true;
  }

  Gate gate_;
  MessageParser parser_;
  std::string waiting_;
  std::string body_;
  std::string outcome_ = "more";
  bool has_head_ = false;
};

Reading read_whole(std::string_view bytes) {
  Feed feed;
  feed.add(bytes);
  return feed.reading();
}

// Reads `bytes` whole, byte by byte and split at every offset; all must come to the same.
Reading read(std::string_view bytes) {
  const Reading whole = read_whole(bytes);
  Feed dripping;
  for (const char c : bytes) {
    dripping.add({&c, 1});
  }
  EXPECT_EQ(dripping.reading(), whole) << "byte by byte: " << bytes;
  for (std::size_t at = 1; at < bytes.size(); ++at) {
    Feed split;
    split.add(bytes.substr(0, at));
    split.add(bytes.substr(at));
    EXPECT_EQ(split.reading(), whole) << "split at " << at << ": " << bytes;
  }
  return whole;
}

std::string with_length(std::string_view body) {
  return fmt::format("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", body.size(),
                     body);
}
std::string with_chunks(std::string_view chunks) {
  return fmt::format("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{}", chunks);
}

Reading complete(std::string_view body, std::string_view rest = {}) {
  return {"complete", std::string(body), std::string(rest)};
}

TEST(Body, EndsWhereItsLengthSays) {  // [HTTP-4] [HTTP-17]
  EXPECT_EQ(read(with_length("hello")), complete("hello"));
  EXPECT_EQ(read(with_length("hello") + "GET /"), complete("hello", "GET /"));
  EXPECT_EQ(read(with_length("")), complete(""));
  EXPECT_EQ(read("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET"), complete("", "GET"));
  EXPECT_EQ(read("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nhello").outcome, "more");
}

TEST(Chunks, AreJoined) {  // [HTTP-5]
  EXPECT_EQ(read(with_chunks("0\r\n\r\n")), complete(""));
  EXPECT_EQ(read(with_chunks("5\r\nhello\r\n0\r\n\r\n")), complete("hello"));
  EXPECT_EQ(read(with_chunks("5\r\nhello\r\n6\r\n world\r\n000\r\n\r\nGET /")),
            complete("hello world", "GET /"));
  EXPECT_EQ(read(with_chunks("a\r\n0123456789\r\nA\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n")),
            complete("0123456789\r\n\r\n\r\n\r\n\r\n"));
}

TEST(Chunks, DropExtensions) {  // [HTTP-5]
  for (const auto* extension : {";a", ";a=b", ";a=\"b\"", ";a=\"\\\"b;\\\\\"", " ; a = b ;c",
                                ";a;b;c", "\t;\ta\t=\t\"b\t\"", ";a=\"\xC3\xA9\""}) {
    EXPECT_EQ(read(with_chunks(fmt::format("5{0}\r\nhello\r\n0{0}\r\n\r\n", extension))),
              complete("hello"))
        << extension;
  }
}

TEST(Chunks, RefuseMalformedExtensions) {  // [HTTP-5]
  for (const auto* extension : {" ",         ";",    ";;",     ";a=",         ";=b",
                                ";a b",      ";a ",  ";a=\"b", ";a=\"b\"c",   ";a=\"b\" ",
                                "a;",        "x",    ";a=b=c", ";a=\"\x01\"", ";a=\"\\\x01\"",
                                ";\xC3\xA9", ";a\n", ";a\r",   ";a=\"\n\"",   ";a=\"\r\"",
                                "\n",        " \n  "}) {
    EXPECT_EQ(read(with_chunks(fmt::format("5{}\r\nhello\r\n0\r\n\r\n", extension))).outcome,
              "bad_request")
        << extension;
  }
}

TEST(Chunks, HaveSizesOfHexadecimalDigits) {  // [HTTP-5]
  for (const auto* size : {"", "g", "0x5", "+5", "-5", " 5", "5 ", "5.0", "5h", "\r\n5",
                           "00000000000000005" /* 17 digits */}) {
    EXPECT_EQ(read(with_chunks(fmt::format("{}\r\nhello\r\n0\r\n\r\n", size))).outcome,
              "bad_request")
        << size;
  }
  EXPECT_EQ(read(with_chunks("0000000000000005\r\nhello\r\n0\r\n\r\n")), complete("hello"));
}

TEST(Chunks, EndInCrLf) {  // [HTTP-5]
  for (const auto* chunks :
       {"5\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
        "5\r\nhello\rX0\r\n\r\n", "5\r\nhello\r\n0\n\r\n", "5\r\nhello\r\n0\r\n\n",
        "5\r\nhello\r\n0\r\n\rX", "5\rX", "0\rX"}) {
    EXPECT_EQ(read(with_chunks(chunks)).outcome, "bad_request") << chunks;
  }
}

TEST(Trailers, AreDropped) {  // [HTTP-5]
  for (const auto* trailers :
       {"X: y\r\n", "Authorization: Bearer x\r\nConnection: close\r\n", "Content-Length: 7\r\n",
        "Transfer-Encoding: chunked\r\n", "Connection: @\r\n", "X:\r\n", "X: \xC3\xA9\t\r\n"}) {
    EXPECT_EQ(read(with_chunks(fmt::format("5\r\nhello\r\n0\r\n{}\r\nGET", trailers))),
              complete("hello", "GET"))
        << trailers;
  }
}

TEST(Trailers, AreRefusedWhenMalformed) {  // [HTTP-5]
  for (const auto* trailers :
       {"X\r\n", "X : y\r\n", ": y\r\n", " X: y\r\n", "X: y\r\n z\r\n", "X: y\n", "X: y\r",
        "X: \x01\r\n", "X: \x7F\r\n", "X\n: y\r\n", "@: y\r\n"}) {
    EXPECT_EQ(read(with_chunks(fmt::format("5\r\nhello\r\n0\r\n{}\r\nGET", trailers))).outcome,
              "bad_request")
        << trailers;
  }
}

// --- limits --------------------------------------------------------------------------------------

std::string in_chunks(std::size_t octets, std::size_t chunk) {
  std::string out;
  while (octets > 0) {
    const std::size_t size = std::min(octets, chunk);
    out += fmt::format("{:x}\r\n{}\r\n", size, std::string(size, 'x'));
    octets -= size;
  }
  return out + "0\r\n\r\n";
}

TEST(BodyLimit, CountsWhatChunksAnnounce) {  // [HTTP-5] [HTTP-11]
  for (const std::size_t chunk : {std::size_t{1000}, limits::body_bytes + 2}) {
    EXPECT_EQ(read_whole(with_chunks(in_chunks(limits::body_bytes - 1, chunk))).outcome,
              "complete");
    EXPECT_EQ(read_whole(with_chunks(in_chunks(limits::body_bytes, chunk))).outcome, "complete");
    EXPECT_EQ(read_whole(with_chunks(in_chunks(limits::body_bytes + 1, chunk))).outcome,
              "content_too_large");
  }
  // At once: before any data, and whatever would follow.
  EXPECT_EQ(read(with_chunks("10001\r")).outcome, "content_too_large");
  EXPECT_EQ(read(with_chunks("10001;")).outcome, "content_too_large");
  EXPECT_EQ(read(with_chunks("FFFFFFFFFFFFFFFF\r\n")).outcome, "content_too_large");
  EXPECT_EQ(read(with_chunks("1\r\nx\r\n10000\r\n")).outcome, "content_too_large");
  EXPECT_EQ(read(with_chunks("10000\r\n")).outcome, "more");
}

TEST(OverheadLimit, CountsExtensionsAndTrailersTogether) {  // [HTTP-5]
  const auto outcome = [](std::size_t extension, std::size_t trailer) {
    std::string chunks = "5" + (extension == 0 ? "" : ";" + std::string(extension - 1, 'e'));
    chunks += "\r\nhello\r\n0\r\n";
    if (trailer != 0) {
      chunks += "T: " + std::string(trailer - 5, 't') + "\r\n";
    }
    return read_whole(with_chunks(chunks + "\r\n")).outcome;
  };
  constexpr std::size_t limit = limits::chunk_overhead_bytes;
  EXPECT_EQ(outcome(limit, 0), "complete");
  EXPECT_EQ(outcome(limit + 1, 0), "content_too_large");
  EXPECT_EQ(outcome(0, limit), "complete");
  EXPECT_EQ(outcome(0, limit + 1), "content_too_large");
  EXPECT_EQ(outcome(1000, limit - 1000), "complete");
  EXPECT_EQ(outcome(1000, limit - 999), "content_too_large");
}

TEST(OverheadLimit, CountsEveryChunk) {  // [HTTP-5]
  std::string chunks;
  for (std::size_t octets = 0; octets <= limits::chunk_overhead_bytes; octets += 2) {
    chunks += "1;e\r\nx\r\n";
  }
  EXPECT_EQ(read_whole(with_chunks(chunks)).outcome, "content_too_large");
}

// --- agreement -----------------------------------------------------------------------------------

TEST(Agreement, HoldsForEveryHeadThatPassesTheGate) {  // [HTTP-4]
  for (const auto* fields :
       {"Connection: close", "Connection:", "Connection: ,, a ,", "Connection: \t,",
        "Proxy-Connection: a,", "Upgrade: h2c\r\nConnection: upgrade", "X:", "X:\t", "X: \xFF",
        "Content-Length: 000", "Content-Length: 0000000000000000003", "Transfer-Encoding: CHUNKED",
        "!#$%&'*+-.^_`|~: x", "Expect: 100-continue", "X: a\"b", "Trailer: X"}) {
    for (const auto* line :
         {"GET / HTTP/1.1", "OPTIONS * HTTP/1.1", "PUT http://a:1/%20?|\"<> HTTP/1.1"}) {
      const Reading reading = read(fmt::format("{}\r\nHost: a\r\n{}\r\n\r\n", line, fields));
      EXPECT_TRUE(reading.outcome == "complete" || reading.outcome == "more")
          << fields << ": " << reading.outcome;
    }
  }
}

TEST(Agreement, HoldsForTheLargestHead) {  // [HTTP-11]
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  head += std::string(limits::head_bytes - head.size() - 4, 'x') + "\r\n\r\n";
  ASSERT_EQ(head.size(), limits::head_bytes);
  EXPECT_EQ(read_whole(head).outcome, "complete");
  EXPECT_EQ(read_whole("\r\n" + head).outcome, "complete");
}

TEST(Agreement, IsDeniedWhenTheFramingDiffers) {  // [HTTP-4]
  const std::string head = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
  const auto agrees = [&head](Framing framing) {
    MessageParser parser;
    parser.head(head, framing);
    return parser.agrees();
  };
  EXPECT_TRUE(agrees({Framing::Kind::length, 5}));
  EXPECT_FALSE(agrees({Framing::Kind::length, 4}));
  EXPECT_FALSE(agrees({Framing::Kind::chunked, 0}));
  EXPECT_FALSE(agrees({Framing::Kind::none, 0}));
}

TEST(ParserState, DoesNotReachTheNextMessage) {  // [HTTP-17]
  MessageParser parser;
  const std::string first = with_chunks("");
  parser.head(first, {Framing::Kind::chunked, 0});
  std::string body;
  EXPECT_EQ(parser.body("5;x\r\nhel", &body).kind, MessageParser::Kind::more);
  const std::string second = "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n";
  parser.head(second, {Framing::Kind::length, 2});
  body.clear();
  EXPECT_EQ(parser.body("hi!", &body).kind, MessageParser::Kind::complete);
  EXPECT_TRUE(parser.agrees());
  EXPECT_EQ(body, "hi");
}

}  // namespace
}  // namespace ringbook
