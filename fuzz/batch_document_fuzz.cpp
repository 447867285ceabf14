// Documents of the shared journal: octets are a batch or damaged, and a batch that is written again
// is read as the same.
#include <string>

#include "base/check.h"
#include "fuzz/target.h"
#include "store/mongo/codec.h"
#include "store/mongo/person.h"

namespace ringbook::fuzz {
namespace {

void check_batch(const mongo::Bson& document) {
  const auto batch = mongo::to_batch(document);
  if (!batch) {
    check(batch.error().code == Errc::damaged && !batch.error().detail.empty(),
          "what is no batch is damaged and says why");
    return;
  }
  const mongo::Bson written = mongo::to_document(*batch);
  const auto again = mongo::to_batch(written);
  check(again.has_value(), "what was read can be written and read");
  check(mongo::to_document(*again).octets() == written.octets(), "and is the same then");
}

void check_part(const mongo::Bson& document) {
  for (const PartName::Of of : {PartName::Of::set, PartName::Of::checkpoint}) {
    if (const auto part = mongo::from_part(of, document)) {
      check(mongo::from_part(of, mongo::to_part("1/0", *part)).has_value(),
            "a part is read as it was written");
    }
  }
}

// A document of another program may hold anything.
void check_person(const mongo::Bson& document) {
  const mongo::Settings settings;
  const SeenUser seen = mongo::to_seen(document, settings);
  check(seen.exists && seen.profile, "whoever has a document has a profile");
  check(!(seen.number && seen.shows_something_else), "it shows one thing");
  check(!problem_of(seen.profile.view()), "a profile is one that is allowed");
}

void run(std::string_view input) {
  if (const auto document = mongo::Bson::from_octets(input)) {
    check_batch(*document);
    check_part(*document);
    check_person(*document);
    (void)mongo::to_checkpoint(*document);
  }
}

const Target target("batch_document", run);

}  // namespace
}  // namespace ringbook::fuzz
