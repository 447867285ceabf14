// The handlers of the route table, one a route. Each reads its request, asks the directory, and
// renders what came of it; rules of the directory stand in directory/.
#pragma once

#include <string_view>

#include "api/exchange.h"
#include "api/message.h"

namespace ringbook::routes {

// routes_documented.cpp
void update_extension(ExchangePtr exchange, std::string_view body);

// routes_users.cpp
void list_users(ExchangePtr exchange, std::string_view body);
void get_user(ExchangePtr exchange, std::string_view body);
void put_user(ExchangePtr exchange, std::string_view body);
void delete_user(ExchangePtr exchange, std::string_view body);

// routes_extensions.cpp
void put_extension(ExchangePtr exchange, std::string_view body);
void delete_extension(ExchangePtr exchange, std::string_view body);
void get_extension(ExchangePtr exchange, std::string_view body);

// routes_history.cpp
void get_user_history(ExchangePtr exchange, std::string_view body);
void get_extension_history(ExchangePtr exchange, std::string_view body);

// routes_health.cpp
Response healthz(Api::Impl& api, const Head& head);
Response readyz(Api::Impl& api, const Head& head);
Response metrics(Api::Impl& api, const Head& head);
Response openapi(Api::Impl& api, const Head& head);

}  // namespace ringbook::routes
