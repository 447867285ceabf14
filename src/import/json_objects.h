// The objects of a JSON file, each as the text it is: one a line (JSON Lines), or each over several
// lines, alone, one after the other or in one array. Whether a text is an object at all is for
// whoever parses it.
#pragma once

#include <string>

#include "import/byte_source.h"

namespace ringbook {

class JsonObjects {
 public:
  // Looks at the first line, which tells the two forms apart. Lifetime: `source` outlives this.
  explicit JsonObjects(ByteSource& source);

  // Reads the next object; false at the end. Errors: invalid (something stands between objects, two
  // begin in one line, one does not end or is over limits::import_record_bytes), unavailable (the
  // file cannot be read on).
  Result<bool> next(std::string& text);
  // Where the object began that was read last.
  std::uint32_t line() const { return begun_in_; }

 private:
  enum class Form : std::uint8_t { lines, objects, array, ended };

  int take();
  int peek_past_blanks();
  Result<bool> next_line(std::string& text);
  Result<bool> next_of_array(std::string& text);
  Result<bool> read_object(std::string& text);
  Result<bool> end_of_file() const;
  std::unexpected<Error> fail_here(const std::string& what) const;

  ByteSource& source_;
  Form form_ = Form::lines;
  std::uint32_t line_ = 1;
  std::uint32_t begun_in_ = 0;
};

}  // namespace ringbook
