#include "store/mongo/codec.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace ringbook::mongo {
namespace {

constexpr std::size_t key_digits = 16;

std::string_view view_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// Texts of the histories' indexes are numbers as people write them.
void add_contents(Bson& out, const BatchContents& contents) {
  out.list("r", contents.records, [](Bson& list, const std::string& at, const std::string& record) {
    list.binary(at, record);
  });
  out.list("u", contents.users,
           [](Bson& list, const std::string& at, const UserId& user) { list.id(at, user); });
  out.list("x", contents.numbers, [](Bson& list, const std::string& at, const Extension& number) {
    list.text(at, number.text());
  });
  if (!contents.profiles.empty()) {
    out.list("p", contents.profiles,
             [](Bson& list, const std::string& at, const ChangedProfile& changed) {
               Bson profile;
               profile.number("s", static_cast<std::int64_t>(changed.sequence))
                   .binary("d", changed.profile.bytes());
               list.document(at, profile);
             });
  }
}

// Reads a document whose fields are what they should be, or says which is not.
class Reader {
 public:
  explicit Reader(const Bson& document) : document_(document) {}

  std::uint64_t number(const char* path, std::uint64_t most) {
    const auto place = place_of(document_, path);
    const auto value = place ? number_at(*place) : std::nullopt;
    return value && *value >= 0 && static_cast<std::uint64_t>(*value) <= most
               ? static_cast<std::uint64_t>(*value)
               : bad(path, std::uint64_t{0});
  }
  std::string text(const char* path) {
    const auto place = place_of(document_, path);
    const auto value = place ? text_at(*place) : std::nullopt;
    return value ? std::string(*value) : bad(path, std::string());
  }
  std::string binary(const char* path) {
    const auto place = place_of(document_, path);
    const auto value = place ? binary_at(*place) : std::nullopt;
    return value ? std::string(*value) : bad(path, std::string());
  }
  Digest digest(const char* path) {
    const std::string octets = binary(path);
    Digest out{};
    if (octets.size() != out.size()) {
      return bad(path, out);
    }
    std::ranges::copy(octets, reinterpret_cast<char*>(out.data()));
    return out;
  }
  Instant instant(const char* path) {
    const auto place = place_of(document_, path);
    const auto value = place ? instant_at(*place) : std::nullopt;
    return value ? *value : bad(path, Instant{});
  }
  // Each element by `read`, which gives nothing for what it cannot be.
  template <class Read>
  auto list(const char* path, bool may_be_absent, Read read) {
    std::vector<typename std::invoke_result_t<Read, const Place&>::value_type> out;
    const auto place = place_of(document_, path);
    const auto elements = place ? elements_at(*place) : std::nullopt;
    if (!elements) {
      return place || !may_be_absent ? bad(path, std::move(out)) : out;
    }
    for (const Place& element : *elements) {
      auto value = read(element);
      if (!value) {
        return bad(path, std::move(out));
      }
      out.push_back(std::move(*value));
    }
    return out;
  }
  bool has(const char* path) const { return place_of(document_, path).has_value(); }

  // The first field that was wrong; null when none was.
  const char* problem() const { return problem_; }

 private:
  template <class T>
  T bad(const char* path, T instead) {
    problem_ = problem_ == nullptr ? path : problem_;
    return instead;
  }

  const Bson& document_;
  const char* problem_ = nullptr;
};

std::unexpected<Error> damaged(const Bson& document, const char* field) {
  const auto id = place_of(document, "_id");
  const auto name = id ? text_at(*id) : std::nullopt;
  return fail(Errc::damaged, "the document " + std::string(name.value_or("without a name")) +
                                 " of the journal has no right " + field);
}

std::optional<std::string> to_record(const Place& place) {
  const auto octets = binary_at(place);
  return octets ? std::optional<std::string>(*octets) : std::nullopt;
}

std::optional<Extension> to_number(const Place& place) {
  const auto text = text_at(place);
  return text ? Extension::parse(*text) : std::nullopt;
}

std::optional<ChangedProfile> to_profile(const Place& place) {
  const auto document = document_at(place);
  if (!document) {
    return std::nullopt;
  }
  const auto sequence = place_of(*document, "s");
  const auto octets = place_of(*document, "d");
  const auto number = sequence ? number_at(*sequence) : std::nullopt;
  const auto bytes = octets ? binary_at(*octets) : std::nullopt;
  auto profile = bytes ? PackedProfile::from_bytes(*bytes) : std::nullopt;
  if (!number || *number <= 0 || !profile) {
    return std::nullopt;
  }
  return ChangedProfile{.sequence = static_cast<std::uint64_t>(*number),
                        .profile = std::move(*profile)};
}

BatchContents contents_of(Reader& read) {
  return {.records = read.list("r", false, to_record),
          .users = read.list("u", false, id_at),
          .numbers = read.list("x", false, to_number),
          .profiles = read.list("p", true, to_profile)};
}

constexpr std::uint64_t int64_most = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t uint32_most = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::string key_of(std::uint64_t batch) {
  const std::string digits = std::to_string(batch);
  return std::string(key_digits - std::min(digits.size(), key_digits), '0') + digits;
}

std::optional<std::uint64_t> batch_of(std::string_view key) {
  std::uint64_t batch = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), batch);
  if (key.size() != key_digits || error != std::errc() || end != key.data() + key.size()) {
    return std::nullopt;
  }
  return batch;
}

Bson to_document(const SharedBatch& batch) {
  Bson out;
  out.text("_id", key_of(batch.number))
      .text("by", batch.by)
      .binary("h", view_of(batch.hash))
      .number("s", static_cast<std::int64_t>(batch.first))
      .number("n", batch.changes)
      .instant("at", batch.at);
  add_contents(out, batch.contents);
  if (batch.set) {
    Bson set;
    set.text("id", batch.set->id)
        .number("parts", batch.set->parts)
        .binary("digest", view_of(batch.set->digest))
        .number("base", static_cast<std::int64_t>(batch.set->base));
    out.document("set", set);
  }
  if (batch.drop) {
    out.text("drop", *batch.drop);
  }
  return out;
}

Result<SharedBatch> to_batch(const Bson& document) {
  Reader read(document);
  SharedBatch out;
  const auto number = batch_of(read.text("_id"));
  out.number = number.value_or(0);
  out.by = read.text("by");
  out.hash = read.digest("h");
  out.first = read.number("s", int64_most);
  out.changes = static_cast<std::uint32_t>(read.number("n", uint32_most));
  out.at = read.instant("at");
  out.contents = contents_of(read);
  if (read.has("set")) {
    out.set = LargeSet{.id = read.text("set.id"),
                       .parts = static_cast<std::uint32_t>(read.number("set.parts", uint32_most)),
                       .digest = read.digest("set.digest"),
                       .base = read.number("set.base", int64_most)};
  }
  if (read.has("drop")) {
    out.drop = read.text("drop");
  }
  if (!number || read.problem() != nullptr) {
    return damaged(document, number ? read.problem() : "_id");
  }
  return out;
}

Result<std::vector<SharedBatch>> to_batches(const std::vector<Bson>& documents) {
  std::vector<SharedBatch> out;
  for (const Bson& document : documents) {
    auto batch = to_batch(document);
    if (!batch) {
      return std::unexpected(std::move(batch.error()));
    }
    out.push_back(std::move(*batch));
  }
  return out;
}

Bson to_part(const std::string& id, const Part& part) {
  Bson out;
  out.text("_id", id);
  if (const auto* contents = std::get_if<BatchContents>(&part)) {
    add_contents(out, *contents);
  } else {
    out.binary("data", std::get<std::string>(part));
  }
  return out;
}

Result<Part> from_part(PartName::Of of, const Bson& document) {
  Reader read(document);
  Part out;
  if (of == PartName::Of::set) {
    out = contents_of(read);
  } else {
    out = read.binary("data");
  }
  if (read.problem() != nullptr) {
    return damaged(document, read.problem());
  }
  return out;
}

Bson to_document(const std::string& id, const Checkpoint& checkpoint) {
  Bson out;
  out.text("_id", id)
      .number("batch", static_cast<std::int64_t>(checkpoint.batch))
      .binary("h", view_of(checkpoint.hash))
      .number("s", static_cast<std::int64_t>(checkpoint.last))
      .instant("at", checkpoint.at)
      .number("parts", checkpoint.parts)
      .binary("digest", view_of(checkpoint.digest));
  return out;
}

Result<Checkpoint> to_checkpoint(const Bson& document) {
  Reader read(document);
  Checkpoint out{.id = read.text("_id"),
                 .batch = read.number("batch", int64_most),
                 .hash = read.digest("h"),
                 .last = read.number("s", int64_most),
                 .at = read.instant("at"),
                 .parts = static_cast<std::uint32_t>(read.number("parts", uint32_most)),
                 .digest = read.digest("digest")};
  if (read.problem() != nullptr) {
    return damaged(document, read.problem());
  }
  return out;
}

}  // namespace ringbook::mongo
