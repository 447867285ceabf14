#include "store/sqlite/tables.h"

#include <cstring>

namespace ringbook::sqlite {

std::optional<UserId> user_id_of(const Statement& row, int column) {
  UserId::Bytes id{};
  const std::string_view bytes = row.bytes(column);
  if (bytes.size() != id.size()) {
    return std::nullopt;
  }
  std::memcpy(id.data(), bytes.data(), id.size());
  return UserId(id);
}

void bind_user_id(Statement& statement, int index, const UserId& id) {
  statement.bind_blob(index, {reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
}

void bind_extension(Statement& statement, int index, const std::optional<Extension>& extension) {
  if (extension) {
    statement.bind(index, extension->packed());
  } else {
    statement.bind_null(index);
  }
}

}  // namespace ringbook::sqlite
