// How a client command reaches the Api: in this process, or over HTTP. One question, one answer;
// the same question gets the same answer on either way.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "api/message.h"
#include "base/error.h"
#include "cli/settings.h"
#include "store/data_folder.h"

namespace ringbook {

struct Question {
  Method method = Method::get;
  std::string path = {};
  std::string query = {};                // Without the "?".
  std::optional<std::string> body = {};  // JSON
  std::string if_match = {};             // "" for none, as for the next.
  std::string if_none_match = {};
};

struct Answer {
  std::uint16_t status = 0;
  std::string body = {};
  std::string etag = {};  // "" when absent, as for the next.
  std::string ringbook_version = {};
};

class Transport {
 public:
  virtual ~Transport() = default;
  // Errors: unavailable (not reached, or no answer in time), unauthenticated (with what to do about
  // it); refusals of the Api are answers.
  virtual Result<Answer> ask(const Question& question) = 0;
};

// The transport that the settings lead to: the server they name; else the server that holds the
// data folder; else the folder itself, in this process. Errors: usage, unavailable, locked, those
// of LocalDirectory::open.
Result<std::unique_ptr<Transport>> open_transport(const Settings& settings,
                                                  const std::string& os_user,
                                                  DataFolder::Missing missing);

// Opens the data folder in this process. Errors: those of LocalDirectory::open.
Result<std::unique_ptr<Transport>> open_local_transport(const Settings& settings,
                                                        const std::string& os_user,
                                                        DataFolder::Missing missing);

struct ServerAccess {
  std::string url;
  // How a server with TLS proves who it is: by its certificate, or by the one key that it must
  // have.
  std::optional<std::filesystem::path> ca_file = {};  // Nothing: whom the system trusts.
  std::string key_pin = {};                           // "sha256//…"; "" for none.
  std::string token;
  std::string token_hint;  // What to do when the server does not accept the token.
};
std::unique_ptr<Transport> open_http_transport(ServerAccess access);

}  // namespace ringbook
