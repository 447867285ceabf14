#include "store/mongo/settings.h"

#include <array>
#include <string_view>

#include "store/mongo/driver.h"

namespace ringbook::mongo {
namespace {

constexpr std::string_view default_database = "ringbook";
constexpr std::size_t path_octets_max = 200;

// What is wrong with a path of fields; null when nothing is.
const char* problem_of_path(std::string_view path) {
  if (path.empty() || path.size() > path_octets_max) {
    return "has 1 to 200 characters";
  }
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find('.', begin), path.size());
    const std::string_view name = path.substr(begin, end - begin);
    if (name.empty() || name.front() == '$' || name.find('\0') != std::string_view::npos) {
      return "is names joined by points, none of them empty or beginning with $";
    }
    begin = end + 1;
  }
  return path == "_id" || path.starts_with("_id.") ? "is not _id" : nullptr;
}

// Whether setting one replaces the other, too.
bool are_entangled(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) {
    std::swap(a, b);
  }
  return b.starts_with(a) && (a.size() == b.size() || b[a.size()] == '.');
}

}  // namespace

Result<void> check_settings(const Settings& settings) {
  const auto uri = parse_url(settings.url);
  if (!uri) {
    return std::unexpected(uri.error());
  }
  if (settings.users.empty() || settings.users.starts_with("ringbook_") ||
      settings.users.starts_with("system.") || settings.users.find('$') != std::string::npos) {
    return fail(Errc::usage, "mongo-users: '" + settings.users +
                                 "' is no collection of people; give its name, which begins "
                                 "neither with ringbook_ nor with system. and has no $");
  }
  const std::array<std::pair<std::string_view, std::string_view>, 7> paths{
      {{"mongo-extension-path", settings.number_path},
       {"mongo-version-path", settings.version_path},
       {"mongo-name-path", settings.name_path},
       {"mongo-email-path", settings.email_path},
       {"mongo-department-path", settings.department_path},
       {"mongo-role-path", settings.role_path},
       {"active", settings.active_path}}};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto& [name, path] = paths[i];
    if (const char* problem = problem_of_path(path)) {
      return fail(Errc::usage,
                  std::string(name) + ": '" + std::string(path) + "'; a path " + problem);
    }
    for (std::size_t other = 0; other < i; ++other) {
      if (are_entangled(path, paths[other].second)) {
        return fail(Errc::usage, std::string(name) + ": '" + std::string(path) +
                                     "' is, or is part of, the path of " +
                                     std::string(paths[other].first));
      }
    }
  }
  return {};
}

std::string database_of(const Settings& settings) {
  const auto uri = parse_url(settings.url);
  const char* named = uri ? mongoc_uri_get_database(uri->get()) : nullptr;
  return named == nullptr ? std::string(default_database) : named;
}

}  // namespace ringbook::mongo
