// What HTTP means here: from a request to an answer, without a socket. Two steps, so that a
// stranger's body is never parsed: `admit` at the end of the head, `handle` with the whole body.
//
// Threads: the loop. Both may answer later; http/ keeps the connection waiting meanwhile. Lifetime:
// what is still unanswered when the Api is destroyed is dropped without a word.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "api/message.h"
#include "auth/authenticator.h"
#include "base/log.h"
#include "base/metrics.h"
#include "directory/directory.h"

namespace ringbook {

class RouteTable;
// What the product can be asked. See: api/router.h.
const RouteTable& all_routes();

class Api {
 public:
  struct Settings {
    bool error_details = true;        // --error-details
    std::string version = "unknown";  // Of the program; for /metrics.
  };

  // What `handle` needs to know of an admitted head: route, proof, parameters, fields.
  struct Admitted;
  struct AdmittedDeleter {
    void operator()(Admitted* admitted) const;
  };
  using AdmittedPtr = std::unique_ptr<Admitted, AdmittedDeleter>;
  // What all requests share; for this room alone.
  struct Impl;
  // Either the final answer or leave to send the body.
  using Admission = std::variant<Response, AdmittedPtr>;
  using OnAdmission = std::move_only_function<void(Admission)>;
  using OnResponse = std::move_only_function<void(Response)>;

  // Lifetime: everything given outlives the Api.
  Api(Settings settings, Directory& directory, Store& store, Authenticator& authenticator,
      const Clock& clock, Metrics& metrics, Log& log, const RouteTable& routes = all_routes());
  ~Api();

  // Route (404, 405, OPTIONS), token and right (401), header fields (400). Called exactly once a
  // message; `answer` is called exactly once, possibly before `admit` returns. `last` is the
  // connection's, and not used after `admit` returns. Gives back the
  // pattern of the route that the path belongs to ("/v1/users/{userId}"), or "other"; for metrics.
  // A literal.
  std::string_view admit(const Head& head, LastAuthorization& last, OnAdmission answer);
  // The same for a caller whose proof needs no token: the command line on a local data folder.
  void admit_local(const Head& head, const Administrator& by, OnAdmission answer);
  // The rest, with the whole body ("" when there is none). `body` is not used after it returns.
  void handle(AdmittedPtr admitted, std::string_view body, OnResponse answer);

  // The answer for a message that http/ refused before or instead of asking (400 framing, 408, 413,
  // 414, 417, 431, 501, 505). Needs one of these statuses.
  Response refusal(std::uint16_t status) const;

  // /readyz says "draining" from now on.
  void start_draining();

 private:
  struct ImplDeleter {
    void operator()(Impl* impl) const;
  };
  std::unique_ptr<Impl, ImplDeleter> impl_;
};

}  // namespace ringbook
