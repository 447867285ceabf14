// A database as instances of a shared directory see it, in memory: a journal and documents on a
// primary, and what of them a majority has. It stands still between two calls.
//
// What is modelled: inserts and guarded updates of one document are atomic; a fail-over undoes what
// no majority has, from the journal's end and in each document apart, as if each lived on a shard
// of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "directory/documents.h"
#include "directory/shared_journal.h"

namespace ringbook::test {

// A cheap one: nobody here means to deceive.
Digest simulated_digest(std::string_view octets);

struct Document {
  std::uint64_t version = 0;
  std::optional<Extension> number = std::nullopt;
  PackedProfile profile = {};
  bool can_show = true;
  bool operator==(const Document&) const = default;
};

class SharedDatabase {
 public:
  // Called after everything that may break a promise.
  std::function<void()> on_journal = [] {};
  std::function<void()> on_documents = [] {};
  bool has_unique_index = false;
  std::uint64_t refusals = 0;  // By the index.

  std::uint64_t term() const { return term_; }
  void fail_over(std::mt19937_64& random);

  // --- the journal; a majority has the first `committed` of `batches` ----------------------------
  const std::vector<SharedBatch>& batches() const { return batches_; }
  std::size_t committed() const { return committed_; }
  void commit(std::size_t batches) { committed_ = std::max(committed_, batches); }
  // Whether it was the first of its number.
  bool insert(const SharedBatch& batch);
  std::vector<SharedBatch> from(std::uint64_t number, std::size_t limit) const;
  // With what stands in parts; one that touches it in several parts is there as often.
  std::vector<SharedBatch> touching(const Touched& touched, std::uint64_t sequence,
                                    std::size_t limit) const;
  std::vector<SharedBatch> touching_after(const Touched& touched, Instant at,
                                          std::size_t limit) const;
  void scrub(std::uint64_t number);
  bool has_names() const;
  // With its contents, wherever they stand.
  SharedBatch whole(SharedBatch batch) const;

  std::map<std::pair<std::string, std::uint32_t>, Part> parts;
  std::map<std::string, Checkpoint> checkpoints;  // By id.
  std::uint64_t published = 0;

  // --- documents ---------------------------------------------------------------------------------
  const std::map<UserId, Document>& documents() const { return documents_; }
  const std::map<UserId, Document>& committed_documents() const { return committed_documents_; }
  // A majority has what the primary has of it.
  void commit(UserId user);
  SeenUser seen(UserId user) const;
  std::vector<UserId> showing(Extension number) const;
  Published publish(const Publication& publication);
  // By another program, with a majority.
  void set_by_a_foreign_hand(UserId user, std::optional<Document> document);

 private:
  void add_touching(const SharedBatch& batch, const Touched& touched,
                    std::vector<SharedBatch>& found) const;

  std::uint64_t term_ = 1;
  std::vector<SharedBatch> batches_;
  std::size_t committed_ = 0;
  std::map<UserId, Document> documents_;
  std::map<UserId, Document> committed_documents_;
};

}  // namespace ringbook::test
