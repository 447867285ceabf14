// Which pages of other origins a browser lets read the answers: the CORS protocol.
//
// What is written comes from the settings alone, never from the request. See: the Fetch standard,
// §3.2.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringbook {

class Cors {
 public:
  // `origins` are spelled as browsers spell them.
  explicit Cors(std::span<const std::string> origins);

  // The field lines, each with its CRLF, for the answer to the request whose head begins `bytes`;
  // "" without any origins. The bytes need not be good. Lifetime: as long as this.
  std::string_view fields_for(std::string_view bytes) const;

 private:
  struct Allowed {
    std::string origin;
    std::string of_answer;
    std::string of_preflight;
  };
  std::vector<Allowed> allowed_;
};

}  // namespace ringbook
