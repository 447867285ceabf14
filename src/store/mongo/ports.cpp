#include "store/mongo/ports.h"

#include "base/limits.h"

namespace ringbook::mongo {

Ports::Ports(std::unique_ptr<Clients> clients, std::unique_ptr<Server> server,
             const Settings& settings, Loop& loop, const Clock& clock, Metrics& metrics, Log& log)
    : clients_(std::move(clients)),
      server_(std::move(server)),
      pool_(*clients_, database_of(settings), loop, clock, metrics),
      journal_(make_journal(pool_, *server_, metrics)),
      documents_(make_documents(pool_, *server_, settings)),
      probe_(pool_, *server_, clock, metrics, log) {}

Result<std::unique_ptr<Ports>> Ports::open(const Settings& settings, Loop& loop, const Clock& clock,
                                           Metrics& metrics, Log& log) {
  if (auto checked = check_settings(settings); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  auto clients = std::make_unique<Clients>(*parse_url(settings.url));
  Result<std::unique_ptr<Server>> server;
  {
    Connection connection(*clients, database_of(settings), clock);
    connection.set_deadline(clock.tick() + limits::mongo_open_time);
    server = Server::prepare(connection, settings, log);
  }
  if (!server) {
    return std::unexpected(std::move(server.error()));
  }
  return std::unique_ptr<Ports>(
      new Ports(std::move(clients), std::move(*server), settings, loop, clock, metrics, log));
}

}  // namespace ringbook::mongo
