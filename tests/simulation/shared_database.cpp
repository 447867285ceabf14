#include "simulation/shared_database.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/check.h"

namespace ringbook::test {
namespace {

bool touches(const BatchContents& contents, const Touched& touched) {
  const auto* user = std::get_if<UserId>(&touched);
  return user != nullptr
             ? std::ranges::binary_search(contents.users, *user)
             : std::ranges::binary_search(contents.numbers, std::get<Extension>(touched));
}

}  // namespace

Digest simulated_digest(std::string_view octets) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325U;
  for (const char octet : octets) {
    hash = (hash ^ static_cast<std::uint8_t>(octet)) * 0x0000'0100'0000'01B3U;
  }
  Digest digest{};
  for (std::size_t i = 0; i < 8; ++i) {
    digest[i] = static_cast<std::uint8_t>(hash >> (8 * i));
  }
  return digest;
}

void SharedDatabase::fail_over(std::mt19937_64& random) {
  ++term_;
  while (batches_.size() > committed_ && random() % 2 == 0) {
    batches_.pop_back();
  }
  std::map<UserId, Document> before = documents_;
  before.insert(committed_documents_.begin(), committed_documents_.end());
  for (const auto& [user, document] : before) {
    if (random() % 2 == 0) {
      continue;
    }
    const auto committed = committed_documents_.find(user);
    if (committed == committed_documents_.end()) {
      documents_.erase(user);
    } else {
      documents_[user] = committed->second;
    }
  }
  on_journal();
  on_documents();
}

// --- the journal ---------------------------------------------------------------------------------

bool SharedDatabase::insert(const SharedBatch& batch) {
  check(batch.number <= batches_.size() + 1, "no batch is inserted before the one before it");
  if (batch.number <= batches_.size()) {
    return false;
  }
  batches_.push_back(batch);
  on_journal();
  return true;
}

std::vector<SharedBatch> SharedDatabase::from(std::uint64_t number, std::size_t limit) const {
  std::vector<SharedBatch> found;
  for (std::size_t i = number - 1; i < batches_.size() && found.size() < limit; ++i) {
    found.push_back(batches_[i]);
  }
  return found;
}

void SharedDatabase::add_touching(const SharedBatch& batch, const Touched& touched,
                                  std::vector<SharedBatch>& found) const {
  if (touches(batch.contents, touched)) {
    found.push_back(batch);
  }
  for (std::uint32_t i = 0; batch.set && i < batch.set->parts; ++i) {
    const auto& part = std::get<BatchContents>(parts.at({"set/" + batch.set->id, i}));
    if (touches(part, touched)) {
      found.push_back(batch);
      found.back().contents = part;
    }
  }
}

std::vector<SharedBatch> SharedDatabase::touching(const Touched& touched, std::uint64_t sequence,
                                                  std::size_t limit) const {
  std::vector<SharedBatch> found;
  for (std::size_t i = committed_; i > 0 && found.size() < limit; --i) {
    if (batches_[i - 1].first <= sequence) {
      add_touching(batches_[i - 1], touched, found);
    }
  }
  return found;
}

std::vector<SharedBatch> SharedDatabase::touching_after(const Touched& touched, Instant at,
                                                        std::size_t limit) const {
  std::vector<SharedBatch> found;
  for (std::size_t i = 0; i < committed_ && found.size() < limit; ++i) {
    if (batches_[i].at > at) {
      add_touching(batches_[i], touched, found);
    }
  }
  return found;
}

void SharedDatabase::scrub(std::uint64_t number) {
  if (number <= batches_.size()) {
    batches_[number - 1].contents.profiles.clear();
    const auto& set = batches_[number - 1].set;
    for (auto& [name, part] : parts) {
      if (set && name.first == "set/" + set->id) {
        std::get<BatchContents>(part).profiles.clear();
      }
    }
  }
}

bool SharedDatabase::has_names() const {
  return std::ranges::any_of(batches_, [this](const SharedBatch& batch) {
    return !whole(batch).contents.profiles.empty();
  });
}

SharedBatch SharedDatabase::whole(SharedBatch batch) const {
  for (std::uint32_t i = 0; batch.set && i < batch.set->parts; ++i) {
    const auto& part = std::get<BatchContents>(parts.at({"set/" + batch.set->id, i}));
    std::ranges::copy(part.records, std::back_inserter(batch.contents.records));
    std::ranges::copy(part.profiles, std::back_inserter(batch.contents.profiles));
    std::ranges::copy(part.users, std::back_inserter(batch.contents.users));
  }
  return batch;
}

// --- documents -----------------------------------------------------------------------------------

void SharedDatabase::commit(UserId user) {
  const auto found = documents_.find(user);
  if (found == documents_.end()) {
    committed_documents_.erase(user);
  } else {
    committed_documents_[user] = found->second;
  }
}

SeenUser SharedDatabase::seen(UserId user) const {
  auto found = committed_documents_.find(user);
  if (found == committed_documents_.end()) {
    found = documents_.find(user);
    if (found == documents_.end()) {
      return {.id = user};
    }
  }
  const Document& document = found->second;
  return {.id = user,
          .exists = true,
          .version = document.version,
          .number = document.number,
          .can_show = document.can_show,
          .profile = document.profile};
}

std::vector<UserId> SharedDatabase::showing(Extension number) const {
  std::vector<UserId> users;
  for (const auto& [user, document] : documents_) {
    if (document.number == number) {
      users.push_back(user);
    }
  }
  return users;
}

Published SharedDatabase::publish(const Publication& publication) {
  using Kind = Publication::Kind;
  auto found = documents_.find(publication.user);
  if (found == documents_.end()) {
    if (!publication.may_create) {
      return publication.kind == Kind::remove ? Published::done : Published::gone;
    }
    found = documents_.emplace(publication.user, Document{}).first;
  }
  Document& document = found->second;
  if (document.version >= publication.version) {
    return Published::newer;
  }
  Document after = document;
  after.version = publication.version;
  after.profile = publication.profile ? publication.profile : document.profile;
  switch (publication.kind) {
    case Kind::remove:
      documents_.erase(found);
      on_documents();
      return Published::done;
    case Kind::take_off: after.number.reset(); break;
    case Kind::leave:
      after.number = document.number == publication.number ? std::nullopt : document.number;
      break;
    case Kind::show: after.number = publication.number; break;
  }
  const auto showing_it = after.number ? showing(*after.number) : std::vector<UserId>{};
  const bool is_refused =
      has_unique_index && after.number != document.number &&
      std::ranges::any_of(showing_it, [&](const UserId& user) { return user != publication.user; });
  if (is_refused) {
    ++refusals;
    if (document.version == 0 && document == Document{}) {
      documents_.erase(found);
    }
    return Published::refused;
  }
  document = std::move(after);
  on_documents();
  return Published::done;
}

void SharedDatabase::set_by_a_foreign_hand(UserId user, std::optional<Document> document) {
  if (document) {
    documents_[user] = *std::move(document);
  } else {
    documents_.erase(user);
  }
  commit(user);
}

}  // namespace ringbook::test
