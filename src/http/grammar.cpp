#include "http/grammar.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>

#include "base/limits.h"

namespace ringbook::grammar {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool is_ipv6(std::string_view text) {
  in6_addr ignored{};
  return inet_pton(AF_INET6, std::string(text).c_str(), &ignored) == 1;
}

// "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
bool is_ip_future(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < 2 || lower(text[0]) != 'v') {
    return false;
  }
  const std::string_view rest = text.substr(dot + 1);
  return all(text.substr(1, dot - 1), hex) && !rest.empty() &&
         std::all_of(rest.begin(), rest.end(), [](char c) { return is(c, host) || c == ':'; });
}

// Whether every "%" of `text` begins two hexadecimal digits.
bool has_whole_escapes(std::string_view text) {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 3)) {
    if (text.size() - at < 3 || !is(text[at + 1], hex) || !is(text[at + 2], hex)) {
      return false;
    }
  }
  return true;
}

bool is_registered_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return is(c, host) || c == '%'; }) &&
         has_whole_escapes(text);
}

bool is_port(std::string_view text) {
  constexpr std::size_t digits_max = 5;
  constexpr std::uint32_t port_max = 65'535;
  if (!all(text, digit) || text.size() > digits_max) {
    return false;
  }
  std::uint32_t port = 0;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port <= port_max;
}

// Reads a Transfer-Encoding list from left to right.
class CodingList {
 public:
  explicit CodingList(std::string_view text) : rest_(text) {}

  TransferCoding read() {
    bool chunked_before = false;
    do {
      skip_spaces();
      const std::string_view name = take_token();
      const bool is_chunked = equals_lower(name, "chunked");
      bool has_parameters = false;
      if (name.empty() || chunked_before || !take_parameters(has_parameters) ||
          (is_chunked && has_parameters)) {
        return TransferCoding::malformed;
      }
      chunked_before = is_chunked;
    } while (take(','));
    return rest_.empty() ? TransferCoding::other : TransferCoding::malformed;
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && is_space(rest_.front())) {
      rest_.remove_prefix(1);
    }
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view take_token() {
    std::size_t n = 0;
    while (n < rest_.size() && is(rest_[n], token)) {
      ++n;
    }
    const std::string_view found = rest_.substr(0, n);
    rest_.remove_prefix(n);
    return found;
  }

  bool take_quoted() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') {
        return true;
      }
      if (c == '\\' && !rest_.empty()) {
        rest_.remove_prefix(1);
      }
    }
    return false;
  }

  // *( OWS ";" OWS token BWS "=" BWS ( token / quoted-string ) )
  bool take_parameters(bool& any) {
    for (;;) {
      skip_spaces();
      if (!take(';')) {
        return true;
      }
      any = true;
      skip_spaces();
      if (take_token().empty()) {
        return false;
      }
      skip_spaces();
      if (!take('=')) {
        return false;
      }
      skip_spaces();
      if (take('"') ? !take_quoted() : take_token().empty()) {
        return false;
      }
    }
  }

  std::string_view rest_;
};

}  // namespace

bool is_value(std::string_view text) {
  constexpr std::uint64_t each = 0x0101010101010101;
  constexpr std::uint64_t high_bits = each * 0x80;
  // Some high bit is left when, and only when, an octet of `word` is below
  // `bound`, which is at most 0x80.
  const auto has_less = [](std::uint64_t word, std::uint64_t bound) {
    return ((word - each * bound) & ~word & high_bits) != 0;
  };
  for (std::uint64_t word = 0; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
    std::memcpy(&word, text.data(), sizeof word);
    const bool may_be_wrong = has_less(word, 0x20) || has_less(word ^ (each * 0x7F), 1);
    if (may_be_wrong && !all(text.substr(0, sizeof word), value)) {
      return false;
    }
  }
  return all(text, value);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_space(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

bool equals_lower(std::string_view text, std::string_view lower_text) {
  return text.size() == lower_text.size() &&
         std::equal(text.begin(), text.end(), lower_text.begin(),
                    [](char a, char b) { return lower(a) == b; });
}

bool is_authority(std::string_view text) {
  std::size_t host_end = 0;
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find(']');
    if (bracket == std::string_view::npos) {
      return false;
    }
    const std::string_view inner = text.substr(1, bracket - 1);
    if (!is_ipv6(inner) && !is_ip_future(inner)) {
      return false;
    }
    host_end = bracket + 1;
  } else {
    host_end = std::min(text.find(':'), text.size());
    if (!is_registered_name(text.substr(0, host_end))) {
      return false;
    }
  }
  const std::string_view rest = text.substr(host_end);
  return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
}

bool is_target(std::string_view text) {
  return all(text, target) && has_whole_escapes(text);
}

TransferCoding transfer_coding(std::string_view text) {
  return equals_lower(text, "chunked") ? TransferCoding::chunked : CodingList(text).read();
}

std::optional<std::uint64_t> content_length(std::string_view text) {
  if (text.empty() || text.size() > limits::content_length_digits || !all(text, digit)) {
    return std::nullopt;
  }
  std::uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

}  // namespace ringbook::grammar
