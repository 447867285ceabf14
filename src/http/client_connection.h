// One client's connection: reads requests one after the other, asks the Api, writes the answers.
//
//   head --> admitting --> admitted --> body --> handling --> (writing) --> head
//     \________________________________/ refused: writing --> lingering --> closed
//
// Invariants: 1. One request is in flight; while it is, nothing is read. 2. Every wait but that for
// the Api has a deadline, set when the wait begins; further bytes do not move it. 3. A refused
// message gets exactly one answer, and nothing is understood after it. 4. An answer of the Api that
// comes after the connection was closed is dropped; a closed connection touches nothing but itself.
// Threads: the loop. Lifetime: shared by the hub's set, the pending operation and the question that
// the Api has not answered yet.
#pragma once

#include <boost/system/error_code.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "api/api.h"
#include "http/answer.h"
#include "http/gate.h"
#include "http/handler_memory.h"
#include "http/hub.h"
#include "http/input_buffer.h"
#include "http/last_fields.h"
#include "http/message_parser.h"
#include "http/stream.h"

namespace ringbook {

class ClientConnection : public std::enable_shared_from_this<ClientConnection> {
 public:
  // `client` is the peer's address.
  ClientConnection(Hub& hub, Stream stream, std::string client);

  void start();
  // Ends what should be over by `now`: with 408 when a request is late, else without a word.
  void check_deadline(Tick now);
  // Closes it when nothing of a request has been received, not even by the kernel.
  void close_if_idle();
  void close();
  // Whether its last answer is out.
  bool is_lingering() const { return state_ == State::lingering; }

  // Where it stands in the hub's set.
  std::size_t place() const { return place_; }
  void set_place(std::size_t place) { place_ = place; }

 private:
  enum class State : std::uint8_t {
    head,       // Idle, or in the middle of a head, or of the handshake of TLS.
    admitting,  // The Api looks at the head.
    admitted,   // It has decided.
    body,
    handling,   // The Api has everything.
    writing,    // Something is not yet taken by the client.
    lingering,  // Half-closed; what still comes is dropped.
    closed,
  };
  // What follows when something is written.
  enum class After : std::uint8_t { body, next_message, linger };

  // Does everything that the bytes at hand allow.
  void advance();
  // One step of it; whether another may follow.
  bool step();
  bool step_head();
  bool step_admitted();
  bool step_body();
  void wait_for_head();
  void begin_message(PassedHead& passed);
  bool parse_head(std::string_view head, const PassedHead& passed);
  // Reads from a head, good or not, who asks.
  void note_sender(std::string_view head);
  void end_body();
  void begin_next_message();

  void on_admission(Api::Admission admission);
  void on_response(const Response& response);
  void refuse(Breach breach);
  void drop_in_disagreement();

  void read_more();
  void on_read(const boost::system::error_code& error, std::size_t octets);
  void write(const Response& response, Envelope::Connection persistence);
  void write(std::string_view bytes, After after);
  // `outcome` is that of the last step.
  void go_on_writing(const boost::system::error_code& outcome);
  void after_write();
  void linger();
  void advance_later();

  void write_answer(const Response& response, bool closes);
  // Who asks: the peer, or who a trusted proxy says it is.
  std::string_view client() const { return forwarded_.empty() ? client_ : forwarded_; }
  bool is_idle();
  bool has_more_bytes();
  void set_deadline(std::chrono::milliseconds from_now);

  Hub& hub_;
  Stream stream_;
  const std::string client_;
  const bool is_proxy_;  // A trusted one.
  std::size_t place_ = 0;
  State state_ = State::head;
  After after_ = After::next_message;
  bool is_advancing_ = false;
  bool is_reading_ = false;
  // A message has come, or may: TLS, if any, has shaken hands, and that before draining began.
  bool is_established_ = false;
  bool has_ended_ = false;      // The client sends nothing more.
  bool is_head_timed_ = false;  // The deadline is that of a head, not that of an idle connection.
  Tick deadline_ = Tick::max();
  LastAuthorization authorization_;
  LastFields last_fields_;
  InputBuffer input_;
  std::size_t lingered_ = 0;  // Octets dropped while lingering.
  HandlerMemory memory_;      // Of the pending operation.

  // The message in flight.
  Gate gate_;
  MessageParser parser_;
  RequestId id_;
  std::string forwarded_;  // The client that the proxy tells of; "" for none.
  std::string_view cors_;
  Method method_ = Method::get;
  Framing framing_;
  bool is_http_1_0_ = false;
  bool keep_alive_ = false;
  bool expects_continue_ = false;  // And has not got it.
  std::string_view route_;
  Tick begun_;
  Api::Admission admission_;
  std::string body_;
};

}  // namespace ringbook
