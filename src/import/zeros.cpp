#include "import/zeros.h"

#include <algorithm>
#include <array>

#include "base/limits.h"

namespace ringbook {
namespace {

constexpr const char* permit_of_short_numbers = "; --accept-short-numbers takes it as it stands";

}  // namespace

LostZeros::LostZeros(const ImportFile& file) : is_csv_(file.is_csv) {
  std::array<std::size_t, limits::extension_digits_max + 1> count_of_length{};
  std::size_t numbers = 0;
  for (const ImportRow& row : file.rows) {
    if (row.extension) {
      const std::string text = row.extension->text();
      if (text.starts_with('0')) {
        return;  // The file has kept its zeros.
      }
      ++count_of_length[text.size()];
      ++numbers;
    }
  }
  const auto most = std::ranges::max_element(count_of_length);
  if (*most * 2 > numbers) {
    usual_digits_ = static_cast<std::size_t>(most - count_of_length.begin());
  }
  is_telling_ = numbers >= limits::telling_numbers && !file.is_as_exported;
}

std::optional<LostZeros::Doubt> LostZeros::doubt(Extension wanted,
                                                 std::optional<Extension> present) const {
  const std::string text = wanted.text();
  if (!is_csv_ || text.starts_with('0') || wanted == present) {
    return std::nullopt;
  }
  const auto with_zeros = [&](std::size_t digits) {
    return std::string(digits - std::min(digits, text.size()), '0') + text;
  };
  if (present && present->text() == with_zeros(present->text().size())) {
    return Doubt{"extension " + text + " may have been " + present->text() +
                 ", which this person holds, before a spreadsheet took leading zeros away" +
                 permit_of_short_numbers};
  }
  if (text.size() >= usual_digits_) {
    return std::nullopt;
  }
  return Doubt{"extension " + text + " may have been " + with_zeros(usual_digits_) +
                   " before a spreadsheet took leading zeros away: most numbers of the file have " +
                   std::to_string(usual_digits_) + " digits" +
                   (is_telling_ ? permit_of_short_numbers : ""),
               is_telling_};
}

}  // namespace ringbook
