// Strict JSON (RFC 8259) for everything that comes from outside: request bodies, tokens, files.
//
// Refused: invalid UTF-8, a byte order mark, lone surrogates, comments, trailing bytes, blank
// input, more than limits::json_depth open containers. Names that occur twice in one object
// (compared after escapes are decoded) are no parse error: the document says where, and each user
// of it must refuse.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace ringbook {

enum class JsonType : std::uint8_t { null, boolean, number, string, array, object };

// A read-only tree. Values are cheap handles; Lifetime: not beyond their document, nor across the
// next `parse` into it.
class JsonDocument {
 public:
  class Value {
   public:
    JsonType type() const;
    bool is(JsonType type) const { return this->type() == type; }
    bool boolean() const;             // Needs type boolean.
    double number() const;            // Needs type number; may be infinite when it overflows.
    std::string_view string() const;  // Needs type string; decoded, may hold NUL.
    // Members of an object or elements of an array.
    std::size_t size() const;
    // An object's member; nothing when absent or when this is no object. Of a name that occurs
    // twice, the first.
    std::optional<Value> find(std::string_view name) const;
    // Whether `name` occurs more than once among this object's own members.
    bool is_repeated(std::string_view name) const;
    // Whether any object at or below this value has a repeated name.
    bool has_repeated_names() const;
    // Walks the children in document order: `for (auto v = first(); v; v = v->next())`.
    std::optional<Value> first() const;
    std::optional<Value> next() const;
    // The name under which this value stands in its object ("" in arrays and for the root).
    std::string_view name() const;
    // Whether an earlier sibling has the same name.
    bool repeats_a_name() const;

   private:
    friend class JsonDocument;
    Value(const JsonDocument* document, std::uint32_t index) : document_(document), index_(index) {}
    const JsonDocument* document_;
    std::uint32_t index_;
  };

  // Whether what was parsed is overwritten when it is dropped, for texts that hold secrets.
  enum class Memory : std::uint8_t { plain, wiped };
  explicit JsonDocument(Memory memory = Memory::plain);
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  // Replaces the content; after an error the document is a lone null. Reuses its memory.
  // Errors: invalid (no such JSON; the detail is json_fault's); internal (no memory).
  // Cost: O(n log n) at worst, whatever the names; no allocation once the memory has grown to fit.
  Result<void> parse(std::string_view text);
  Value root() const { return Value(this, 0); }

 private:
  struct Node;
  struct Handler;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Appends `text` as a JSON string with its quotes. Bytes that are no valid UTF-8 become U+FFFD;
// control characters, DEL and the separators U+2028 and U+2029 are escaped.
void append_json_string(std::string& out, std::string_view text);
// Appends an array of them.
void append_json_strings(std::string& out, std::span<const std::string> texts);
// A string or `null`.
void append_json_or_null(std::string& out, const std::optional<std::string>& text);

}  // namespace ringbook
