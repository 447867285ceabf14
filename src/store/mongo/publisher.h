// Publishes to documents over one connection: many at once where all goes well, and one after the
// other where something does not.
#pragma once

#include <span>
#include <vector>

#include "directory/documents.h"
#include "store/mongo/driver.h"
#include "store/mongo/settings.h"

namespace ringbook::mongo {

class Publisher {
 public:
  // Lifetime: both outlive this.
  Publisher(Connection& connection, const Settings& settings)
      : connection_(connection), settings_(settings) {}

  // What became of each, as a majority has it.
  std::vector<Published> publish(std::span<const Publication> publications);

 private:
  using Outcomes = std::span<Published>;
  void publish_chunk(std::span<const Publication> chunk, Outcomes outcomes);
  // Looks what the documents show after a command that did not do all; what they do not is sent
  // again, alone.
  void settle(std::span<const Publication> chunk, Outcomes outcomes);
  Published publish_alone(const Publication& publication);
  Published judge_refusal(const Publication& publication, const Failure& failure);
  // What the document shows of it; nothing when its version is lower.
  std::optional<Published> shown(const Publication& publication);
  bool is_number_elsewhere(const Publication& publication);
  Answer<Written> send(std::span<const Publication> publications);

  Connection& connection_;
  const Settings& settings_;
};

}  // namespace ringbook::mongo
