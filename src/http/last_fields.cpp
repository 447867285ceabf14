#include "http/last_fields.h"

#include <optional>

#include "base/limits.h"

namespace ringbook {

void LastFields::remember(std::string_view head, const PassedHead& passed) {
  octets_.clear();
  const std::string_view fields = head.substr(head.find('\r'));
  if (fields.size() > limits::last_fields_bytes || passed.framing.kind == Framing::Kind::chunked) {
    return;
  }
  octets_ = fields;
  passed_ = passed;
  passed_.are_fields_known = true;
  const auto keep = [&](std::string_view& text) {
    text = text.empty() ? std::string_view()
                        : std::string_view(octets_).substr(
                              static_cast<std::size_t>(text.data() - fields.data()), text.size());
  };
  Head& kept = passed_.head;
  kept.path = kept.query = {};
  keep(kept.request_id);
  for (auto* value : {&kept.accept, &kept.authorization, &kept.content_type, &kept.content_encoding,
                      &kept.content_range, &kept.if_match, &kept.if_none_match}) {
    if (*value) {
      keep(**value);
    }
  }
}

}  // namespace ringbook
