#include "directory/directory.h"

namespace ringbook {
namespace {

ChangeSet change_set(const Request& request, std::vector<Edit> edits) {
  const Principal& principal = request.by.principal();
  ChangeSet set;
  set.issuer = principal.issuer;
  set.subject = principal.subject;
  set.request_id = std::string(request.id);
  set.edits = std::move(edits);
  return set;
}

ChangeSet change_set(const Request& request, Edit edit, Precondition precondition) {
  std::vector<Edit> edits;
  edits.push_back(std::move(edit));
  ChangeSet set = change_set(request, std::move(edits));
  set.precondition = std::move(precondition);
  return set;
}

Edit edit_of(UserId user) {
  Edit edit;
  edit.user = user;
  return edit;
}

}  // namespace

void Directory::assign(const Request& request, UserId user, Extension extension,
                       Reply<Outcome> reply, Precondition precondition, bool wants_user) {
  Edit edit = edit_of(user);
  edit.number = Edit::Number::assign;
  edit.extension = extension;
  ChangeSet set = change_set(request, std::move(edit), std::move(precondition));
  set.wants_user = wants_user;
  store_.apply(std::move(set), std::move(reply));
}

void Directory::release(const Request& request, UserId user, Reply<Outcome> reply,
                        Precondition precondition) {
  Edit edit = edit_of(user);
  edit.number = Edit::Number::release;
  store_.apply(change_set(request, std::move(edit), std::move(precondition)), std::move(reply));
}

void Directory::put_person(const Request& request, UserId user, Profile profile,
                           ReadOnlyMembers read_only, Precondition precondition,
                           Reply<Outcome> reply) {
  Edit edit = edit_of(user);
  edit.person = Edit::Person::put;
  edit.profile = std::move(profile);
  ChangeSet set = change_set(request, std::move(edit), std::move(precondition));
  set.read_only = std::move(read_only);
  set.wants_user = true;
  store_.apply(std::move(set), std::move(reply));
}

void Directory::remove_person(const Request& request, UserId user, Reply<Outcome> reply,
                              Precondition precondition) {
  Edit edit = edit_of(user);
  edit.person = Edit::Person::remove;
  store_.apply(change_set(request, std::move(edit), std::move(precondition)), std::move(reply));
}

void Directory::change(const Request& request, std::vector<Edit> edits, Reply<Outcome> reply,
                       OnWritten on_written) {
  ChangeSet set = change_set(request, std::move(edits));
  set.on_written = std::move(on_written);
  store_.apply(std::move(set), std::move(reply));
}

void Directory::user(const Administrator&, UserId id, Reply<std::optional<User>> reply) {
  store_.user(id, std::move(reply));
}

void Directory::extension(const Administrator&, Extension extension, Reply<ExtensionState> reply) {
  store_.extension(extension, std::move(reply));
}

void Directory::users(const Administrator&, UserQuery query, Reply<UserPage> reply) {
  store_.users(std::move(query), std::move(reply));
}

void Directory::user_history(const Administrator&, UserId id, HistoryCursor from, std::size_t limit,
                             Reply<UserHistoryPage> reply) {
  store_.user_history(id, from, limit, std::move(reply));
}

void Directory::extension_history(const Administrator&, Extension extension, HistoryCursor from,
                                  std::size_t limit, Reply<ExtensionHistoryPage> reply) {
  store_.extension_history(extension, from, limit, std::move(reply));
}

void Directory::user_holding(const Administrator&, UserId id, Moment moment,
                             Reply<UserHoldingAt> reply) {
  store_.user_holding(id, moment, std::move(reply));
}

void Directory::extension_holding(const Administrator&, Extension extension, Moment moment,
                                  Reply<ExtensionHoldingAt> reply) {
  store_.extension_holding(extension, moment, std::move(reply));
}

void Directory::last_changes(const Administrator&, UserId id, Reply<LastChanges> reply) {
  store_.last_changes(id, std::move(reply));
}

}  // namespace ringbook
