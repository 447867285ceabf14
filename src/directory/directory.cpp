#include "directory/directory.h"

namespace ringbook {
namespace {

void put_cause(const Request& request, ChangeSet& set) {
  const Principal& principal = request.by.principal();
  set.issuer = principal.issuer;
  set.subject = principal.subject;
  set.request_id = request.id;
}

}  // namespace

ChangeSet& Directory::single(const Request& request, UserId user) {
  put_cause(request, single_);
  single_.edits.resize(1);
  Edit edit;
  edit.user = user;
  single_.edits.front() = std::move(edit);
  single_.read_only = {};
  single_.wants_user = false;
  single_.on_written = {};
  return single_;
}

void Directory::assign(const Request& request, UserId user, Extension extension,
                       Reply<Outcome> reply, Precondition precondition, bool wants_user) {
  ChangeSet& set = single(request, user);
  set.edits.front().number = Edit::Number::assign;
  set.edits.front().extension = extension;
  set.precondition = std::move(precondition);
  set.wants_user = wants_user;
  store_.apply(std::move(set), std::move(reply));
}

void Directory::release(const Request& request, UserId user, Reply<Outcome> reply,
                        Precondition precondition) {
  ChangeSet& set = single(request, user);
  set.edits.front().number = Edit::Number::release;
  set.precondition = std::move(precondition);
  store_.apply(std::move(set), std::move(reply));
}

void Directory::put_person(const Request& request, UserId user, Profile profile,
                           ReadOnlyMembers read_only, Precondition precondition,
                           Reply<Outcome> reply) {
  ChangeSet& set = single(request, user);
  set.edits.front().person = Edit::Person::put;
  set.edits.front().profile = std::move(profile);
  set.precondition = std::move(precondition);
  set.read_only = std::move(read_only);
  set.wants_user = true;
  store_.apply(std::move(set), std::move(reply));
}

void Directory::remove_person(const Request& request, UserId user, Reply<Outcome> reply,
                              Precondition precondition) {
  ChangeSet& set = single(request, user);
  set.edits.front().person = Edit::Person::remove;
  set.precondition = std::move(precondition);
  store_.apply(std::move(set), std::move(reply));
}

void Directory::change(const Request& request, std::vector<Edit> edits, Reply<Outcome> reply,
                       OnWritten on_written) {
  ChangeSet set;
  put_cause(request, set);
  set.edits = std::move(edits);
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
