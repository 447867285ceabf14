// Messages as a connection reads them, gate and parser in turn, from memory instead of a socket.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "http/gate.h"
#include "http/input_buffer.h"
#include "http/message_parser.h"

namespace ringbook::fuzz {

struct ReadMessage {
  std::size_t begin = 0;  // Of the request line, in the whole stream.
  std::size_t end = 0;    // One past the message.
  std::string body;       // Empty when it is dropped.
  bool operator==(const ReadMessage&) const = default;
};

// What a stream came to: its complete messages, and how it stands after them.
struct Reading {
  enum class Course { waits, refused, disagreement };
  std::vector<ReadMessage> messages;
  Course course = Course::waits;
  Fault fault = Fault::bad_request;  // Of course refused.
  bool operator==(const Reading&) const = default;
};

class MessageStream {
 public:
  // Without `remembers` it reads the fields of every head, as a connection need not.
  explicit MessageStream(bool keeps_bodies = true, bool remembers = true)
      : keeps_bodies_(keeps_bodies), remembers_(remembers) {}

  void add(std::string_view bytes) {
    while (!bytes.empty() && reading_.course == Reading::Course::waits) {
      const auto space = input_.space();
      const std::size_t taken = std::min(space.size(), bytes.size());
      std::copy_n(bytes.begin(), taken, space.begin());
      input_.commit(taken);
      bytes.remove_prefix(taken);
      while (reading_.course == Reading::Course::waits && step()) {
      }
    }
  }
  const Reading& reading() const { return reading_; }

 private:
  // Whether there may be more to do with the bytes at hand.
  bool step() { return has_head_ ? step_body() : step_head(); }

  bool step_head() {
    const Gate::Verdict verdict = gate_.read(input_.bytes(), remembers_ ? &last_ : nullptr);
    if (!verdict) {
      refuse(verdict.error().why.fault);
      return false;
    }
    if (!*verdict) {
      return false;
    }
    const PassedHead& passed = **verdict;
    begin(input_.bytes().substr(passed.begin, passed.end - passed.begin), passed);
    message_.begin = position_ + passed.begin;
    take(passed.end);
    has_head_ = true;
    if (agrees() && !passed.framing.has_body()) {
      complete();
    }
    return true;
  }

  void begin(std::string_view head, const PassedHead& passed) {
    if (passed.are_fields_known) {
      parser_.head_again(passed.framing);
    } else {
      parser_.head(head, passed.framing);
      if (parser_.agrees()) {
        last_.remember(head, passed);
      }
    }
  }

  bool step_body() {
    if (input_.empty()) {
      return false;
    }
    const MessageParser::Progress progress =
        parser_.body(input_.bytes(), keeps_bodies_ ? &message_.body : nullptr);
    take(progress.taken);
    if (!agrees()) {
      return false;
    }
    if (progress.kind == MessageParser::Kind::refused) {
      refuse(progress.fault);
    } else if (progress.kind == MessageParser::Kind::complete) {
      complete();
    }
    return true;
  }

  void take(std::size_t octets) {
    input_.consume(octets);
    position_ += octets;
  }

  bool agrees() {
    if (!parser_.agrees()) {
      reading_.course = Reading::Course::disagreement;
    }
    return parser_.agrees();
  }

  void refuse(Fault fault) {
    reading_.course = Reading::Course::refused;
    reading_.fault = fault;
  }

  void complete() {
    message_.end = position_;
    reading_.messages.push_back(std::move(message_));
    message_ = {};
    gate_ = Gate();
    has_head_ = false;
  }

  bool keeps_bodies_;
  bool remembers_;
  LastFields last_;
  InputBuffer input_;
  Gate gate_;
  MessageParser parser_;
  Reading reading_;
  ReadMessage message_;       // The one being read.
  std::size_t position_ = 0;  // Octets consumed so far.
  bool has_head_ = false;
};

}  // namespace ringbook::fuzz
