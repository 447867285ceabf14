#include "store/mongo/bson.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace ringbook::mongo {
namespace {

// libbson takes lengths as int.
int length(std::string_view text) {
  return static_cast<int>(text.size());
}

// What could fail is a document above two gibibytes, which no limit of ours allows.
void added(bool is_added) {
  check(is_added, "a document has room");
}

}  // namespace

Bson::Bson(Bson&& other) noexcept {
  check(bson_steal(&bson_, &other.bson_), "a document can be moved");
  bson_init(&other.bson_);
}

Bson& Bson::operator=(Bson other) noexcept {
  bson_destroy(&bson_);
  check(bson_steal(&bson_, &other.bson_), "a document can be moved");
  bson_init(&other.bson_);
  return *this;
}

std::optional<Bson> Bson::from_octets(std::string_view octets) {
  bson_t view;
  if (!bson_init_static(&view, reinterpret_cast<const std::uint8_t*>(octets.data()),
                        octets.size()) ||
      !bson_validate(&view, BSON_VALIDATE_UTF8, nullptr)) {
    return std::nullopt;
  }
  return Bson(view);
}

bson_t* Bson::out() {
  // The library initialises what it makes.
  bson_destroy(&bson_);
  bson_init(&bson_);
  return &bson_;
}

std::string_view Bson::octets() const {
  return {reinterpret_cast<const char*>(bson_get_data(&bson_)), bson_.len};
}

Bson& Bson::fields(const Bson& other) {
  added(bson_concat(&bson_, other.get()));
  return *this;
}

Bson& Bson::text(std::string_view name, std::string_view value) {
  added(bson_append_utf8(&bson_, name.data(), length(name), value.data(), length(value)));
  return *this;
}

Bson& Bson::number(std::string_view name, std::int64_t value) {
  added(bson_append_int64(&bson_, name.data(), length(name), value));
  return *this;
}

Bson& Bson::small(std::string_view name, std::int32_t value) {
  added(bson_append_int32(&bson_, name.data(), length(name), value));
  return *this;
}

Bson& Bson::flag(std::string_view name, bool value) {
  added(bson_append_bool(&bson_, name.data(), length(name), value));
  return *this;
}

Bson& Bson::id(std::string_view name, const UserId& value) {
  bson_oid_t oid;
  bson_oid_init_from_data(&oid, value.bytes().data());
  added(bson_append_oid(&bson_, name.data(), length(name), &oid));
  return *this;
}

Bson& Bson::instant(std::string_view name, Instant value) {
  added(bson_append_date_time(&bson_, name.data(), length(name), value.ms));
  return *this;
}

Bson& Bson::binary(std::string_view name, std::string_view value) {
  added(bson_append_binary(&bson_, name.data(), length(name), BSON_SUBTYPE_BINARY,
                           reinterpret_cast<const std::uint8_t*>(value.data()),
                           static_cast<std::uint32_t>(value.size())));
  return *this;
}

Bson& Bson::document(std::string_view name, const Bson& value) {
  added(bson_append_document(&bson_, name.data(), length(name), value.get()));
  return *this;
}

Bson& Bson::add_list(std::string_view name, const Bson& list) {
  added(bson_append_array(&bson_, name.data(), length(name), list.get()));
  return *this;
}

std::optional<Place> place_of(const bson_t* document, std::string_view path) {
  Place whole;
  Place found;
  if (!bson_iter_init(&whole.at, document) ||
      !bson_iter_find_descendant(&whole.at, std::string(path).c_str(), &found.at)) {
    return std::nullopt;
  }
  return found;
}

std::optional<std::string_view> text_at(const Place& place) {
  if (!BSON_ITER_HOLDS_UTF8(&place.at)) {
    return std::nullopt;
  }
  std::uint32_t size = 0;
  const char* text = bson_iter_utf8(&place.at, &size);
  if (!bson_utf8_validate(text, size, true)) {
    return std::nullopt;
  }
  return std::string_view(text, size);
}

std::optional<std::string_view> binary_at(const Place& place) {
  if (!BSON_ITER_HOLDS_BINARY(&place.at)) {
    return std::nullopt;
  }
  std::uint32_t size = 0;
  const std::uint8_t* octets = nullptr;
  bson_iter_binary(&place.at, nullptr, &size, &octets);
  return std::string_view(reinterpret_cast<const char*>(octets), size);
}

std::optional<UserId> id_at(const Place& place) {
  if (!BSON_ITER_HOLDS_OID(&place.at)) {
    return std::nullopt;
  }
  UserId::Bytes bytes;
  std::ranges::copy(bson_iter_oid(&place.at)->bytes, bytes.begin());
  return UserId(bytes);
}

std::optional<Instant> instant_at(const Place& place) {
  if (!BSON_ITER_HOLDS_DATE_TIME(&place.at)) {
    return std::nullopt;
  }
  return Instant{bson_iter_date_time(&place.at)};
}

std::optional<std::int64_t> number_at(const Place& place) {
  if (BSON_ITER_HOLDS_INT(&place.at)) {
    return bson_iter_as_int64(&place.at);
  }
  if (BSON_ITER_HOLDS_DOUBLE(&place.at)) {
    const double value = bson_iter_double(&place.at);
    constexpr double exact = 9007199254740992.0;  // Above it not every whole number is a double.
    if (std::abs(value) <= exact && std::trunc(value) == value) {
      return static_cast<std::int64_t>(value);
    }
  }
  return std::nullopt;
}

bool is_null_at(const Place& place) {
  return BSON_ITER_HOLDS_NULL(&place.at);
}

bool is_document_at(const Place& place) {
  return BSON_ITER_HOLDS_DOCUMENT(&place.at);
}

std::optional<bool> flag_at(const Place& place) {
  return BSON_ITER_HOLDS_BOOL(&place.at) ? std::optional(bson_iter_bool(&place.at)) : std::nullopt;
}

std::string_view name_at(const Place& place) {
  return bson_iter_key(&place.at);
}

std::optional<std::vector<Place>> elements_at(const Place& place) {
  Place inside;
  if ((!BSON_ITER_HOLDS_ARRAY(&place.at) && !BSON_ITER_HOLDS_DOCUMENT(&place.at)) ||
      !bson_iter_recurse(&place.at, &inside.at)) {
    return std::nullopt;
  }
  std::vector<Place> out;
  while (bson_iter_next(&inside.at)) {
    out.push_back(inside);
  }
  return out;
}

std::optional<Bson> document_at(const Place& place) {
  if (!BSON_ITER_HOLDS_DOCUMENT(&place.at)) {
    return std::nullopt;
  }
  std::uint32_t size = 0;
  const std::uint8_t* octets = nullptr;
  bson_iter_document(&place.at, &size, &octets);
  return Bson::from_octets({reinterpret_cast<const char*>(octets), size});
}

}  // namespace ringbook::mongo
