// Boost.Beast asserts on some splits of correct messages, which would let a stranger end the
// process. This file is compiled with assertions of Boost disabled, in every build.
#include "http/message_parser.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <charconv>
#include <optional>

#include "base/check.h"
#include "base/limits.h"
#include "http/chunks.h"

namespace ringbook {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

// Keeps nothing of a message but its body.
class BeastParser final : public beast::http::basic_parser<true> {
 public:
  BeastParser() {
    // The gate and the chunk reader bound both, with answers of their own.
    header_limit(limits::head_bytes + 1);
    body_limit(boost::none);
    eager(true);
  }

  // Whether all of `bytes` was understood.
  bool feed(std::string_view bytes, std::string* into) {
    into_ = into;
    while (!bytes.empty()) {
      beast::error_code error;
      const std::size_t taken = put(asio::const_buffer(bytes.data(), bytes.size()), error);
      if (error || taken == 0) {
        return false;
      }
      bytes.remove_prefix(taken);
    }
    return true;
  }

 private:
  using View = beast::string_view;
  using Code = beast::error_code;

  void on_request_impl(beast::http::verb, View, View, int, Code&) override {}
  void on_response_impl(int, View, int, Code&) override {}
  void on_field_impl(beast::http::field, View, View, Code&) override {}
  void on_header_impl(Code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  void on_chunk_header_impl(std::uint64_t, View, Code&) override {}
  void on_finish_impl(Code&) override {}

  std::size_t on_body_impl(View body, Code&) override { return keep(body); }
  std::size_t on_chunk_body_impl(std::uint64_t, View body, Code&) override { return keep(body); }

  std::size_t keep(View body) {
    if (into_ != nullptr) {
      into_->append(body.data(), body.size());
    }
    return body.size();
  }

  std::string* into_ = nullptr;
};

}  // namespace

struct MessageParser::Impl {
  std::optional<BeastParser> beast;  // Nothing for a message that is framed as one before was.
  ChunkReader chunks;
  Framing framing;
  std::uint64_t remaining = 0;  // Of a body with a length.
  bool is_first_chunk = true;
  bool agrees = true;

  Progress read_length(std::string_view bytes, std::string* into) {
    const std::size_t taken = std::min<std::uint64_t>(remaining, bytes.size());
    remaining -= taken;
    if (beast) {
      agrees = agrees && beast->feed(bytes.substr(0, taken), into) &&
               beast->is_done() == (remaining == 0);
    } else if (into != nullptr) {
      into->append(bytes.substr(0, taken));
    }
    return {.kind = remaining == 0 ? Kind::complete : Kind::more, .taken = taken};
  }

  Progress read_chunks(std::string_view bytes, std::string* into) {
    std::size_t taken = 0;
    for (;;) {
      const std::string_view rest = bytes.substr(taken);
      const ChunkReader::Step step = chunks.next(rest);
      taken += step.taken;
      switch (step.kind) {
        case ChunkReader::Step::Kind::more: return {.kind = Kind::more, .taken = taken};
        case ChunkReader::Step::Kind::chunk: feed_chunk_line(step.size); break;
        case ChunkReader::Step::Kind::data:
          agrees = agrees && beast->feed(rest.substr(0, step.taken), into) && !beast->is_done();
          break;
        case ChunkReader::Step::Kind::end:
          feed_chunk_line(0);
          agrees = agrees && beast->is_done();
          return {.kind = Kind::complete, .taken = taken};
        case ChunkReader::Step::Kind::refused:
          return {.kind = Kind::refused, .taken = taken, .fault = step.fault};
      }
    }
  }

  // The line before a chunk's data, with the end of the chunk before it and without extensions; of
  // the last chunk, which has no data, also the empty line behind it.
  void feed_chunk_line(std::uint64_t size) {
    std::array<char, 2 + limits::chunk_size_digits + 4> line{'\r', '\n'};
    char* end = std::to_chars(line.data() + 2, line.data() + line.size(), size, 16).ptr;
    end = std::ranges::copy(std::string_view(size == 0 ? "\r\n\r\n" : "\r\n"), end).out;
    const std::string_view whole(line.data(), static_cast<std::size_t>(end - line.data()));
    agrees = agrees && beast->feed(whole.substr(is_first_chunk ? 2 : 0), nullptr);
    is_first_chunk = false;
  }
};

MessageParser::MessageParser() : impl_(std::make_unique<Impl>()) {}
MessageParser::~MessageParser() = default;

void MessageParser::head(std::string_view octets, const Framing& framing) {
  Impl& impl = *impl_;
  impl.beast.emplace();
  impl.chunks = ChunkReader();
  impl.framing = framing;
  impl.remaining = framing.length;
  impl.is_first_chunk = true;

  const BeastParser& beast = *impl.beast;
  impl.agrees = impl.beast->feed(octets, nullptr) && beast.is_header_done() &&
                beast.chunked() == (framing.kind == Framing::Kind::chunked) &&
                beast.content_length().value_or(0) == framing.length &&
                beast.is_done() == !framing.has_body();
}

void MessageParser::head_again(const Framing& framing) {
  check(framing.kind != Framing::Kind::chunked, "chunks are parsed");
  Impl& impl = *impl_;
  impl.beast.reset();
  impl.framing = framing;
  impl.remaining = framing.length;
  impl.agrees = true;
}

MessageParser::Progress MessageParser::body(std::string_view bytes, std::string* into) {
  return impl_->framing.kind == Framing::Kind::chunked ? impl_->read_chunks(bytes, into)
                                                       : impl_->read_length(bytes, into);
}

bool MessageParser::agrees() const {
  return impl_->agrees;
}

}  // namespace ringbook
