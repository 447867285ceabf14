#include "store/mongo/documents.h"

#include <algorithm>
#include <functional>
#include <set>
#include <span>

#include "base/limits.h"
#include "store/mongo/person.h"
#include "store/mongo/publisher.h"

namespace ringbook::mongo {
namespace {

Query people(const Settings& settings, std::size_t limit) {
  return {.collection = settings.users,
          .projection = fields_of_person(settings),
          .limit = limit,
          .reading = Reading::majority};
}

using Find = std::function<Answer<std::vector<Bson>>(const Query&)>;

// Those who are there, in any order: in pieces, and whom a reading may have left out because it had
// gathered so much is asked for again.
Answer<std::vector<Bson>> find_by_id(const Find& find, const Settings& settings,
                                     std::span<const UserId> users) {
  std::vector<Bson> out;
  std::vector<UserId> wanted;
  while (!users.empty() || !wanted.empty()) {
    if (wanted.empty()) {
      const std::size_t count = std::min(users.size(), limits::mongo_scan_people);
      wanted.assign(users.begin(), users.begin() + static_cast<std::ptrdiff_t>(count));
      users = users.subspan(count);
    }
    Bson among;
    among.list("$in", wanted,
               [](Bson& list, const std::string& at, const UserId& user) { list.id(at, user); });
    Query query = people(settings, wanted.size());
    query.filter.document("_id", among);
    auto found = find(query);
    if (!found) {
      return found;
    }
    std::size_t octets = 0;
    for (Bson& document : *found) {
      octets += document.octets().size();
      std::erase(wanted, to_seen(document, settings).id);
      out.push_back(std::move(document));
    }
    if (octets < limits::mongo_read_bytes) {
      wanted.clear();
    }
  }
  return out;
}

Answer<std::vector<Bson>> find_by_number(Connection& connection, const Settings& settings,
                                         const Look& look) {
  Bson among;
  among.list("$in", look.numbers, [](Bson& list, const std::string& at, const Extension& number) {
    list.text(at, number.text());
  });
  // Each has one holder, but where foreign hands wrote: one more for each is enough to see that.
  Query query = people(settings, 2 * look.numbers.size());
  query.filter.document(settings.number_path, among);
  return connection.find(query);
}

struct ById {
  bool operator()(const SeenUser& a, const SeenUser& b) const { return a.id < b.id; }
};

// Whoever was not found is asked for once more, so that nobody is missed whom only the servers that
// took over have. Where there is one server, nothing can take over.
Result<std::vector<SeenUser>> look_at_users(Connection& connection, Server& server,
                                            const Settings& settings,
                                            const std::vector<UserId>& users) {
  std::vector<SeenUser> seen;
  const auto look = [&](const Find& find, std::span<const UserId> wanted) -> Answer<void> {
    const auto found = find_by_id(find, settings, wanted);
    if (!found) {
      return std::unexpected(found.error());
    }
    for (const Bson& document : *found) {
      seen.push_back(to_seen(document, settings));
    }
    std::ranges::sort(seen, ById());
    return {};
  };
  const auto find_in = [&](const UserId& user) {
    SeenUser wanted;
    wanted.id = user;
    const auto at = std::ranges::lower_bound(seen, wanted, ById());
    return at != seen.end() && at->id == user ? &*at : nullptr;
  };
  auto looked = look([&](const Query& query) { return connection.find(query); }, users);
  std::vector<UserId> missing;
  if (looked && !server.is_standalone()) {
    std::ranges::copy_if(users, std::back_inserter(missing),
                         [&](const UserId& user) { return find_in(user) == nullptr; });
    looked = look([&](const Query& query) { return server.find_linearizable(connection, query); },
                  missing);
  }
  if (!looked) {
    return failed(looked);
  }
  std::vector<SeenUser> out;
  for (const UserId& user : users) {
    SeenUser* const found = find_in(user);
    out.push_back(found != nullptr ? *found : SeenUser{.id = user});
  }
  return out;
}

Result<std::vector<SeenUser>> look_at(Connection& connection, Server& server,
                                      const Settings& settings, const Look& look) {
  std::vector<SeenUser> out;
  if (!look.users.empty()) {
    auto users = look_at_users(connection, server, settings, look.users);
    if (!users) {
      return users;
    }
    out = std::move(*users);
  }
  if (look.numbers.empty() || !server.has_number_index()) {
    return out;
  }
  const std::set<UserId> asked(look.users.begin(), look.users.end());
  const auto others = find_by_number(connection, settings, look);
  if (!others) {
    return failed(others);
  }
  for (const Bson& document : *others) {
    SeenUser other = to_seen(document, settings);
    const auto id = place_of(document, "_id");
    if (id && id_at(*id) && !asked.contains(other.id)) {
      out.push_back(std::move(other));
    }
  }
  return out;
}

// Done, newer or gone: then it does not show the number any more.
bool is_off(Published outcome) {
  switch (outcome) {
    case Published::done:
    case Published::newer:
    case Published::gone: return true;
    case Published::refused:
    case Published::failed:
    case Published::unknown: return false;
  }
  return false;
}

Result<std::vector<Published>> publish_both(Connection& connection, const Settings& settings,
                                            const std::vector<Publication>& first,
                                            const std::vector<Publication>& then) {
  Publisher publisher(connection, settings);
  if (!std::ranges::all_of(publisher.publish(first), is_off)) {
    return std::vector(then.size(), Published::unknown);
  }
  return publisher.publish(then);
}

Result<std::vector<SeenUser>> scan_after(Connection& connection, const Settings& settings,
                                         const std::optional<UserId>& after, std::size_t limit) {
  Bson above;
  above.id(after ? "$gt" : "$gte", after.value_or(UserId())).text("$type", "objectId");
  const auto found = find_people(connection, settings, above, limit);
  if (!found) {
    return failed(found);
  }
  std::vector<SeenUser> out;
  for (const Bson& document : *found) {
    out.push_back(to_seen(document, settings));
  }
  return out;
}

class MongoDocuments final : public Documents {
 public:
  MongoDocuments(Pool& pool, Server& server, Settings settings)
      : pool_(pool),
        server_(server),
        settings_(std::make_shared<const Settings>(std::move(settings))) {}

  void look(Look look, Tick deadline, Reply<std::vector<SeenUser>> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [&server = server_, settings = settings_, look = std::move(look)](Connection& connection) {
          return look_at(connection, server, *settings, look);
        },
        std::move(reply));
  }

  void publish(std::vector<Publication> first, std::vector<Publication> then, Tick deadline,
               Reply<std::vector<Published>> reply) override {
    const std::size_t count = then.size();
    pool_.ask(
        Lane::others, deadline,
        [settings = settings_, first = std::move(first), then = std::move(then)](
            Connection& connection) { return publish_both(connection, *settings, first, then); },
        Reply<std::vector<Published>>(
            [count, reply = std::move(reply)](Result<std::vector<Published>> answer) mutable {
              const bool is_lost = !answer && answer.error().code != Errc::internal;
              reply(is_lost ? std::vector(count, Published::unknown) : std::move(answer));
            }));
  }

  void scan(std::optional<UserId> after, std::size_t limit, Tick deadline,
            Reply<std::vector<SeenUser>> reply) override {
    pool_.ask(
        Lane::others, deadline,
        [settings = settings_, after, limit](Connection& connection) {
          return scan_after(connection, *settings, after, limit);
        },
        std::move(reply));
  }

 private:
  Pool& pool_;
  Server& server_;
  const std::shared_ptr<const Settings> settings_;
};

}  // namespace

Answer<std::vector<Bson>> find_people(Connection& connection, const Settings& settings,
                                      const Bson& id, std::size_t limit) {
  Query query = people(settings, limit);
  query.filter.document("_id", id);
  query.order.small("_id", 1);
  return connection.find(query);
}

std::unique_ptr<Documents> make_documents(Pool& pool, Server& server, Settings settings) {
  return std::make_unique<MongoDocuments>(pool, server, std::move(settings));
}

}  // namespace ringbook::mongo
