// What the commands on people and numbers share: asking, reading answers, saying what was refused.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "cli/transport.h"
#include "directory/user_id.h"

namespace ringbook {

// A user as an answer shows it.
struct UserView {
  std::string id;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::string> department;
  std::string role;
  bool active = true;
  std::optional<std::string> extension;
  std::uint64_t version = 0;
  std::string updated_at;
};

// What it gives is valid: an id, a profile, a number. Errors: unavailable (an answer that is not
// ours).
Result<UserView> read_user(const JsonDocument::Value& value);
Result<UserView> read_user(const Answer& answer);

// What a removal is answered.
inline constexpr std::uint16_t status_no_content = 204;
// What is said of an answer that Ringbook does not give. Errors: unavailable.
std::unexpected<Error> not_ours();

// `answer` if it is a success, else what it refuses, as sentences for people. Errors: by the
// answer's code: not_found, unauthenticated, overloaded, unavailable, else invalid.
Result<Answer> accepted(Result<Answer> answer);
// The same for a write to `user` that may be stale: then also what to do about it. For `program` a
// refusal is printed as it came, too.
Result<Answer> accepted_write(Result<Answer> answer, const std::string& user, Console* program);
// Where a command prints JSON, if it was asked to.
Console* program_of(const Context& context, bool json);
// The `code` of a refusal; "" for a success and for anything that is not ours.
std::string code_of(const Answer& answer);

// The id that `user` is or, an e-mail, belongs to. Errors: not_found (nobody has that e-mail),
// invalid (several have; the detail lists their ids), those of `ask`.
Result<std::string> resolve_user(Transport& transport, const std::string& user);

// A user, and the way to ask about it.
struct Target {
  std::unique_ptr<Transport> transport;
  std::string id;
};
// Opens the transport and resolves `user` on it. Errors: those of both.
Result<Target> open_target(const Settings& settings, const std::string& os_user,
                           const std::string& user);
// Has what stands at `below` the path of the user deleted ("" is the user); gives the user's id.
// Errors: those of open_target and accepted_write.
Result<std::string> delete_below_user(const Context& context, const UserArguments& arguments,
                                      std::string_view below);

std::string user_path(std::string_view id);
// The entity tag of a version, for If-Match; "" for none.
std::string tag_of(std::optional<std::uint64_t> version);
// A text member of an answer; nothing when it is null or absent.
std::optional<std::string> optional_text(const JsonDocument::Value& object, std::string_view name);
// "admin of https://issuer.example", from {"issuer":…,"subject":…}.
std::string actor_of(const JsonDocument::Value& object);
// "name=value", the value percent-encoded; with "&" before it unless it is the first.
void append_parameter(std::string& query, std::string_view name, std::string_view value);

// The pages of a list. Lifetime: `transport` outlives it.
class Pages {
 public:
  // Says of a row, as it comes, what is wrong with it.
  using Check = std::function<Result<void>(const JsonDocument::Value& row)>;
  // `query` is the filter, without `cursor`.
  Pages(Transport& transport, std::string path, std::string query, Check check = {})
      : transport_(transport),
        path_(std::move(path)),
        query_(std::move(query)),
        check_(std::move(check)) {}
  // The rows of the next page, an array; nothing after the last. Lifetime: until the next call.
  // Errors: those of `accepted` and of the check; unavailable when a page that is not the last has
  // no rows or leads to itself: following such a list might never end.
  Result<std::optional<JsonDocument::Value>> next();
  // The directory's version as the last page showed it.
  const std::string& version() const { return version_; }

 private:
  Transport& transport_;
  std::string path_;
  std::string query_;
  Check check_;
  std::string cursor_;
  std::string version_;
  bool is_done_ = false;
  JsonDocument document_;
};

// The pages of users, in order of their ids; `read_user` takes every row. Errors also: unavailable
// when the ids do not ascend, or are more than there can be.
Pages user_pages(Transport& transport, std::string query);

// All pages joined, as one answer without a limit would be, for programs.
Result<void> print_joined(Console& console, Pages& pages);

// All rows, for people, a page at a time.
using AddRow = void (*)(Table& table, const JsonDocument::Value& row);
Result<void> print_table(Console& console, Pages& pages, Table table, AddRow add);

// "Ada Lovelace (64b7…)", or the id alone.
std::string display_name(const UserView& user);

// Appends a read value as compact JSON.
void append_json(std::string& out, const JsonDocument::Value& value);

}  // namespace ringbook
