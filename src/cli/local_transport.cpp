// The Api in this process, over a data folder that this process holds.
#include "base/check.h"
#include "cli/local_directory.h"
#include "cli/transport.h"
#include "directory/user_id.h"

namespace ringbook {
namespace {

// Nobody comes with a token here; `admit_local` brings its own proof.
class NoTokens final : public Authenticator {
 public:
  void authenticate(std::optional<std::string_view>, std::string_view, LastAuthorization&,
                    OnAuthentication answer) override {
    answer(std::unexpected(TokenRefusal{}));
  }
  std::vector<std::string> not_ready() const override { return {}; }
};

class LocalTransport final : public Transport {
 public:
  explicit LocalTransport(std::unique_ptr<LocalDirectory> local)
      : local_(std::move(local)),
        api_({}, local_->directory(), local_->store(), no_tokens_, local_->clock(),
             local_->metrics(), local_->log()) {}

  Result<Answer> ask(const Question& question) override {
    // An id of 24 hexadecimal digits is also a request id, and as unique as one needs to be.
    const std::string request_id = UserId::make(local_->clock().now()).text();
    Head head{
        .method = question.method,
        .path = question.path,
        .query = question.query,
        .request_id = request_id,
        .client = "local",
        .accept = {},
        .authorization = {},
        .content_type = {},
        .content_encoding = {},
        .content_range = {},
        .if_match = given(question.if_match),
        .if_none_match = given(question.if_none_match),
    };
    if (question.body) {
      head.content_type = "application/json";
    }
    auto response = local_->answer_of<Response>([&](Reply<Response> reply) {
      api_.admit_local(head, local_->administrator(),
                       [this, body = question.body.value_or(""),
                        reply = std::move(reply)](Api::Admission admission) mutable {
                         proceed(std::move(admission), body, std::move(reply));
                       });
    });
    if (!response) {
      return std::unexpected(response.error());
    }
    return answer_from(*response);
  }

 private:
  static std::optional<std::string_view> given(const std::string& field) {
    return field.empty() ? std::nullopt : std::optional<std::string_view>(field);
  }

  void proceed(Api::Admission admission, const std::string& body, Reply<Response> reply) {
    if (auto* answer = std::get_if<Response>(&admission)) {
      reply(std::move(*answer));
      return;
    }
    api_.handle(
        std::get<Api::AdmittedPtr>(std::move(admission)), body,
        [reply = std::move(reply)](Response response) mutable { reply(std::move(response)); });
  }

  static Answer answer_from(const Response& response) {
    Answer answer{.status = response.status,
                  .body = std::string(response.body.view()),
                  .etag = {},
                  .ringbook_version = {}};
    for (const auto& [name, value] : response.fields) {
      if (name == "ETag") {
        answer.etag = value;
      } else if (name == "Ringbook-Version") {
        answer.ringbook_version = value;
      }
    }
    return answer;
  }

  std::unique_ptr<LocalDirectory> local_;
  NoTokens no_tokens_;
  Api api_;
};

}  // namespace

Result<std::unique_ptr<Transport>> open_local_transport(const Settings& settings,
                                                        const std::string& os_user,
                                                        DataFolder::Missing missing) {
  auto local = LocalDirectory::open(settings, os_user, missing);
  if (!local) {
    return std::unexpected(local.error());
  }
  return std::make_unique<LocalTransport>(*std::move(local));
}

}  // namespace ringbook
