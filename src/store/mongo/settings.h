// Which database, and where in it people and their numbers are.
#pragma once

#include <string>

#include "base/error.h"

namespace ringbook::mongo {

struct Settings {
  std::string url;  // mongodb://… or mongodb+srv://…; the database "ringbook" when it names none.
  // The collection of people, and what of their documents is whose.
  std::string users = "users";
  std::string number_path = "personalInformation.rcExtension";
  std::string version_path = "ringbook.v";
  std::string name_path = "name";
  std::string email_path = "email";
  std::string department_path = "department";
  std::string role_path = "role";
  std::string active_path = "active";
};

// Whether a database can be asked with them. Pure: no name is looked up. Errors: usage, naming the
// setting; never with what may be a secret of the URL.
Result<void> check_settings(const Settings& settings);

// The name of the database. Needs settings that pass the check.
std::string database_of(const Settings& settings);

}  // namespace ringbook::mongo
