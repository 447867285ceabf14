// Who held what, from when to when: the histories of a user and of a number, newest first, and what
// was so at one moment of them.
#include <utility>

#include "api/paging.h"
#include "api/query.h"
#include "api/render.h"
#include "api/routes.h"
#include "api/target.h"

namespace ringbook::routes {
namespace {

// Either a page of a history, or what was so at one moment.
struct Wish {
  std::size_t limit = 0;
  HistoryCursor from = 0;
  std::optional<Moment> at;
};

Wish read_wish(History history, const Exchange& exchange, Problems& problems) {
  const Query query(exchange.head.query, {"limit", "cursor", "at"}, problems);
  const Wish wish{.limit = read_limit(query, problems),
                  .from = read_history_cursor(history, query, problems),
                  .at = read_moment(query, problems)};
  for (const std::string_view name : {"limit", "cursor"}) {
    if (query.find("at") && query.find(name)) {
      problems.add(name, ProblemCode::invalid_format, "Must not stand beside at.");
    }
  }
  return wish;
}

// That a moment is still to come only the store can see.
template <class Key, class Found>
Reply<Found> reply_with_holding(ExchangePtr exchange, Key key,
                                std::string (*render)(Key, const Found&)) {
  return Reply<Found>([exchange = std::move(exchange), key, render](Result<Found> found) mutable {
    if (found) {
      return respond(std::move(exchange), json_response(200, render(key, *found)));
    }
    if (found.error().code == Errc::invalid) {
      Problems problems;
      add_future_problem(problems);
      return respond_invalid(std::move(exchange), problems);
    }
    respond_error(std::move(exchange), found.error());
  });
}

// A reply that renders one page of rows. That a cursor belongs to another list is a problem of the
// request, which only the store can see.
template <class Rows, class Render>
Reply<Rows> reply_with_page(ExchangePtr exchange, History history, Render render) {
  return Reply<Rows>([exchange = std::move(exchange), history, render](Result<Rows> page) mutable {
    if (page) {
      return respond(std::move(exchange),
                     json_response(200, render(*page, history_cursor(history, page->next))));
    }
    if (page.error().code == Errc::invalid) {
      Problems problems;
      add_cursor_problem(problems);
      return respond_invalid(std::move(exchange), problems);
    }
    respond_error(std::move(exchange), page.error());
  });
}

}  // namespace

void get_user_history(ExchangePtr exchange, std::string_view) {
  Problems problems;
  const auto user = read_target_user(*exchange, problems);
  const Wish wish = read_wish(History::of_user, *exchange, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Administrator& by = *exchange->administrator;
  if (wish.at) {
    return directory.user_holding(by, *user, *wish.at,
                                  reply_with_holding<UserId, UserHoldingAt>(
                                      std::move(exchange), *user, render::user_holding));
  }
  directory.user_history(by, *user, wish.from, wish.limit,
                         reply_with_page<UserHistoryPage>(std::move(exchange), History::of_user,
                                                          render::user_history));
}

void get_extension_history(ExchangePtr exchange, std::string_view) {
  Problems problems;
  const auto extension = read_target_extension(*exchange, problems);
  const Wish wish = read_wish(History::of_extension, *exchange, problems);
  if (!problems.empty()) {
    return respond_invalid(std::move(exchange), problems);
  }
  Directory& directory = exchange->api->directory;
  const Administrator& by = *exchange->administrator;
  if (wish.at) {
    return directory.extension_holding(
        by, *extension, *wish.at,
        reply_with_holding<Extension, ExtensionHoldingAt>(std::move(exchange), *extension,
                                                          render::extension_holding));
  }
  directory.extension_history(
      by, *extension, wish.from, wish.limit,
      reply_with_page<ExtensionHistoryPage>(std::move(exchange), History::of_extension,
                                            render::extension_history));
}

}  // namespace ringbook::routes
