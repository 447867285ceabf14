// BSON documents: made a field at a time, and read at dotted paths.
#pragma once

#include <bson/bson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "directory/user_id.h"

namespace ringbook::mongo {

// A document. Fields stand in the order in which they were added; documents are copied into others.
class Bson {
 public:
  Bson() { bson_init(&bson_); }
  explicit Bson(const bson_t& other) { bson_copy_to(&other, &bson_); }
  Bson(const Bson& other) : Bson(other.bson_) {}
  Bson(Bson&& other) noexcept;
  Bson& operator=(Bson other) noexcept;
  ~Bson() { bson_destroy(&bson_); }
  // Nothing when the octets are no document, or hold texts that are no UTF-8.
  static std::optional<Bson> from_octets(std::string_view octets);

  const bson_t* get() const { return &bson_; }
  // For functions of the library that make a document there. Empties this one.
  bson_t* out();
  std::string_view octets() const;
  // Adds all fields of another.
  Bson& fields(const Bson& other);

  Bson& text(std::string_view name, std::string_view value);
  Bson& number(std::string_view name, std::int64_t value);  // Of 64 bits.
  Bson& small(std::string_view name, std::int32_t value);   // Of 32 bits.
  Bson& flag(std::string_view name, bool value);
  Bson& id(std::string_view name, const UserId& value);
  Bson& instant(std::string_view name, Instant value);
  Bson& binary(std::string_view name, std::string_view value);
  Bson& document(std::string_view name, const Bson& value);
  // A list of what `add` adds: it is called with the list, the name of the next place, and a value.
  template <class Values, class Add>
  Bson& list(std::string_view name, const Values& values, Add add) {
    Bson list;
    std::uint32_t place = 0;
    for (const auto& value : values) {
      add(list, std::to_string(place++), value);
    }
    return add_list(name, list);
  }

 private:
  Bson& add_list(std::string_view name, const Bson& list);

  bson_t bson_;
};

// What stands at a dotted path, and behind it the further fields of the same document.
struct Place {
  bson_iter_t at;
};
std::optional<Place> place_of(const bson_t* document, std::string_view path);
inline std::optional<Place> place_of(const Bson& document, std::string_view path) {
  return place_of(document.get(), path);
}

// Nothing when something of another type is there. Texts and octets are views into the document.
std::optional<std::string_view> text_at(const Place& place);
std::optional<std::string_view> binary_at(const Place& place);
std::optional<UserId> id_at(const Place& place);
std::optional<Instant> instant_at(const Place& place);
// Of any type of number, when it is a whole one.
std::optional<std::int64_t> number_at(const Place& place);
bool is_null_at(const Place& place);
bool is_document_at(const Place& place);
std::optional<bool> flag_at(const Place& place);
// The elements of a list, or the fields of a document.
std::optional<std::vector<Place>> elements_at(const Place& place);
std::string_view name_at(const Place& place);
// A copy of the document that stands there.
std::optional<Bson> document_at(const Place& place);

}  // namespace ringbook::mongo
