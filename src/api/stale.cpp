#include "api/stale.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "api/conditions.h"
#include "api/render.h"
#include "base/json.h"

namespace ringbook {
namespace {

std::string text_or_none(const std::optional<Extension>& extension) {
  return extension ? extension->text() : "none";
}

std::string json_of(const std::optional<std::string>& text) {
  std::string out;
  append_json_or_null(out, text);
  return out;
}

std::string json_of(const std::optional<Extension>& extension) {
  return json_of(extension ? std::optional(extension->text()) : std::nullopt);
}

// "by admin of https://issuer.example at 2026-11-23T10:00:00.000Z"
std::string by_and_at(const LastChange& change) {
  const std::string issuer = change.issuer.empty() ? "" : " of " + change.issuer;
  return "by " + change.subject + issuer + " at " + to_rfc3339(change.at);
}

std::string name_of(const User& user) {
  return user.profile.name.value_or("user " + user.id.text());
}

// "The current version is 7, not 5: "
std::string versions(const Precondition& condition, Version current) {
  const std::string out = "The current version is " + std::to_string(current);
  return condition.if_match_versions.size() == 1
             ? out + ", not " + std::to_string(condition.if_match_versions.front()) + ": "
             : out + ", which If-Match does not name: ";
}

// Whether the writer cannot have known of the change.
bool is_news(const Precondition& condition, const LastChange& change) {
  return std::ranges::all_of(condition.if_match_versions,
                             [&](Version known) { return known < change.version; });
}

// One member that would have been overwritten.
struct Member {
  std::string_view path;
  std::string present;  // JSON, as the next.
  std::string wanted;
  const LastChange* change = nullptr;  // What made it so behind the writer's back, where known.
};

class Details {
 public:
  void add(std::string_view path, std::string_view code, std::string_view message,
           const Member* member, const LastChange* change) {
    out_ += out_.size() > 1 ? "," : "";
    out_ += R"({"path":)";
    append_json_string(out_, path);
    out_ += R"(,"code":")" + std::string(code) + R"(","message":)";
    append_json_string(out_, message);
    if (member != nullptr) {
      out_ += R"(,"current":)" + member->present + R"(,"wanted":)" + member->wanted;
    }
    out_ += R"(,"changedBy":)";
    if (change != nullptr) {
      render::append_actor(out_, change->issuer, change->subject);
      out_ += R"(,"changedAt":")" + to_rfc3339(change->at) + "\"}";
    } else {
      out_ += R"(null,"changedAt":null})";
    }
  }

  std::string take() { return std::move(out_) + "]"; }

 private:
  std::string out_ = "[";
};

void add_number(const StaleRequest& request, const User& current, const LastChanges& last,
                Details& details) {
  const Edit& wanted = *request.wanted;
  const bool releases = wanted.number == Edit::Number::release;
  Member member{.path = request.has_body ? "rcExtension" : "If-Match",
                .present = json_of(current.extension),
                .wanted = json_of(releases ? std::nullopt : wanted.extension)};
  std::string message = versions(request.condition, current.version) + name_of(current);
  if (last.of_number && is_news(request.condition, *last.of_number)) {
    member.change = &*last.of_number;
    message += "'s extension was changed from " + text_or_none(last.of_number->from) + " to " +
               text_or_none(last.of_number->to) + " " + by_and_at(*last.of_number);
  } else {
    message += "'s extension is still " + text_or_none(current.extension) +
               ", but something else was changed " + by_and_at(last.of_user);
  }
  message += releases ? "; you asked to release it."
                      : "; you asked for " + text_or_none(wanted.extension) + ".";
  details.add(member.path, "STALE", message, &member, member.change);
}

void add_profile(const StaleRequest& request, const User& current, const LastChanges& last,
                 Details& details) {
  const Profile& is = current.profile;
  const Profile& wanted = request.wanted->profile;
  const auto add = [&](Change::Field field, std::string_view path, std::string present,
                       std::string asked) {
    if (present == asked) {
      return;
    }
    const bool is_known =
        (last.of_user.fields & field) != 0 && is_news(request.condition, last.of_user);
    const Member member{path, std::move(present), std::move(asked),
                        is_known ? &last.of_user : nullptr};
    const std::string message = versions(request.condition, current.version) + name_of(current) +
                                "'s " + std::string(path) + " is " + member.present +
                                (is_known ? ", changed " + by_and_at(last.of_user) : "") +
                                "; you asked for " + member.wanted + ".";
    details.add(path, "STALE", message, &member, member.change);
  };
  add(Change::name, "name", json_of(is.name), json_of(wanted.name));
  add(Change::email, "email", json_of(is.email), json_of(wanted.email));
  add(Change::department, "department", json_of(is.department), json_of(wanted.department));
  add(Change::role, "role", json_of(std::optional(is.role)), json_of(std::optional(wanted.role)));
  add(Change::active, "active", is.active ? "true" : "false", wanted.active ? "true" : "false");
}

// Nothing of the present is beside what was asked for: a read, or the removal of all of it.
void add_whole(const StaleRequest& request, const User& current, const LastChange& last,
               Details& details) {
  const std::string message = versions(request.condition, current.version) + name_of(current) +
                              " was last changed " + by_and_at(last) +
                              (request.wanted ? "; you asked to remove this person." : ".");
  details.add("If-Match", "STALE", message, nullptr, &last);
}

void add_missing(const StaleRequest& request, const std::optional<LastChanges>& last,
                 Details& details) {
  const LastChange* removal = last ? &last->of_user : nullptr;
  const std::string message =
      "There is no user " + request.user.text() +
      (removal != nullptr ? " any more: removed " + by_and_at(*removal) + "." : ".");
  details.add("If-Match", "MISSING", message, nullptr, removal);
}

void add_existing(const StaleRequest& request, const User& current, const LastChange& last,
                  Details& details) {
  const bool any = request.condition.if_none_match == Precondition::Match::any;
  const std::string message =
      (any ? "User " + current.id.text() + " exists already, as " + name_of(current)
           : "If-None-Match names the current version of " + name_of(current)) +
      ": last changed " + by_and_at(last) + ".";
  details.add("If-None-Match", "EXISTS", message, nullptr, &last);
}

// A writer who knows the present version is told no more than that.
void add_altered(Version altered, Details& details) {
  const std::string tag = entity_tag(altered);
  details.add("If-Match", "WEAK_TAG",
              "The tag of version " + std::to_string(altered) +
                  " came back weak or with a suffix, as from a proxy that compresses, and so never "
                  "matches; send If-Match: " +
                  tag + ", the Ringbook-Version of the answer, or keep the proxy from compressing.",
              nullptr, nullptr);
}

}  // namespace

std::string stale_details(const StaleRequest& request, const std::optional<User>& current,
                          const std::optional<LastChanges>& last) {
  Details details;
  const Precondition& condition = request.condition;
  if (!current || !last) {
    add_missing(request, last, details);
    return details.take();
  }
  const bool may_match = condition.if_match_holds(current->version);
  if (request.altered && !may_match) {
    add_altered(*request.altered, details);
    if (*request.altered == current->version) {
      return details.take();
    }
  }
  if (may_match && condition.if_none_match != Precondition::Match::none) {
    add_existing(request, *current, last->of_user, details);
  } else if (may_match || !request.wanted || request.wanted->person == Edit::Person::remove) {
    // It may match by now, when somebody was made between the decision and this answer.
    add_whole(request, *current, last->of_user, details);
  } else if (request.wanted->person == Edit::Person::put) {
    add_profile(request, *current, *last, details);
  } else {
    add_number(request, *current, *last, details);
  }
  return details.take();
}

}  // namespace ringbook
