#include "http/client_connection.h"

#include <utility>
#include <variant>

#include "http/forwarded.h"

namespace ringbook {

ClientConnection::ClientConnection(Hub& hub, Stream stream, std::string client)
    : hub_(hub),
      stream_(std::move(stream)),
      client_(std::move(client)),
      is_proxy_(is_in(hub.settings.trusted_proxies, client_)) {}

void ClientConnection::start() {
  set_deadline(hub_.settings.handshake_time);
  advance();
}

// --- a message, from its head to its answer ------------------------------------------------------

void ClientConnection::advance() {
  is_advancing_ = true;
  while (step()) {
  }
  is_advancing_ = false;
}

bool ClientConnection::step() {
  switch (state_) {
    case State::head: return step_head();
    case State::admitted: return step_admitted();
    case State::body: return step_body();
    case State::admitting:
    case State::handling:
    case State::writing:
    case State::lingering:
    case State::closed: return false;
  }
  std::unreachable();
}

bool ClientConnection::step_head() {
  Gate::Verdict verdict = gate_.read(input_.bytes(), &last_fields_);
  if (!verdict) {
    id_.assign(verdict.error().request_id);
    refuse(verdict.error().why);
  } else if (!*verdict) {
    wait_for_head();
    return false;
  } else {
    begin_message(**verdict);
  }
  return true;
}

void ClientConnection::wait_for_head() {
  if (has_ended_ || (hub_.is_draining && is_idle())) {
    close();
    return;
  }
  if (!is_established_ && stream_.is_established() && !hub_.is_draining) {
    is_established_ = true;
    set_deadline(hub_.settings.idle_time);
  }
  if (gate_.has_begun() && !is_head_timed_) {
    is_head_timed_ = true;
    set_deadline(hub_.settings.head_time);
  }
  read_more();
}

void ClientConnection::begin_message(PassedHead& passed) {
  begun_ = hub_.clock.tick();
  deadline_ = Tick::max();
  is_established_ = true;
  method_ = passed.head.method;
  framing_ = passed.framing;
  is_http_1_0_ = passed.is_http_1_0;
  keep_alive_ = passed.keep_alive;
  expects_continue_ = passed.expects_continue;
  id_.assign(passed.head.request_id);
  if (id_.empty()) {
    hub_.make_id(id_);
  }
  const std::string_view head = input_.bytes().substr(passed.begin, passed.end - passed.begin);
  note_sender(head);
  if (!parse_head(head, passed)) {
    drop_in_disagreement();
    return;
  }
  passed.head.request_id = id_.view();
  passed.head.client = client();
  state_ = State::admitting;
  route_ = hub_.api.admit(passed.head, authorization_,
                          [self = shared_from_this()](Api::Admission admission) {
                            self->on_admission(std::move(admission));
                          });
  input_.consume(passed.end);
}

// Whether the parser reads it as the gate does.
bool ClientConnection::parse_head(std::string_view head, const PassedHead& passed) {
  if (passed.are_fields_known) {
    parser_.head_again(framing_);
  } else {
    parser_.head(head, framing_);
    if (parser_.agrees()) {
      last_fields_.remember(head, passed);
    }
  }
  return parser_.agrees();
}

void ClientConnection::note_sender(std::string_view head) {
  cors_ = hub_.cors.fields_for(head);
  if (is_proxy_) {
    forwarded_ = forwarded_client(head, hub_.settings.trusted_proxies);
  }
}

// Only notes it: the bytes that the head views may still be in use.
void ClientConnection::on_admission(Api::Admission admission) {
  if (state_ == State::closed) {
    return;
  }
  admission_ = std::move(admission);
  state_ = State::admitted;
  advance_later();
}

bool ClientConnection::step_admitted() {
  if (!framing_.has_body()) {
    end_body();
    return true;
  }
  if (const auto* refused = std::get_if<Response>(&admission_); refused && expects_continue_) {
    // The client waits before it sends the body; whether it then sends it cannot be known.
    write_answer(*refused, true);
    return true;
  }
  state_ = State::body;
  set_deadline(hub_.settings.body_time);
  return true;
}

bool ClientConnection::step_body() {
  const bool is_wanted = std::holds_alternative<Api::AdmittedPtr>(admission_);
  if (!input_.empty()) {
    const MessageParser::Progress progress =
        parser_.body(input_.bytes(), is_wanted ? &body_ : nullptr);
    input_.consume(progress.taken);
    if (!parser_.agrees()) {
      drop_in_disagreement();
    } else if (progress.kind == MessageParser::Kind::refused) {
      refuse({progress.fault, progress.fault == Fault::bad_request ? "chunks" : "body_size"});
    } else if (progress.kind == MessageParser::Kind::complete) {
      end_body();
    }
    return true;
  }
  if (has_ended_) {
    close();
  } else if (std::exchange(expects_continue_, false)) {
    write(continue_answer, After::body);
    return true;
  } else {
    read_more();
  }
  return false;
}

// The message is complete.
void ClientConnection::end_body() {
  deadline_ = Tick::max();
  if (const auto* refused = std::get_if<Response>(&admission_)) {
    on_response(*refused);
    return;
  }
  state_ = State::handling;
  hub_.api.handle(
      std::get<Api::AdmittedPtr>(std::move(admission_)), body_,
      [self = shared_from_this()](const Response& response) { self->on_response(response); });
  body_.clear();
  if (body_.capacity() > limits::idle_buffer_bytes) {
    body_.shrink_to_fit();
  }
}

void ClientConnection::on_response(const Response& response) {
  if (state_ != State::closed) {
    write_answer(response, !keep_alive_ || (hub_.is_draining && !has_more_bytes()));
  }
}

void ClientConnection::write_answer(const Response& response, bool closes) {
  hub_.metrics.count_answer(route_, method_, response.status, hub_.clock.tick() - begun_);
  hub_.log.debug("request", {{"request_id", id_.view()},
                             {"client", client()},
                             {"method", name_of(method_)},
                             {"route", route_},
                             {"status", response.status}});
  write(response, closes         ? Envelope::Connection::close
                  : is_http_1_0_ ? Envelope::Connection::keep_alive
                                 : Envelope::Connection::persists);
}

void ClientConnection::write(const Response& response, Envelope::Connection persistence) {
  hub_.scratch.clear();
  append_answer(hub_.scratch, response,
                {.date = hub_.date(),
                 .request_id = id_.view(),
                 .connection = persistence,
                 .cors = cors_,
                 .is_for_head = gate_.is_head()});
  write(hub_.scratch,
        persistence == Envelope::Connection::close ? After::linger : After::next_message);
}

void ClientConnection::begin_next_message() {
  gate_ = Gate();
  forwarded_.clear();
  state_ = State::head;
  is_head_timed_ = false;
  set_deadline(hub_.settings.idle_time);
  if (input_.empty()) {
    input_.shrink();
  }
  advance_later();
}

void ClientConnection::refuse(Breach breach) {
  if (id_.empty()) {
    hub_.make_id(id_);
  }
  if (state_ == State::head) {
    note_sender(input_.bytes());
  }
  hub_.metrics.count_refusal(breach.fault);
  if (const auto unwritten = hub_.refusal_lines.admit()) {
    hub_.log.info("message_refused", {{"reason", name_of(breach.fault)},
                                      {"rule", breach.rule},
                                      {"request_id", id_.view()},
                                      {"client", client()},
                                      {"unwritten_before", *unwritten}});
  }
  write(hub_.api.refusal(std::to_underlying(breach.fault)), Envelope::Connection::close);
}

void ClientConnection::drop_in_disagreement() {
  hub_.metrics.disagreements.add();
  if (const auto unwritten = hub_.disagreement_lines.admit()) {
    hub_.log.warning(
        "framing_disagreement",
        {{"request_id", id_.view()}, {"client", client()}, {"unwritten_before", *unwritten}});
  }
  close();
}

// --- time ----------------------------------------------------------------------------------------

void ClientConnection::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = hub_.clock.tick() + from_now;
}

void ClientConnection::check_deadline(Tick now) {
  if (now < deadline_) {
    return;
  }
  const bool is_late = state_ == State::body || (state_ == State::head && gate_.has_begun());
  if (!is_late) {
    close();
    return;
  }
  const bool is_head = state_ == State::head;
  if (is_head) {
    id_.clear();
  }
  refuse({Fault::timeout, is_head ? "head_time" : "body_time"});
}

void ClientConnection::close_if_idle() {
  if (state_ == State::head && is_idle()) {
    close();
  }
}

// A client that has begun to shake hands has a request to send, which it could not send before.
bool ClientConnection::is_idle() {
  const bool is_shaking_hands = !is_established_ && stream_.has_begun_handshake();
  return !is_shaking_hands && !gate_.has_begun() && !stream_.has_unread();
}

bool ClientConnection::has_more_bytes() {
  return !input_.empty() || stream_.has_unread();
}

}  // namespace ringbook
