// Asks an engine and a model the same, turn by turn, and compares what they say.
//
// Invariants: 1. After a turn whose outcome is unknown (Errc::unavailable) the model may be in two
// states, before it and after it; `agree` finds out which. 2. A turn is all or nothing, since an
// engine keeps it in one step.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "contract/engine.h"
#include "model/model.h"

namespace ringbook::test {

// Everything the engine says about the universe. Needs an engine that is open and has not failed.
State state_of(Engine& engine, const Universe& universe);

class Player {
 public:
  // How a turn was answered: as the model says, or with one error throughout.
  enum class Answered { as_modelled, no_space, unavailable };

  // Lifetime: `engine` outlives the player.
  Player(Engine& engine, Universe universe) : engine_(engine), universe_(std::move(universe)) {}

  // Asks for all sets in one turn, reads behind them, and fails the test when an answer is missing,
  // not what the model says, or not in accord with its neighbours.
  Answered turn(const std::vector<ChangeSet>& sets);
  // Fails the test unless the engine's whole state is a state that the answers so far allow.
  void agree();
  // Fails the test unless both say the same of this moment, which has begun. Needs a state that is
  // known.
  void agree_on(Instant at);

  const Model& model() const { return model_; }
  // The kinds of outcome that were met: a test that never saw one has not tested it.
  const std::set<Outcome::Kind>& kinds_met() const { return kinds_met_; }
  const Universe& universe() const { return universe_; }

 private:
  void compare(const std::vector<ChangeSet>& sets, const std::vector<Outcome>& expected,
               const std::vector<Result<Outcome>>& answers);

  Engine& engine_;
  Universe universe_;
  Model model_;
  std::set<Outcome::Kind> kinds_met_;
  std::optional<Model> other_;  // What may be true instead, while an outcome is unknown.
};

}  // namespace ringbook::test
