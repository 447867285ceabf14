// The longer texts of `--help`.
#pragma once

namespace ringbook {

inline constexpr const char* overview_examples = R"(Examples:
  ringbook serve                                  serve on localhost:2000, data in ./ringbook-data
  ringbook token                                  a token for that server's API
  ringbook user add --name "Ada Lovelace" --email ada@example.com
  ringbook set ada@example.com 1234               give a number
  ringbook release ada@example.com                take it away
  ringbook number history 1234 --at 2026-11-02    who had it then
  ringbook export > people.csv                    everybody, as import takes it
  ringbook import people.csv --dry-run            what a file would change
  ringbook backup monday.backup                   everything, also while it is served

`ringbook help COMMAND` shows a command's arguments and settings. Each setting is also an
environment variable (--log-level: RINGBOOK_LOG_LEVEL) and a line of the file that --config names
(log-level = debug).

Exit codes:
)";

inline constexpr const char* serve_examples = R"(  ringbook serve
  ringbook serve --data /var/lib/ringbook --listen [::1]:2000
  ringbook serve --config ringbook.conf --print-config)";

inline constexpr const char* adopt_examples = R"(  ringbook adopt --store-file store-url --dry-run
  ringbook adopt --store-file store-url

Of each document it writes Ringbook's own field alone. It may be ended at any moment and be
repeated; servers take the database once it has ended by itself.)";

inline constexpr const char* backup_examples = R"(  ringbook backup /mnt/backups/ringbook-monday

The file holds people, numbers and their whole history, not the secret that signs tokens.)";

inline constexpr const char* restore_examples =
    R"(  ringbook restore /mnt/backups/ringbook-monday --data ./ringbook-data
  ringbook restore /mnt/backups/ringbook-monday --store-file store-url

A database must have no people yet; what is in it counts when all of it is there.)";

inline constexpr const char* copy_examples =
    R"(  ringbook copy --from sqlite:/var/lib/ringbook --store-file store-url
  ringbook copy --store-file store-url --to sqlite:./ringbook-data

People, numbers and their whole history, from a folder that no server holds into a new database,
or from a database, also while servers use it, into a new folder. The URL that is not given is
that of --store or --store-file. What is made counts when all of it is there.)";

inline constexpr const char* token_examples =
    R"help(  curl -H "Authorization: Bearer $(ringbook token)" http://localhost:2000/v1/users
  ringbook token --role user --subject alice --expires-in 5m)help";

inline constexpr const char* export_examples = R"(  ringbook export > people.csv
  ringbook export --format jsonl --server http://localhost:2000 --token-file token)";

inline constexpr const char* import_examples = R"(  ringbook import people.csv --dry-run
  ringbook export | ringbook import - --data ./another-folder

Columns, in any order: userId, name, email, department, role, active, rcExtension. Only
userId is required; an absent column leaves that field alone, an empty cell (CSV) or null
(JSON Lines) clears it. Lists of other programs are known by their header lines (--lists
shows which) and name people by e-mail, or by number and name. Commas, semicolons or tabs
separate cells. The file is imported as a whole or not at all. No server may hold the data
folder meanwhile.)";

inline constexpr const char* doctor_examples = R"(  ringbook doctor --data /var/lib/ringbook

No server may hold the data folder meanwhile. A copy of the files is checked; TMPDIR names
the folder for it. Exit codes: 0 nothing found, 1 only what loses nothing, 4 damage.)";

inline constexpr const char* number_history_examples = R"(  ringbook number history 1234
  ringbook number history 1234 --at 2026-11-02
)";

inline constexpr const char* user_history_examples = R"(  ringbook user history ada@example.com
  ringbook user history ada@example.com --at 2026-11-02
)";

inline constexpr const char* history_note = R"(
A date means its end in UTC, an instant (2026-11-02T10:00:00+01:00) that very millisecond; the
answer says which instant it was.)";

}  // namespace ringbook
