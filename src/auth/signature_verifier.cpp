#include "auth/signature_verifier.h"

#include <algorithm>
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
      worker_(Questions(limits::waiting_signatures), take_batch,
              [this](const std::vector<Numbered>& batch) { judge(batch); }) {}

void SignatureVerifier::ask(const std::string& client, Question question, OnVerdict on_verdict) {
  const Number number = ++last_;
  waiting_.emplace(number, std::move(on_verdict));
  const auto displaced = worker_.with_queue(
      [&](Questions& questions) { return questions.push(client, {number, std::move(question)}); });
  if (displaced) {
    give(displaced->first, Verdict::unchecked);
  }
}

std::vector<SignatureVerifier::Numbered> SignatureVerifier::take_batch(Questions& questions) {
  std::vector<Numbered> batch;
  while (!questions.empty() && batch.size() < limits::signature_batch) {
    batch.push_back(questions.pop());
  }
  return batch;
}

void SignatureVerifier::judge(const std::vector<Numbered>& batch) {
  std::vector<std::pair<Number, Verdict>> found;
  found.reserve(batch.size());
  for (const auto& [number, question] : batch) {
    found.emplace_back(number, verdict_on(question));
  }
  loop_.post([this, self = std::weak_ptr(self_), found = std::move(found)] {
    for (const auto& [number, verdict] : found) {
      // One verdict may end what this belongs to.
      if (self.expired()) {
        return;
      }
      give(number, verdict);
    }
  });
}

void SignatureVerifier::give(Number question, Verdict verdict) {
  waiting_.extract(question).mapped()(verdict);
}

}  // namespace ringbook
