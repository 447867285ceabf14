// What must be so of a shared directory, whatever happens to its database: watched at every change
// of journal and documents, and at every answer.
//
//   A1 no prefix of the journal gives one number to two users.
//   A2 a success rests on a batch that a majority has, and its user's document says so or something
//      newer, or is gone.
//   A3 at no moment do two documents show one number, also not after a fail-over.
//   A4 a refusal, an "already so" and a read are true of the whole journal at a moment of the
//      request.
//   A5 at rest every document shows what the journal says, also who its user is.
//   A6 a request is in the journal at most once.
//   A7 nothing is undone for a foreign hand that there was not.
//   A8 at rest the journal names nobody.
//   A9 the newest checkpoint and what came after it give the state that the whole journal gives.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "directory/shared_fold.h"
#include "directory/store.h"
#include "simulation/shared_database.h"

namespace ringbook::test {

class Witness {
 public:
  // Lifetime: the database outlives this, and tells it from now on.
  explicit Witness(SharedDatabase& database);

  struct Person {
    bool is_present = false;
    std::optional<Extension> number;
    std::optional<std::string> name;
    bool operator==(const Person&) const = default;
  };
  using People = std::map<UserId, Person>;

  // Everybody is there from the beginning, by another program.
  void adopt(const std::vector<UserId>& users);

  // A request, as long as nobody has answered it.
  struct Asked {
    std::string request_id;
    std::size_t committed = 0;  // Batches, when it was asked.
    std::vector<Edit> edits;
  };
  Asked begin(std::string request_id, std::vector<Edit> edits) const;
  void judge(const Asked& asked, const Result<Outcome>& outcome);
  void judge_user(const Asked& asked, UserId user, const Result<std::optional<User>>& answer);
  void judge_number(const Asked& asked, Extension number, const Result<ExtensionState>& answer);
  void judge_rest();
  // Needs one.
  void judge_checkpoint(ringbook::People people);

  // Another program is about to write or delete this document. What it does is nobody's fault.
  void excuse(UserId user) { excused_.insert(user); }

  const std::optional<std::string>& problem() const { return problem_; }
  void complain(std::string what);
  const People& people() const { return states_.back(); }

  std::map<std::string, std::uint64_t> seen;  // How often which answer was given.

 private:
  void on_journal();
  void on_documents();
  void fold(const SharedBatch& batch);
  // Whether it held at a moment since the request was asked.
  bool held(const Asked& asked, const std::function<bool(const People&)>& what) const;
  void judge_success(const Asked& asked);

  SharedDatabase& database_;
  std::vector<People> states_;     // After each change set; the first after none.
  std::vector<std::size_t> ends_;  // Which of them is after each batch; the first after none.
  std::vector<std::string> made_;  // By whom each batch was made.
  std::map<std::string, std::size_t> batches_;  // Where requests are in the journal.
  std::set<UserId> excused_;
  bool is_adopted_ = false;
  std::optional<std::string> problem_;
};

}  // namespace ringbook::test
