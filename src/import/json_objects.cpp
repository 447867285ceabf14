#include "import/json_objects.h"

#include "base/limits.h"
#include "base/text.h"
#include "import/file_place.h"

namespace ringbook {
namespace {

constexpr const char* wanted_form = "; one object a line is wanted, or an array of them";

bool is_json_blank(int byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

}  // namespace

JsonObjects::JsonObjects(ByteSource& source) : source_(source) {
  if (peek_past_blanks() == '[') {
    take();
    form_ = Form::array;
    return;
  }
  const std::string_view ahead = source_.ahead();
  const std::string_view first = trimmed(ahead.substr(0, ahead.find('\n')));
  form_ = first.ends_with('}') || first.size() == ahead.size() ? Form::lines : Form::objects;
}

Result<bool> JsonObjects::next(std::string& text) {
  text.clear();
  switch (form_) {
    case Form::lines: return next_line(text);
    case Form::objects: break;
    case Form::array: return next_of_array(text);
    case Form::ended: return end_of_file();
  }
  return peek_past_blanks() == ByteSource::end ? end_of_file() : read_object(text);
}

int JsonObjects::take() {
  const int byte = source_.take();
  line_ += byte == '\n' ? 1 : 0;
  return byte;
}

int JsonObjects::peek_past_blanks() {
  while (is_json_blank(source_.peek())) {
    take();
  }
  return source_.peek();
}

Result<bool> JsonObjects::end_of_file() const {
  return source_.has_failed() ? Result<bool>(fail(Errc::unavailable, "the file cannot be read on"))
                              : false;
}

Result<bool> JsonObjects::next_line(std::string& text) {
  if (peek_past_blanks() == ByteSource::end) {
    return end_of_file();
  }
  begun_in_ = line_;
  for (int byte = take(); byte != '\n' && byte != ByteSource::end; byte = take()) {
    if (text.size() == limits::import_record_bytes) {
      return fail(Errc::invalid, at_line(begun_in_) + ": longer than " +
                                     std::to_string(limits::import_record_bytes) + " bytes");
    }
    text += static_cast<char>(byte);
  }
  if (text.ends_with('\r')) {
    text.pop_back();
  }
  return true;
}

Result<bool> JsonObjects::next_of_array(std::string& text) {
  const bool is_first = begun_in_ == 0;
  if (!is_first && peek_past_blanks() == ',') {
    take();
  } else if (peek_past_blanks() == ']') {
    take();
    form_ = Form::ended;
    return peek_past_blanks() == ByteSource::end
               ? end_of_file()
               : fail_here("something stands after the end of the array");
  } else if (!is_first) {
    return fail_here("a comma or the end of the array is missing");
  }
  peek_past_blanks();
  return read_object(text);
}

// As far as its brackets go, which count outside strings only.
Result<bool> JsonObjects::read_object(std::string& text) {
  if (source_.peek() != '{') {
    return fail_here("an object is missing");
  }
  if (line_ == begun_in_) {
    return fail_here("a second object begins in this line (`jq -c '.[]' FILE` parts them)");
  }
  begun_in_ = line_;
  std::size_t open = 0;
  bool is_in_string = false;
  bool is_escaped = false;
  do {
    const int byte = take();
    if (byte == ByteSource::end || text.size() == limits::import_record_bytes) {
      line_ = begun_in_;
      return fail_here(byte == ByteSource::end
                           ? "the object that begins here does not end"
                           : "an object longer than " +
                                 std::to_string(limits::import_record_bytes) + " bytes");
    }
    text += static_cast<char>(byte);
    if (is_escaped) {
      is_escaped = false;
    } else if (is_in_string) {
      is_escaped = byte == '\\';
      is_in_string = byte != '"';
    } else {
      is_in_string = byte == '"';
      open += byte == '{' || byte == '[' ? 1 : 0;
      open -= byte == '}' || byte == ']' ? 1 : 0;
    }
  } while (open > 0);
  return true;
}

std::unexpected<Error> JsonObjects::fail_here(const std::string& what) const {
  return fail(Errc::invalid, at_line(line_) + ": " + what + wanted_form);
}

}  // namespace ringbook
