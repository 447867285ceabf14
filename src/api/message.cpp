#include "api/message.h"

#include <utility>

namespace ringbook {

std::string_view name_of(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::put: return "PUT";
    case Method::post: return "POST";
    case Method::patch: return "PATCH";
    case Method::delete_: return "DELETE";
    case Method::options: return "OPTIONS";
  }
  std::unreachable();
}

Response json_response(std::uint16_t status, Body body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  response.content_type = "application/json; charset=utf-8";
  return response;
}

Response no_content() {
  Response response;
  response.status = 204;
  return response;
}

Response not_modified() {
  Response response;
  response.status = 304;
  return response;
}

}  // namespace ringbook
