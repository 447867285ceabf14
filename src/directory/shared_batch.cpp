#include "directory/shared_batch.h"

namespace ringbook {
namespace {

void add_number(std::string& out, std::uint64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift));
  }
}

// With its length before it, so that no two batches give the same octets.
void add_text(std::string& out, std::string_view text) {
  add_number(out, text.size());
  out.append(text);
}

void add_digest(std::string& out, const Digest& digest) {
  out.append(digest.begin(), digest.end());
}

}  // namespace

std::string hashed_octets(const SharedBatch& batch, const Digest& before) {
  std::string out;
  add_digest(out, before);
  add_number(out, batch.number);
  add_text(out, batch.by);
  add_number(out, batch.first);
  add_number(out, batch.changes);
  add_number(out, static_cast<std::uint64_t>(batch.at.ms));
  add_number(out, batch.contents.records.size());
  for (const std::string& record : batch.contents.records) {
    add_text(out, record);
  }
  add_number(out, batch.set ? 1 : 0);
  if (batch.set) {
    add_text(out, batch.set->id);
    add_number(out, batch.set->parts);
    add_digest(out, batch.set->digest);
    add_number(out, batch.set->base);
  }
  add_number(out, batch.drop ? 1 : 0);
  if (batch.drop) {
    add_text(out, *batch.drop);
  }
  return out;
}

}  // namespace ringbook
