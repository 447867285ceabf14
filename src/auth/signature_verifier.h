// Checks signatures on a thread of its own, so that tokens whose check takes long hold up nobody
// but each other; and clients take turns, so that a flood from one holds up no other.
//
// Invariants: 1. Verdicts on questions of one client come in their order. 2. At most
// limits::waiting_signatures questions wait for the thread. 3. No verdict comes once this is
// destroyed.
// Threads: what is public on the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "auth/algorithm.h"
#include "auth/fair_queue.h"
#include "auth/verifying_key.h"
#include "base/loop.h"
#include "base/worker.h"

namespace ringbook {

class SignatureVerifier {
 public:
  struct Question {
    Algorithm algorithm{};
    std::string input;
    std::string signature;
    // Genuine by one of them is genuine.
    std::vector<std::shared_ptr<VerifyingKey>> keys;
  };
  enum class Verdict : std::uint8_t {
    genuine,
    forged,
    unchecked,  // Too many questions wait, and no client has more of them than this one's.
  };
  using OnVerdict = std::move_only_function<void(Verdict)>;

  // Verdicts are given on `loop`, which outlives this. The end waits for the checks under way; the
  // other questions are dropped there.
  explicit SignatureVerifier(Loop& loop);

  // `client` is whose turn it takes. Being unchecked is told at once, perhaps to an earlier
  // question. The keys are used on the thread, and must be used nowhere else.
  void ask(const std::string& client, Question question, OnVerdict on_verdict);

 private:
  using Number = std::uint64_t;
  using Numbered = std::pair<Number, Question>;
  using Questions = FairQueue<Numbered>;

  static std::vector<Numbered> take_batch(Questions& questions);
  // On the thread.
  void judge(const std::vector<Numbered>& batch);
  // On the loop.
  void give(Number question, Verdict verdict);

  Loop& loop_;
  std::unordered_map<Number, OnVerdict> waiting_;
  Number last_ = 0;
  // Lets a task that the loop still holds when this is destroyed see that it came too late.
  std::shared_ptr<const SignatureVerifier*> self_;

  Worker<Questions> worker_;
};

}  // namespace ringbook
