#include "auth/signature_verifier.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/limits.h"

namespace ringbook {
namespace {

SignatureVerifier::Verdict verdict_on(const SignatureVerifier::Question& question) {
  const bool is_genuine =
      std::ranges::any_of(question.keys, [&](const std::shared_ptr<VerifyingKey>& key) {
        return key->verifies(question.algorithm, question.input, question.signature);
      });
  return is_genuine ? SignatureVerifier::Verdict::genuine : SignatureVerifier::Verdict::forged;
}

}  // namespace

SignatureVerifier::SignatureVerifier(Loop& loop)
    : loop_(loop),
      self_(std::make_shared<const SignatureVerifier*>(this)),
      questions_(limits::waiting_signatures) {
  thread_ = std::thread([this] { work(); });
}

SignatureVerifier::~SignatureVerifier() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void SignatureVerifier::ask(const std::string& client, Question question, OnVerdict on_verdict) {
  const Number number = ++last_;
  waiting_.emplace(number, std::move(on_verdict));
  std::optional<Numbered> displaced;
  {
    const std::lock_guard lock(mutex_);
    displaced = questions_.push(client, {number, std::move(question)});
  }
  arrived_.notify_one();
  if (displaced) {
    give(displaced->first, Verdict::unchecked);
  }
}

void SignatureVerifier::work() {
  std::vector<Numbered> batch;
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return is_stopping_ || !questions_.empty(); });
    if (is_stopping_) {
      return;
    }
    while (!questions_.empty() && batch.size() < limits::signature_batch) {
      batch.push_back(questions_.pop());
    }
    lock.unlock();
    Found found;
    found.reserve(batch.size());
    for (const auto& [number, question] : batch) {
      found.emplace_back(number, verdict_on(question));
    }
    batch.clear();
    loop_.post([this, self = std::weak_ptr(self_), found = std::move(found)] {
      for (const auto& [number, verdict] : found) {
        // One verdict may end what this belongs to.
        if (self.expired()) {
          return;
        }
        give(number, verdict);
      }
    });
    lock.lock();
  }
}

void SignatureVerifier::give(Number question, Verdict verdict) {
  waiting_.extract(question).mapped()(verdict);
}

}  // namespace ringbook
