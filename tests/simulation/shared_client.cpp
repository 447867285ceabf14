#include "simulation/shared_client.h"

#include <set>
#include <utility>

#include "base/limits.h"

namespace ringbook::test {
namespace {

std::pair<std::string, std::uint32_t> key_of(const PartName& name) {
  return {(name.of == PartName::Of::set ? "set/" : "checkpoint/") + name.id, name.part};
}

}  // namespace

template <class T>
void SharedClient::call(Tick deadline, std::function<Result<T>()> ask,
                        std::function<void(const T&)> commit, Reply<T> reply) {
  struct Call {
    Reply<T> reply;
    std::optional<Result<T>> value;
    std::uint64_t term = 0;
  };
  auto call = std::make_shared<Call>(std::move(reply));
  network_.send(
      deadline,
      [this, call, ask] {
        auto value = ask();
        if (!call->value) {
          call->value = std::move(value);
          call->term = database_.term();
        }
      },
      [this, call, commit] {
        if (!call->reply) {
          return;
        }
        if (!call->value || call->term != database_.term()) {
          return call->reply(fail(Errc::unavailable, "the primary changed"));
        }
        if (*call->value) {
          commit(**call->value);
        }
        call->reply(*std::move(call->value));
      },
      [call] {
        if (call->reply) {
          call->reply(fail(Errc::unavailable, "too late"));
        }
      });
}

void SharedClient::write(Tick deadline, std::function<void()> execute, Reply<void> reply) {
  auto kept = std::make_shared<Reply<void>>(std::move(reply));
  network_.send(
      deadline, std::move(execute),
      [kept] {
        if (*kept) {
          (*kept)({});
        }
      },
      [kept] {
        if (*kept) {
          (*kept)(fail(Errc::unavailable, "too late"));
        }
      });
}

// --- the journal ---------------------------------------------------------------------------------

void SharedClient::append(std::shared_ptr<const SharedBatch> batch, Tick deadline,
                          Reply<Appended> reply) {
  const std::size_t number = batch->number;
  call<Appended>(
      deadline,
      [this, batch] { return database_.insert(*batch) ? Appended::mine : Appended::taken; },
      [this, number](Appended appended) {
        if (appended == Appended::mine) {
          database_.commit(number);
        }
      },
      Reply<Appended>([reply = std::move(reply)](Result<Appended> appended) mutable {
        reply(appended ? *appended : Appended::unknown);
      }));
}

void SharedClient::confirm(std::uint64_t next, Tick deadline,
                           Reply<std::vector<SharedBatch>> reply) {
  call<std::vector<SharedBatch>>(
      deadline, [this, next] { return database_.from(next, limits::shared_read_batches); },
      [this](const std::vector<SharedBatch>& batches) {
        if (!batches.empty()) {
          database_.commit(batches.back().number);
        }
      },
      std::move(reply));
}

void SharedClient::touching(Touched touched, std::uint64_t sequence, std::size_t limit,
                            Tick deadline, Reply<std::vector<SharedBatch>> reply) {
  call<std::vector<SharedBatch>>(
      deadline, [=, this] { return database_.touching(touched, sequence, limit); },
      [](const auto&) {}, std::move(reply));
}

void SharedClient::touching_after(Touched touched, Instant at, std::size_t limit, Tick deadline,
                                  Reply<std::vector<SharedBatch>> reply) {
  call<std::vector<SharedBatch>>(
      deadline, [=, this] { return database_.touching_after(touched, at, limit); },
      [](const auto&) {}, std::move(reply));
}

void SharedClient::put_part(PartName name, std::shared_ptr<const Part> part, Tick deadline,
                            Reply<void> reply) {
  write(
      deadline, [=, this] { database_.parts.insert_or_assign(key_of(name), *part); },
      std::move(reply));
}

void SharedClient::read_part(PartName name, Tick deadline, Reply<Part> reply) {
  call<Part>(
      deadline,
      [=, this]() -> Result<Part> {
        const auto found = database_.parts.find(key_of(name));
        return found != database_.parts.end() ? Result<Part>(found->second)
                                              : fail(Errc::not_found, "no such part");
      },
      [](const auto&) {}, std::move(reply));
}

void SharedClient::drop_set(std::string id, Tick deadline, Reply<void> reply) {
  write(
      deadline,
      [this, name = key_of({PartName::Of::set, std::move(id), 0}).first] {
        std::erase_if(database_.parts, [&](const auto& part) { return part.first.first == name; });
      },
      std::move(reply));
}

void SharedClient::write_checkpoint(Checkpoint checkpoint, Tick deadline, Reply<void> reply) {
  write(
      deadline, [=, this] { database_.checkpoints.emplace(checkpoint.id, checkpoint); },
      std::move(reply));
}

void SharedClient::newest_checkpoint(Tick deadline, Reply<std::optional<Checkpoint>> reply) {
  call<std::optional<Checkpoint>>(
      deadline,
      [this] {
        const auto& all = database_.checkpoints;
        return !all.empty() ? std::optional(all.rbegin()->second) : std::nullopt;
      },
      [](const auto&) {}, std::move(reply));
}

void SharedClient::drop_checkpoints(std::string before, Tick deadline, Reply<void> reply) {
  write(
      deadline,
      [this, before = std::move(before)] {
        std::erase_if(database_.checkpoints, [&](const auto& head) { return head.first < before; });
        std::erase_if(database_.parts, [&](const auto& part) {
          const std::string& name = part.first.first;
          return name.starts_with("checkpoint/") && name < "checkpoint/" + before;
        });
      },
      std::move(reply));
}

void SharedClient::published(Tick deadline, Reply<std::uint64_t> reply) {
  call<std::uint64_t>(
      deadline, [this] { return database_.published; }, [](const auto&) {}, std::move(reply));
}

void SharedClient::raise_published(std::uint64_t batch, Tick deadline, Reply<void> reply) {
  write(
      deadline, [=, this] { database_.published = std::max(database_.published, batch); },
      std::move(reply));
}

void SharedClient::scrub(std::uint64_t first, std::uint64_t last, Tick deadline,
                         Reply<void> reply) {
  write(
      deadline,
      [=, this] {
        for (std::uint64_t batch = first; batch <= last; ++batch) {
          database_.scrub(batch);
        }
      },
      std::move(reply));
}

// --- documents -----------------------------------------------------------------------------------

void SharedClient::look(Look look, Tick deadline, Reply<std::vector<SeenUser>> reply) {
  call<std::vector<SeenUser>>(
      deadline,
      [this, look = std::move(look)] {
        std::vector<SeenUser> found;
        std::set<UserId> asked(look.users.begin(), look.users.end());
        for (const UserId& user : look.users) {
          found.push_back(database_.seen(user));
        }
        for (const Extension number : look.numbers) {
          for (const UserId& user : database_.showing(number)) {
            if (asked.insert(user).second) {
              found.push_back(database_.seen(user));
            }
          }
        }
        return found;
      },
      // Whoever is said to be absent, or is not yet with a majority, is waited for.
      [this](const std::vector<SeenUser>& seen) {
        for (const SeenUser& user : seen) {
          if (!user.exists || !database_.committed_documents().contains(user.id)) {
            database_.commit(user.id);
          }
        }
      },
      std::move(reply));
}

void SharedClient::publish(std::vector<Publication> first, std::vector<Publication> then,
                           Tick deadline, Reply<std::vector<Published>> reply) {
  const std::vector<Publication>& now = first.empty() ? then : first;
  const auto commit = [this, now](const std::vector<Published>&) {
    for (const Publication& publication : now) {
      database_.commit(publication.user);
    }
  };
  const auto ask = [this, now] {
    std::vector<Published> published;
    for (const Publication& publication : now) {
      published.push_back(database_.publish(publication));
    }
    return published;
  };
  const std::size_t count = then.size();
  const auto answer = [count](Reply<std::vector<Published>>& to,
                              Result<std::vector<Published>> published) {
    to(published ? *std::move(published) : std::vector<Published>(count, Published::unknown));
  };
  if (first.empty()) {
    return call<std::vector<Published>>(
        deadline, ask, commit,
        Reply<std::vector<Published>>([reply = std::move(reply), answer](auto published) mutable {
          answer(reply, std::move(published));
        }));
  }
  call<std::vector<Published>>(
      deadline, ask, commit,
      Reply<std::vector<Published>>([this, then = std::move(then), deadline, answer,
                                     reply = std::move(reply)](auto published) mutable {
        if (!published) {
          return answer(reply, std::move(published));
        }
        publish({}, std::move(then), deadline, std::move(reply));
      }));
}

void SharedClient::scan(std::optional<UserId> after, std::size_t limit, Tick deadline,
                        Reply<std::vector<SeenUser>> reply) {
  call<std::vector<SeenUser>>(
      deadline,
      [=, this] {
        std::vector<SeenUser> found;
        const auto& documents = database_.committed_documents();
        for (auto next = after ? documents.upper_bound(*after) : documents.begin();
             next != documents.end() && found.size() < limit; ++next) {
          found.push_back(database_.seen(next->first));
        }
        return found;
      },
      [](const auto&) {}, std::move(reply));
}

}  // namespace ringbook::test
