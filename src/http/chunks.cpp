#include "http/chunks.h"

#include <algorithm>

#include "base/limits.h"
#include "http/grammar.h"

namespace ringbook {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

bool is_text(char c) {
  return grammar::is(c, grammar::value);
}

unsigned digit_value(char c) {
  return c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

}  // namespace

ChunkReader::Step ChunkReader::next(std::string_view bytes) {
  if (state_ == State::data && !bytes.empty()) {
    const std::size_t taken = std::min<std::uint64_t>(size_, bytes.size());
    size_ -= taken;
    if (size_ == 0) {
      state_ = State::data_return;
    }
    return {.kind = Step::Kind::data, .taken = taken};
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    switch (take(bytes[i])) {
      case Move::on: break;
      case Move::chunk: return {.kind = Step::Kind::chunk, .taken = i + 1, .size = size_};
      case Move::end: return {.kind = Step::Kind::end, .taken = i + 1};
      case Move::malformed: return {.kind = Step::Kind::refused, .fault = Fault::bad_request};
      case Move::too_large: return {.kind = Step::Kind::refused, .fault = Fault::content_too_large};
    }
  }
  return {.kind = Step::Kind::more, .taken = bytes.size()};
}

bool ChunkReader::count() {
  return ++overhead_ <= limits::chunk_overhead_bytes;
}

ChunkReader::Move ChunkReader::take(char c) {
  switch (state_) {
    case State::size: return take_size(c);
    case State::line_feed:
      if (c != '\n') {
        return Move::malformed;
      }
      state_ = size_ == 0 ? State::trailer_begin : State::data;
      return size_ == 0 ? Move::on : Move::chunk;
    case State::data: return Move::malformed;
    case State::data_return: return c == '\r' ? go(State::data_feed) : Move::malformed;
    case State::data_feed: digits_ = 0; return c == '\n' ? go(State::size) : Move::malformed;
    case State::trailer_begin:
    case State::trailer_name:
    case State::trailer_value:
    case State::trailer_feed: return take_trailer(c);
    case State::last_feed: return c == '\n' ? Move::end : Move::malformed;
    default: return take_extension(c);
  }
}

ChunkReader::Move ChunkReader::take_size(char c) {
  if (grammar::is(c, grammar::hex)) {
    size_ = size_ * 16 + digit_value(c);
    return ++digits_ <= limits::chunk_size_digits ? Move::on : Move::malformed;
  }
  if (digits_ == 0) {
    return Move::malformed;
  }
  if (size_ > limits::body_bytes - announced_) {
    return Move::too_large;
  }
  announced_ += size_;
  state_ = State::after_value;
  return take_extension(c);
}

ChunkReader::Move ChunkReader::take_extension(char c) {
  const bool may_end =
      state_ == State::after_value || state_ == State::name || state_ == State::value;
  if (c == '\r') {
    return may_end ? go(State::line_feed) : Move::malformed;
  }
  if (!count()) {
    return Move::too_large;
  }
  const bool is_token = grammar::is(c, grammar::token);
  switch (state_) {
    case State::name_begin:
      return is_token ? go(State::name) : is_space(c) ? Move::on : Move::malformed;
    case State::value_begin:
      if (c == '"') {
        return go(State::quoted);
      }
      return is_token ? go(State::value) : is_space(c) ? Move::on : Move::malformed;
    case State::quoted:
      if (c == '"') {
        return go(State::after_value);
      }
      return c == '\\' ? go(State::escaped) : is_text(c) ? Move::on : Move::malformed;
    case State::escaped: return is_text(c) ? go(State::quoted) : Move::malformed;
    default: break;
  }
  const bool is_named = state_ == State::name || state_ == State::after_name;
  if (is_token && (state_ == State::name || state_ == State::value)) {
    return Move::on;
  }
  if (c == ';') {
    return go(State::name_begin);
  }
  if (is_space(c)) {
    return go(is_named ? State::after_name : State::before_semicolon);
  }
  return c == '=' && is_named ? go(State::value_begin) : Move::malformed;
}

// *( field-line CRLF ) CRLF
ChunkReader::Move ChunkReader::take_trailer(char c) {
  if (state_ == State::trailer_begin && c == '\r') {
    return go(State::last_feed);
  }
  if (!count()) {
    return Move::too_large;
  }
  switch (state_) {
    case State::trailer_begin:
      return grammar::is(c, grammar::token) ? go(State::trailer_name) : Move::malformed;
    case State::trailer_name:
      if (c == ':') {
        return go(State::trailer_value);
      }
      return grammar::is(c, grammar::token) ? Move::on : Move::malformed;
    case State::trailer_value:
      if (c == '\r') {
        return go(State::trailer_feed);
      }
      return is_text(c) ? Move::on : Move::malformed;
    default: return c == '\n' ? go(State::trailer_begin) : Move::malformed;
  }
}

}  // namespace ringbook
