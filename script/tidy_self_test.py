"""Proves that every rule of script/tidy can fail: a small tree is clean, and each plant in it is
found by the rule it is for and by no other."""

import tempfile
from pathlib import Path

CLEAN = {
    "ARCHITECTURE.md": """
| room | knows | may include | libraries |
|---|---|---|---|
| `base/` | nothing | – | `POSIX` |
| `directory/` | the product | `base` | – |
| `http/` | sockets | `base` | `boost/asio`, `boost/beast` |
| `cli/` | argv | `base`, `directory`, `http` | `CLI/`, `POSIX` |
| `fuzz/` | parsers | `base`, `directory` | `boost/json` |
""",
    "README.md": "See [the map](ARCHITECTURE.md) and [the web](https://example.com/).\n",
    "docs/api.md": "- **[PUT-1] Order.** First this, then that; see [PUT-1].\n",
    "docs/operations.md": "`listening`, `ringbook_users`\n<!-- limits: made -->\n"
    "| limit | value | what it bounds, and what the other side sees |\n"
    "|---|---|---|\n"
    "| **HTTP** | | |\n"
    "| `head_bytes`<br>`body_bytes` | 16 KiB<br>1 MiB | Octets. Over it: 413. |\n"
    "| `head_time` | 10 s | A deadline. |\n"
    "| `life` | 48 hours | Of a token. |\n"
    "| `users`<br>`slow` | 1,000<br>750 | People, and many. |\n"
    "<!-- end of limits -->\n",
    "src/base/limits.h": """// Bounds.
#pragma once
// --- HTTP ---------
// Octets.
// Over it: 413.
inline constexpr std::size_t head_bytes = 16 * 1024;
inline constexpr std::size_t body_bytes = 1024 * 1024;
// A deadline.
inline constexpr auto head_time = 10s;
// Of a token.
inline constexpr auto life = std::chrono::hours{24 * 2};
// People, and many.
inline constexpr std::size_t users = 1'000;
inline constexpr std::size_t slow = users / 4 * 3;
""",
    "src/base/clock.cpp": "#include <time.h>\nauto now() { return system_clock::now(); }\n",
    "src/base/CMakeLists.txt": "room(base SOURCES clock.cpp)\n",
    "src/directory/user.h": '#pragma once\n#include <string>\n#include "base/limits.h"\n'
    "using namespace std::chrono_literals;\n// It's time (to throw a getenv) away.\n"
    "inline constexpr int big = 1'000'000;\nint read_time(int downtime);\n",
    "src/directory/user.cpp": '#include "directory/user.h"\nconst char* s = "throw cout <<";\n',
    "src/directory/user_test.cpp": '#include <gtest/gtest.h>\n#include "directory/user.h"\n'
    '#include "support/fake.h"\n// [PUT-1]\n',
    "src/directory/CMakeLists.txt": "room(directory SOURCES user.cpp TESTS user_test.cpp)\n",
    "src/http/adapter.cpp": "#include <boost/asio.hpp>\n#include <boost/beast/http/parser.hpp>\n"
    'void f() { log.info("listening"); gauge("ringbook_users"); }\n',
    "src/http/CMakeLists.txt": "room(http SOURCES adapter.cpp)\n",
    "src/cli/main.cpp": '#include <unistd.h>\n#include <CLI/CLI.hpp>\n#include "http/x.h"\n'
    'auto home = std::getenv("HOME");\n',
    "src/cli/CMakeLists.txt": "room(cli SOURCES main.cpp)\n",
    "fuzz/user_fuzz.cpp": '#include <boost/json.hpp>\n#include "directory/user.h"\n'
    '#include "fuzz/target.h"\n#include "support/fake.h"\n',
    "fuzz/target.h": "#pragma once\n",
    "fuzz/corpus/user/seed": "TO" "DO [PUT-99]\n",
    "fuzz/CMakeLists.txt": "fuzz_target(user SOURCES user_fuzz.cpp)\n",
    "tests/support/fake.h": "#pragma once\n",
    "tests/http/split_test.cpp": "// [PUT-1]\n",
    "tests/http/CMakeLists.txt": "suite(http_test SOURCES split_test.cpp)\n",
}

USER, USER_TEST, ADAPTER = "src/directory/user.cpp", "src/directory/user_test.cpp", "src/http/adapter.cpp"
# (rule, file, what is added to it)
PLANTS = [
    ("rooms", USER, '#include "http/server.h"\n'),
    ("rooms", USER, '#include "user.h"\n'),
    ("rooms", USER, "#include <CLI/CLI.hpp>\n"),
    ("rooms", USER, "#include <boost/json.hpp>\n"),
    ("rooms", USER, "#include <unistd.h>\n"),
    ("rooms", USER, "#include <fstream>\n"),
    ("rooms", USER, "#include <gtest/gtest.h>\n"),
    ("rooms", USER, '#include "support/fake.h"\n'),
    ("rooms", USER_TEST, '#include "cli/main.h"\n'),
    ("rooms", ADAPTER, '#include "directory/user.h"\n'),
    ("rooms", "src/base/limits.h", '#include "directory/user.h"\n'),
    ("rooms", USER_TEST, '#include "fuzz/target.h"\n'),
    ("rooms", "fuzz/user_fuzz.cpp", '#include "http/server.h"\n'),
    ("rooms", "fuzz/user_fuzz.cpp", "#include <unistd.h>\n"),
    ("rooms", "src/attic/old.h", "#pragma once\n"),
    ("one-beast", "src/http/server.h", "#pragma once\n#include <boost/beast/core.hpp>\n"),
    ("environment", USER, 'auto x = std::getenv("HOME");\n'),
    ("clock", USER, "auto x = std::chrono::steady_clock::now();\n"),
    ("clock", USER, "auto x = time(nullptr);\n"),
    ("clock", USER_TEST, "auto x = std::time(nullptr);\n"),
    ("throw", USER_TEST, "throw 1;\n"),
    ("using-namespace", USER, "using namespace std;\n"),
    ("sleep", "tests/http/split_test.cpp", "std::this_thread::sleep_for(1s);\n"),
    ("sleep", USER_TEST, "usleep(1);\n"),
    ("coroutine", USER, "co_await x;\n"),
    ("print", USER, "std::cout << 1;\n"),
    ("print", USER, 'printf("x");\n'),
    ("descriptor", USER, "int d = ::open(p, 0);\n"),
    ("descriptor", USER, "auto s = std::strerror(e);\n"),
    ("descriptor", USER, "bool b = errno == EDQUOT;\n"),
    ("macro", USER, "  # define X 1\n"),
    ("unfinished", "script/x.sh", "# TO" "DO later\n"),
    ("pragma-once", "src/base/error.h", "int x;\n"),
    ("built", "src/directory/lost.cpp", "int x;\n"),
    ("built", "tests/http/deep/lost_test.cpp", "int x;\n"),
    ("built", "fuzz/lost_fuzz.cpp", "int x;\n"),
    ("untested-requirement", "docs/http.md", "- **[HTTP-2]** Lines end in CRLF.\n"),
    ("unknown-requirement", USER_TEST, "// [PUT-99]\n"),
    ("unknown-requirement", "README.md", "See [STORE-3].\n"),
    ("requirement-in-code", USER, "// [PUT-1]\n"),
    ("requirement-in-code", USER, "// as PUT-1 says\n"),
    ("dead-link", "docs/api.md", "[gone](../GONE.md#part)\n"),
    ("undocumented", ADAPTER, 'auto& c = counter("ringbook_calls_total");\n'),
    ("undocumented", ADAPTER, 'void g() { log_.warning(\n"odd"); }\n'),
    ("undocumented", ADAPTER, 'void g() { log.debug("odd"); }\n'),
    ("undocumented", ADAPTER, 'auto& c = gauge("process_threads");\n'),
    ("no-such-sign", "docs/operations.md", "| event | means |\n|---|---|\n| `gone` | it left |\n"),
    ("no-such-sign", "docs/operations.md",
     "\n| metric | is |\n|---|---|\n| `ringbook_users`, `ringbook_dogs` | `all` |\n"),
    ("limits-table", "src/base/limits.h", "inline constexpr std::size_t more = 1;\n"),
]


def write(root, path, text, mode="w"):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open(mode, encoding="utf-8") as out:
        out.write(text)


def found_in_tree(tree_type, findings, plant=None):
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in CLEAN.items():
            write(root, path, text)
        if plant:
            write(root, *plant, mode="a")
        return list(findings(tree_type(root)))


def self_test(tree_type, findings, rules):
    failures = [f"the clean tree: {text}" for _, text in found_in_tree(tree_type, findings)]
    for name, path, text in PLANTS:
        found = {rule for rule, _ in found_in_tree(tree_type, findings, (path, text))}
        if found != {name}:
            failures.append(f"{text!r} in {path}: expected {name}, found {sorted(found) or 'nothing'}")
    for name in rules.keys() - {name for name, _, _ in PLANTS}:
        failures.append(f"{name}: no plant proves that it can fail")
    print("\n".join(failures + [f"tidy: {len(PLANTS)} plants, {len(failures)} failures"]))
    return 1 if failures else 0
