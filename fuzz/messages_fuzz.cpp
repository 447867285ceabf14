// A connection's bytes through gate and parser: messages, their ends and what is refused depend on
// the bytes alone, however they arrive and whether bodies are wanted.
#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "fuzz/message_stream.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

Reading read(std::string_view bytes, std::size_t piece, bool keeps_bodies, bool remembers = true) {
  MessageStream stream(keeps_bodies, remembers);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    stream.add(bytes.substr(0, piece));
  }
  return stream.reading();
}

void run(std::string_view bytes) {
  Reading whole = read(bytes, bytes.size(), true);
  for (const std::size_t piece : {1U, 2U, 7U}) {
    check(read(bytes, piece, true) == whole, "pieces come to the same");
  }
  check(read(bytes, bytes.size(), true, false) == whole, "remembered fields come to the same");
  check(whole.course != Reading::Course::disagreement, "gate and parser agree");
  std::size_t end = 0;
  for (const ReadMessage& message : whole.messages) {
    check(message.begin >= end && message.begin <= end + 2, "messages follow each other");
    check(message.body.size() <= limits::body_bytes, "a body keeps to its bound");
    check(message.end >= message.begin + message.body.size(), "a body stands in its message");
    end = message.end;
  }
  check(end <= bytes.size(), "messages end within their bytes");
  for (ReadMessage& message : whole.messages) {
    message.body.clear();
  }
  check(read(bytes, bytes.size(), false) == whole, "dropped bodies end where kept ones do");
}

const Target target("messages", run);

}  // namespace
}  // namespace ringbook::fuzz
