// Numbers that a spreadsheet may have shortened: it takes 0123 for the number 123. Which of the two
// was meant cannot be known from the file, so such a number is named and never mended.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "import/file.h"

namespace ringbook {

class LostZeros {
 public:
  struct Doubt {
    std::string reason;      // Names both readings.
    bool is_refused = true;  // Otherwise it is only worth a warning.
  };

  // Learns what the numbers of `file` look like. Cost: one pass over the rows.
  explicit LostZeros(const ImportFile& file);

  // Whether `wanted` may have lost zeros. It has when the person holds the same number with zeros
  // before it. It may have when most numbers of a file of CSV have more digits and none of them
  // begins with 0; with few numbers, or in a file that is as export writes it, that says little.
  std::optional<Doubt> doubt(Extension wanted, std::optional<Extension> present) const;

 private:
  bool is_csv_;
  bool is_telling_ = false;
  std::size_t usual_digits_ = 0;  // 0 when there is no such length.
};

}  // namespace ringbook
