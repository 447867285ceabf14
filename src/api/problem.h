// Every answer that is not a success: the only file that knows error statuses, codes and envelopes.
// The published bodies are literals, so they are exact and cost nothing.
//
// Threads: any.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/message.h"
#include "base/error.h"
#include "directory/change.h"

namespace ringbook {

enum class ProblemCode : std::uint8_t {
  malformed_json,
  duplicate_name,
  required,
  invalid_type,
  invalid_format,
  unsupported_media_type,
  unknown_parameter,
};

// One thing that is wrong with a request, as `error.details` shows it.
struct Problem {
  std::string path;  // "" for the whole body, else a member, a parameter or a header field.
  ProblemCode code;
  std::string message;  // For people.
};

// The problems of one request: at most limits::problems, each path and code once.
class Problems {
 public:
  void add(Problem problem);
  void add(std::string_view path, ProblemCode code, std::string_view message);
  bool empty() const { return list_.empty(); }
  std::span<const Problem> list() const { return list_; }

 private:
  std::vector<Problem> list_;
};

namespace problem {

// Whose rules an answer follows: the published page has five answers, our own API has more.
enum class Surface : std::uint8_t { documented, own };

// How refusals are told to this request.
struct Manner {
  Surface surface = Surface::own;
  bool with_details = true;
};

// What a WWW-Authenticate field says. See: RFC 6750 §3.
enum class Challenge : std::uint8_t { no_token, invalid_token, insufficient_scope };

Response path_not_found();
Response method_not_allowed(std::string allow);
Response unauthorized(Challenge challenge);
Response user_not_found();
// Needs at least one problem.
Response invalid(Manner manner, const Problems& problems);
Response extension_in_use(Manner manner, const Conflict& conflict);
// `member` differs from what is stored and cannot be written.
Response read_only(Manner manner, std::string_view member);
// Shows `current`, with its ETag and its last change where that is known; `details` is JSON.
Response precondition_failed(Manner manner, std::string_view details,
                             const std::optional<User>& current,
                             const std::optional<LastChange>& last_change);
Response not_ready(std::span<const std::string> reasons);
// What a request is told of an error below it; never its detail.
Response of_error(Surface surface, Errc code);
// For a message that http/ refuses: 400, 408, 413, 414, 417, 431, 501 or 505.
Response of_transport(std::uint16_t status);

}  // namespace problem
}  // namespace ringbook
