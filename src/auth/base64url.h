// Base64url without padding, in its one canonical form. See: RFC 4648 §5, RFC 7515 §2.
#pragma once

#include <string>
#include <string_view>

namespace ringbook {

// Replaces `out` by the decoded bytes; says whether `text` was canonical: only the alphabet's
// characters, no padding, no white space, spare bits zero. When it was not, `out` means nothing.
bool decode_base64url(std::string_view text, std::string& out);

// Appends the canonical form of `bytes`.
void append_base64url(std::string& out, std::string_view bytes);

}  // namespace ringbook
