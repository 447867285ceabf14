#include "http/hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

#include "http/client_connection.h"

namespace ringbook {

void RequestId::assign(std::string_view text) {
  std::copy(text.begin(), text.end(), text_.begin());
  size_ = static_cast<std::uint8_t>(text.size());
}

Hub::Hub(const HttpSettings& http_settings, Api& the_api, const Clock& the_clock,
         Metrics& all_metrics, Log& the_log)
    : settings(http_settings),
      api(the_api),
      clock(the_clock),
      log(the_log),
      metrics(all_metrics),
      disagreement_lines(the_clock),
      refusal_lines(the_clock),
      cors(http_settings.cors_origins) {
  // Random, so that ids of two processes, or of one before and after a restart, are told apart.
  std::random_device random;
  id_prefix_ = fmt::format("{:08x}{:08x}-", random(), random());
}

std::string_view Hub::date() {
  const Instant now = clock.now();
  const std::int64_t second = now.ms / 1000;
  if (second != date_second_) {
    date_second_ = second;
    date_ = to_http_date(now);
  }
  return date_;
}

void Hub::make_id(RequestId& id) {
  std::array<char, limits::request_id_chars> text;
  char* const number = std::copy(id_prefix_.begin(), id_prefix_.end(), text.begin());
  const char* const end = std::to_chars(number, text.data() + text.size(), ++ids_made_).ptr;
  id.assign({text.data(), static_cast<std::size_t>(end - text.data())});
}

void Hub::add(std::shared_ptr<ClientConnection> connection) {
  connection->set_place(open_.size());
  open_.push_back(std::move(connection));
  metrics.connections.add(1);
}

void Hub::remove(ClientConnection& connection) {
  const std::size_t place = connection.place();
  open_.back()->set_place(place);
  std::swap(open_[place], open_.back());
  open_.pop_back();
  metrics.connections.add(-1);
  on_removed();
}

// From the last to the first: one that ends itself is replaced by one that has had its turn.
template <class Do>
void Hub::each(Do act) {
  for (std::size_t i = open_.size(); i > 0; --i) {
    const std::shared_ptr<ClientConnection> connection = open_[i - 1];
    act(*connection);
  }
}

void Hub::check_deadlines() {
  const Tick now = clock.tick();
  each([now](ClientConnection& connection) { connection.check_deadline(now); });
}

void Hub::close_idle() {
  each([](ClientConnection& connection) { connection.close_if_idle(); });
}

void Hub::close_all() {
  each([](ClientConnection& connection) { connection.close(); });
}

bool Hub::has_unfinished() const {
  return std::any_of(open_.begin(), open_.end(),
                     [](const auto& connection) { return !connection->is_lingering(); });
}

}  // namespace ringbook
