// A transport that tests tell what to answer.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "cli/transport.h"

namespace ringbook {

// Gives its answers in turn and keeps the questions. A question too many fails the test.
class TestTransport final : public Transport {
 public:
  Result<Answer> ask(const Question& question) override {
    asked.push_back(question);
    if (answers.empty()) {
      ADD_FAILURE() << "nobody expected " << question.path << "?" << question.query;
      return fail(Errc::internal);
    }
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }

  void will_answer(std::string body, std::uint16_t status = 200) {
    answers.emplace_back(Answer{.status = status, .body = std::move(body)});
  }

  std::deque<Result<Answer>> answers;
  std::vector<Question> asked;
};

// What is said of answers that are none of the Api's, and of lists that may have no end.
inline constexpr const char* foreign = "the answer is not one of Ringbook's; is that its address?";
inline constexpr const char* endless =
    "the server's list does not go on in order, so it might never end";

inline constexpr const char* first_id = "64b7f1a2e4b0a5d3f9c12345";
inline constexpr const char* second_id = "64b7f1a2e4b0a5d3f9c12346";

// A user as the Api shows one; `more` are further members, or again some of these.
inline std::string user_json(const std::string& id, const std::string& more = "") {
  return R"({"userId":")" + id + R"(","name":"Ada","email":"ada@example.com","role":"user",)" +
         R"("active":true,"personalInformation":{"rcExtension":"1234"},"version":7,)" +
         R"("updatedAt":"2026-11-23T10:00:00.000Z")" + more + "}";
}

// A page of a list; `next` is JSON.
inline std::string page_json(const std::vector<std::string>& rows,
                             const std::string& next = "null") {
  std::string out = R"({"data":[)";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += (i == 0 ? "" : ",") + rows[i];
  }
  return out + R"(],"next":)" + next + "}";
}

}  // namespace ringbook
