#include "store/mongo/people_check.h"

#include <algorithm>
#include <string_view>

#include "base/limits.h"
#include "base/wording.h"
#include "store/mongo/person.h"

namespace ringbook::mongo {
namespace {

std::string_view type_of(const Place& place) {
  switch (bson_iter_type(&place.at)) {
    case BSON_TYPE_DOUBLE:
    case BSON_TYPE_INT32:
    case BSON_TYPE_INT64:
    case BSON_TYPE_DECIMAL128: return "a number";
    case BSON_TYPE_UTF8: return "a text";
    case BSON_TYPE_ARRAY: return "a list";
    case BSON_TYPE_DOCUMENT: return "a document";
    case BSON_TYPE_NULL: return "null";
    case BSON_TYPE_BOOL: return "true or false";
    default: return "of a type of its own";
  }
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    out += (out.empty() ? "" : ", ") + text;
  }
  return out;
}

// The first thing on the way to the end of the path that is there and no document, with its path.
std::optional<std::string> blocked_by(const Bson& document, std::string_view path) {
  for (auto end = path.find('.'); end != std::string_view::npos; end = path.find('.', end + 1)) {
    const auto parent = place_of(document, path.substr(0, end));
    if (!parent) {
      return std::nullopt;
    }
    if (!is_document_at(*parent)) {
      return std::string(path.substr(0, end)) + " is " + std::string(type_of(*parent));
    }
  }
  return std::nullopt;
}

}  // namespace

void PeopleCheck::note(Kind kind, std::string what) {
  Cases& cases = cases_[kind];
  if (++cases.count <= limits::findings_named) {
    cases.named.push_back(std::move(what));
  }
}

void PeopleCheck::take(const Bson& document) {
  ++users_;
  const auto id = place_of(document, "_id");
  const auto user = id ? id_at(*id) : std::nullopt;
  if (!user) {
    const auto text = id ? text_at(*id) : std::nullopt;
    note(foreign_id, text ? in_quotes(*text) : id ? std::string(type_of(*id)) : "none");
  }
  const std::string who = user ? user->text() : "a document without an ObjectId";
  if (const auto blocked = blocked_by(document, settings_.number_path)) {
    note(blocked_number, who + ": " + *blocked);
  }
  if (const auto blocked = blocked_by(document, settings_.version_path)) {
    note(blocked_version, who + ": " + *blocked);
  }
  const auto version = place_of(document, settings_.version_path);
  if (version && !number_at(*version)) {
    note(strange_version, who + ": " + std::string(type_of(*version)));
  }
  take_number(document, who);
  if (user) {
    compare_with_fold(document, who);
  }
}

void PeopleCheck::take_number(const Bson& document, const std::string& who) {
  const auto shown = place_of(document, settings_.number_path);
  if (!shown || is_null_at(*shown)) {
    return;
  }
  const auto text = text_at(*shown);
  if (!text) {
    note(not_a_text, who + ": " + std::string(type_of(*shown)));
    return;
  }
  if (const auto number = Extension::parse(*text)) {
    auto& holders = holders_[number->packed()];
    if (holders.size() <= limits::findings_named) {
      holders.push_back(who);
    }
  } else {
    note(wrong_format, who + ": " + in_quotes(*text));
  }
}

void PeopleCheck::compare_with_fold(const Bson& document, const std::string& who) {
  const SeenUser seen = to_seen(document, settings_);
  const auto held = registry_.user(seen.id);
  const std::uint64_t version = fold_.version_of(seen.id);
  if (version == 0) {
    if (seen.number && seen.version == 0) {
      note(not_adopted, who + ": " + seen.number->text());
    }
    return;
  }
  // One that was written after the journal was read is newer.
  if (seen.version <= version && (held ? held->extension : std::nullopt) != seen.number) {
    const auto shown = [](const std::optional<Extension>& number) {
      return number ? number->text() : "none";
    };
    note(changed, who + ": " + shown(seen.number) + " instead of " +
                      shown(held ? held->extension : std::nullopt));
  }
}

void PeopleCheck::tell_duplicates(const OnFinding& found) const {
  std::vector<std::pair<std::uint64_t, const std::vector<std::string>*>> twice;
  for (const auto& [packed, holders] : holders_) {
    if (holders.size() > 1) {
      twice.emplace_back(packed, &holders);
    }
  }
  std::ranges::sort(twice);
  if (twice.empty()) {
    return;
  }
  std::string what = counted(twice.size(), "number is", "numbers are") + " shown by several:";
  for (std::size_t i = 0; i < std::min(twice.size(), limits::findings_named); ++i) {
    what += (i == 0 ? " " : "; ") + Extension::from_packed(twice[i].first)->text() + " by " +
            list_of(*twice[i].second);
  }
  found({.weight = Finding::Weight::care,
         .where = settings_.users,
         .what = what + (twice.size() > limits::findings_named ? "; …" : ""),
         .mend = "leave each with one of them; a number with several holders is not adopted"});
}

void PeopleCheck::tell(const OnFinding& found) const {
  struct Wording {
    Kind kind;
    std::string_view one;
    std::string_view many;
    std::string mend;
  };
  const std::string path = settings_.number_path;
  const Wording wordings[] = {
      {foreign_id, "document has an _id that is no ObjectId",
       "documents have an _id that is no ObjectId",
       "no request can name them; give them ids that are ObjectIds, or keep them elsewhere"},
      {wrong_format, "number is none", "numbers are none",
       "2 to 10 digits and nothing else are one; correct or remove them at " + path},
      {not_a_text, "number is not stored as a text", "numbers are not stored as texts",
       "store them as texts at " + path +
           ": other types lose zeros at the front, and an index tells them apart"},
      {blocked_number, "document has no room for a number", "documents have no room for a number",
       "what stands on the way to " + path + " has to be a document, or absent"},
      {blocked_version, "document has no room for Ringbook's field",
       "documents have no room for Ringbook's field",
       "choose another place with --mongo-version-path, or make room at " + settings_.version_path},
      {strange_version, "document has something else in the place of Ringbook's field",
       "documents have something else in the place of Ringbook's field",
       "choose another place with --mongo-version-path"},
      {not_adopted, "number is not in the journal", "numbers are not in the journal",
       "`ringbook adopt` takes them"},
      {changed, "document does not show what the journal says",
       "documents do not show what the journal says",
       "another program changed it, or it could not be written: set the number once more, or as "
       "the "
       "document shows it"},
  };
  for (const Wording& wording : wordings) {
    const Cases& cases = cases_[wording.kind];
    if (cases.count != 0) {
      found({.weight = Finding::Weight::care,
             .where = settings_.users,
             .what = counted(cases.count, wording.one, wording.many) + ": " + list_of(cases.named) +
                     (cases.count > cases.named.size() ? ", …" : ""),
             .mend = wording.mend});
    }
  }
  tell_duplicates(found);
}

}  // namespace ringbook::mongo
