"""Measures Ringbook's PUT beside nginx and prints a Markdown table of ratios; see script/bench.

Every request of wrk is a real change (bench/put.lua). A round runs each load once, nginx first, and
gives one ratio per row; the table shows the median and the spread of the rounds. A run during which
other processes used the CPU is repeated; nothing else about a run can make it be repeated.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import tokens

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench"
WORK = ROOT / "build" / "bench"
RINGBOOK = ROOT / "build" / "release" / "ringbook"
ROUTE = "/user/update-rcextension"

TICK = 1 / os.sysconf("SC_CLK_TCK")
FOREIGN_SHARE = 0.05  # Of one core; above it a run is disturbed.
REPEATS = 5
QUIET_PATIENCE = 600  # Seconds to wait for the CPU to be left alone before a run.
STEPS_PER_RUN = 10_000_000  # More than any run makes, so that no number is given twice.
FOLD_PATIENCE = 60
NEW_TOKENS = 20_000  # More than the server remembers, so that each is new when it comes again.
NEW_TOKEN_TARGETS = {"RS256": "≤ 3", "ES256": "≤ 7"}


# --- processes and their CPU ----------------------------------------------------------------------


def processes():
    """Gives {pid: (parent, own CPU seconds, with reaped children, is a kernel thread)}."""
    table = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        user, system, children_user, children_system = map(int, fields[11:15])
        own = (user + system) * TICK
        total = own + (children_user + children_system) * TICK
        table[int(folder.name)] = (int(fields[1]), own, total, bool(int(fields[6]) & 0x200000))
    return table


def descendants(table, root):
    found = {root}
    while True:
        more = {pid for pid, row in table.items() if row[0] in found} - found
        if not more:
            return found
        found |= more


def foreign_cpu():
    """CPU seconds that processes other than ours have used."""
    table = processes()
    ours = descendants(table, os.getpid())
    return sum(row[2] for pid, row in table.items() if pid not in ours and not row[3])


def foreign_share_during(action):
    """Gives what `action` gives, and the share of a core that others used meanwhile."""
    foreign, start = foreign_cpu(), time.monotonic()
    result = action()
    return result, (foreign_cpu() - foreign) / (time.monotonic() - start)


def wait_for_quiet():
    deadline = time.monotonic() + QUIET_PATIENCE
    while foreign_share_during(lambda: time.sleep(2))[1] > FOREIGN_SHARE:
        if time.monotonic() > deadline:
            break


class Server:
    """A server process; CPU is that of all its threads and children."""

    running = []

    def __init__(self, command, log):
        with open(log, "wb") as out:
            self.process = subprocess.Popen(command, stderr=out, stdout=out)
        self.running.append(self)
        self.port = None

    def cpu(self):
        table = processes()
        return sum(table[pid][1] for pid in descendants(table, self.process.pid) if pid in table)

    def changes(self):
        """How many changes and reads the server says it answered."""
        return 0

    def wait_for_fold(self):
        """Waits until everything is where it belongs; gives the seconds it took."""
        return 0.0

    def stop(self):
        self.running.remove(self)
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


class Nginx(Server):
    def __init__(self):
        folder = WORK / "nginx"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        config = (BENCH / "nginx.conf").read_text().replace("@PORT@", str(port))
        (folder / "nginx.conf").write_text(config)
        nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        super().__init__([nginx, "-p", folder, "-c", "nginx.conf"], folder / "log")
        self.port = port
        wait_until(lambda: get(port, "/healthz") is not None, "nginx to listen")


class Ringbook(Server):
    def __init__(self, data, secret, *more):
        self.log_path = WORK / f"{data.name}.log"
        super().__init__(
            [RINGBOOK, "serve", "--data", data, "--listen", "127.0.0.1:0",
             "--jwt-secret-file", secret, "--log-format", "json", *more],
            self.log_path,
        )
        wait_until(self.find_port, "ringbook to listen")

    def find_port(self):
        if self.process.poll() is not None:
            sys.exit(f"bench: ringbook ended:\n{self.log_path.read_text()}")
        found = re.search(r'"event":"listening".*"port":(\d+)', self.log_path.read_text())
        self.port = int(found.group(1)) if found else None
        return self.port

    def metric(self, name, **labels):
        """The sum of the samples of `name` that have these labels."""
        total = 0.0
        for sample in re.finditer(rf"^{name}(\{{.*\}})? (\S+)$", get(self.port, "/metrics"), re.M):
            if all(f'{key}="{value}"' in (sample.group(1) or "") for key, value in labels.items()):
                total += float(sample.group(2))
        return total

    def changes(self):
        return sum(int(self.metric("ringbook_http_requests_total", route=route, status="200"))
                   for route in (ROUTE, "/v1/users/{userId}"))

    def wait_for_fold(self):
        start = time.monotonic()
        while self.metric("ringbook_unfolded_changes") > 0:
            if time.monotonic() - start > FOLD_PATIENCE:
                break
            time.sleep(0.05)
        return time.monotonic() - start

    def resident_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) * 1024


def get(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.read().decode()
    except OSError:
        return None


def wait_until(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"bench: waited 60 s for {what}")
        time.sleep(0.02)


# --- one run --------------------------------------------------------------------------------------


def users_file(name, count):
    WORK.mkdir(parents=True, exist_ok=True)
    file = WORK / f"{name}.csv"
    with open(file, "wb") as out:
        subprocess.run(["awk", "-v", f"users={count}", "-f", BENCH / "users.awk"],
                       stdout=out, check=True)
    return file


# What the sqlite3 shell is given to import the same file; both end with everything on the disk.
SQLITE_IMPORT = """\
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE people (userId TEXT PRIMARY KEY, name TEXT, email TEXT, department TEXT,
                     rcExtension TEXT UNIQUE);
.import --csv --skip 1 {file} people
"""


def measure_import(options):
    """Prints how long an import takes beside the sqlite3 shell importing the same file."""
    file = users_file("import", options.large)
    ratios = []
    for _ in range(options.rounds):
        data, database = WORK / "import", WORK / "import.db"
        shutil.rmtree(data, ignore_errors=True)
        for old in WORK.glob("import.db*"):
            old.unlink()
        wait_for_quiet()
        begun = time.monotonic()
        subprocess.run(["sqlite3", database], input=SQLITE_IMPORT.format(file=file), text=True,
                       stdout=subprocess.DEVNULL, check=True)
        shell = time.monotonic() - begun
        wait_for_quiet()
        begun = time.monotonic()
        run_ringbook("import", "--data", data, file)
        ratios.append((time.monotonic() - begun) / shell)
    print_table(0, {f"import of {options.large:,} users / sqlite3 .import": ("≤ 1.5", ratios)},
                options.rounds)


class Bench:
    def __init__(self, options):
        self.options = options
        self.step = 0
        self.disturbed = 0
        self.pause = 0  # Milliseconds that each connection waits before a request.
        WORK.mkdir(parents=True, exist_ok=True)
        self.secret = WORK / "secret"
        self.secret.touch(mode=0o600)
        self.secret.write_text(secrets.token_hex(32))
        self.token = run_ringbook(
            "token", "--jwt-secret-file", self.secret, "--audience", tokens.AUDIENCE,
            "--subject", "64b7f1a2e4b0a5d3f9c12345", "--claim", "purpose=bench",
        ).strip()
        self.keys = WORK / "keys.json"
        self.issue_tokens()

    def issue_tokens(self):
        """For each algorithm a file with one token and one with many, all good for self.keys."""
        issuers = {name: make() for name, make in tokens.ISSUERS.items()}
        self.keys.write_text(json.dumps({"keys": [each.jwk for each in issuers.values()]}))
        for name, issuer in issuers.items():
            issued = list(tokens.issue(issuer, NEW_TOKENS))
            (WORK / f"{name}.new").write_text("\n".join(issued))
            (WORK / f"{name}.repeated").write_text(issued[0])

    def import_users(self, name, count):
        data, file = WORK / name, users_file(name, count)
        shutil.rmtree(data, ignore_errors=True)
        run_ringbook("import", "--data", data, file)
        return data

    def wrk(self, server, connections, seconds, users, token, reads):
        self.step += STEPS_PER_RUN
        out = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", BENCH / "put.lua",
             f"http://127.0.0.1:{server.port}", "--", token or self.token, str(users), str(self.step),
             str(self.pause), str(reads)],
            stdout=subprocess.PIPE, text=True, check=True,
        ).stdout
        return {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", out.partition("bench ")[2])}

    def measure(self, server, connections, seconds, users, token=None, reads=0):
        """One undisturbed run: wrk's figures, the rate, CPU seconds per answer, fold seconds.

        `token` is @ and a file of tokens to use in turn; without it all requests bear one HS256 token.
        Of ten requests `reads` read a user instead.
        """
        for _ in range(1 if self.options.quick else REPEATS):
            if not self.options.quick:
                wait_for_quiet()
            cpu, changes = server.cpu(), server.changes()
            result, share = foreign_share_during(
                lambda: self.wrk(server, connections, seconds, users, token, reads)
            )
            result["fold"] = server.wait_for_fold()
            result["rate"] = result["requests"] / result["microseconds"] * 1e6
            result["cpu"] = (server.cpu() - cpu) / result["requests"]
            # At the end wrk drops what is under way: one request for each connection.
            unread = server.changes() - changes - result["requests"]
            is_wrong = isinstance(server, Ringbook) and not 0 <= unread <= connections
            if result["errors"] or is_wrong:
                sys.exit(f"bench: not every request was answered as it should: {unread} unread, {result}")
            if share <= FOREIGN_SHARE:
                return result
            print(f"bench: other processes used {share:.0%} of a core", file=sys.stderr)
        self.disturbed += 1
        return result


def run_ringbook(*arguments):
    return subprocess.run([RINGBOOK, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, check=True).stdout


# --- rounds and the table -------------------------------------------------------------------------


def measure_round(bench, nginx, small, large, rows):
    """Runs each load once and adds one value to each row: (target, values)."""
    options = bench.options

    def add(name, target, value):
        rows.setdefault(name, (target, []))[1].append(value)

    def compare(name, run, reference, rate, cpu, p99):
        add(f"PUT / nginx, {name}", rate, run["rate"] / reference["rate"])
        add(f"CPU per PUT / nginx's, {name}", cpu, run["cpu"] / reference["cpu"])
        add(f"p99 / nginx's, {name}", p99, run["p99"] / reference["p99"])

    reference = bench.measure(nginx, 64, options.seconds, options.small)
    add("longest gap between answers, ms, nginx, c=64", "", reference["gap"] / 1000)
    few = bench.measure(small, 64, options.seconds, options.small)
    compare(f"c=64, {options.small:,} users", few, reference, "≥ 0.70", "≤ 1.4", "≤ 3")
    add(f"longest gap between answers, ms, c=64, {options.small:,} users", "", few["gap"] / 1000)

    run = bench.measure(large, 64, options.seconds, options.large)
    compare(f"c=64, {options.large:,} users", run, reference, "≥ 0.65", "≤ 1.4", "≤ 5")
    add(f"CPU per PUT, {options.large:,} users / {options.small:,}", "≤ 1.2", run["cpu"] / few["cpu"])

    run = bench.measure(large, 64, options.long_seconds, options.large)
    name = f"c=64, {options.large:,} users, {options.long_seconds} s"
    compare(name, run, reference, "≥ 0.65", "≤ 1.4", "≤ 5")
    add(f"longest gap between answers, ms, {name}", "≤ 50", run["gap"] / 1000)
    add(f"last 5 s / first 5 s, {name}", "≥ 0.95", run["last"] / run["first"])
    add(f"seconds until all is folded, {name}", "≤ 5", run["fold"])

    reference = bench.measure(nginx, 256, options.seconds, options.small)
    run = bench.measure(small, 256, options.seconds, options.small)
    compare(f"c=256, {options.small:,} users", run, reference, "≥ 0.85", "≤ 1.3", "")

    reference = bench.measure(nginx, 64, options.seconds, options.small, reads=9)
    run = bench.measure(small, 64, options.seconds, options.small, reads=9)
    name = "nine of ten requests read, c=64"
    add(f"rate / nginx, {name}", "≥ 0.75", run["rate"] / reference["rate"])
    add(f"CPU per request / nginx's, {name}", "≤ 1.3", run["cpu"] / reference["cpu"])
    add(f"p99 / nginx's, {name}", "", run["p99"] / reference["p99"])

    reference = bench.measure(nginx, 1, options.seconds, options.small)
    sync = sync_microseconds()
    run = bench.measure(small, 1, options.seconds, options.small)
    add("p50 / (nginx's + one fdatasync), c=1", "≤ 1.0", run["p50"] / (reference["p50"] + sync))
    add("one fdatasync after 4 KiB, p50, µs", "", sync)

    reference = bench.measure(small, 64, options.seconds, options.small)
    for name in tokens.ISSUERS:
        for use, target in {"repeated": "≤ 1.1", "new": NEW_TOKEN_TARGETS[name]}.items():
            token = f"@{WORK / name}.{use}"
            run = bench.measure(small, 64, options.seconds, options.small, token)
            add(f"CPU per PUT / HS256's, {name}, {use} tokens", target, run["cpu"] / reference["cpu"])


def sync_microseconds():
    """The p50 of overwriting 4 KiB and syncing them, where the data lies."""
    block, times = os.urandom(4096), []
    with open(WORK / "sync", "w+b") as file:
        os.pwrite(file.fileno(), block, 0)
        os.fsync(file.fileno())
        for _ in range(1000):
            begun = time.monotonic()
            os.pwrite(file.fileno(), block, 0)
            os.fdatasync(file.fileno())
            times.append(time.monotonic() - begun)
    return statistics.median(times) * 1e6


def measure_starts(bench, data, rows):
    """Adds what a start costs, in seconds from exec to `listening` and in resident memory a second
    later, beside that of an empty server."""

    def start(folder):
        wait_for_quiet()
        begun = time.monotonic()
        server = Ringbook(folder, bench.secret)
        took = time.monotonic() - begun
        time.sleep(1)
        used = server.resident_bytes()
        server.stop()
        return took, used

    empty = WORK / "empty"
    shutil.rmtree(empty, ignore_errors=True)
    users = bench.options.large
    for _ in range(bench.options.rounds):
        _, alone = start(empty)
        took, used = start(data)
        for name, target, value in (
            (f"seconds of a start, {users:,} users", "≤ 1.0", took),
            (f"resident bytes per user, {users:,} users", "≤ 200", (used - alone) / users),
            ("resident MiB of an empty server", "≤ 25", alone / 2**20),
        ):
            rows.setdefault(name, (target, []))[1].append(value)


def machine():
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} × {cpu.group(1) if cpu else os.uname().machine}, {os.uname().release}"


def commit():
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(git, stdout=subprocess.PIPE, text=True).stdout.strip() or "unknown"


def print_table(disturbed, rows, rounds):
    print(f"\nCommit {commit()}; {machine()}; rounds: {rounds}; disturbed runs kept: {disturbed}.\n")
    print("| measure | target | median | spread |\n|---|---|---|---|")
    for name, (target, values) in rows.items():
        print(f"| {name} | {target} | {statistics.median(values):.2f} |"
              f" {min(values):.2f}–{max(values):.2f} |")


def parse_options():
    parser = parser_of("", __doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, disturbed or not")
    parser.add_argument("--import", action="store_true", dest="imports",
                        help="measure only the import, against the sqlite3 shell's")
    parser.add_argument("--seconds", type=int, default=6, help="of a short run")
    parser.add_argument("--long-seconds", type=int, default=30, help="of the run with many users")
    parser.add_argument("--small", type=int, default=10_000, help="users, a power of ten")
    parser.add_argument("--large", type=int, default=1_000_000, help="users, a power of ten")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.long_seconds, options.large = 1, 2, 10, 100_000
    return options


def measure_all(options):
    bench = Bench(options)
    print("bench: importing users", file=sys.stderr)
    small_data = bench.import_users("small", options.small)
    large_data = bench.import_users("large", options.large)
    rows = {}
    measure_starts(bench, large_data, rows)

    nginx = Nginx()
    keys = ["--jwks-file", bench.keys, "--audience", tokens.AUDIENCE]
    small = Ringbook(small_data, bench.secret, *keys)
    large = Ringbook(large_data, bench.secret, *keys)
    for number in range(options.rounds):
        print(f"bench: round {number + 1} of {options.rounds}", file=sys.stderr)
        measure_round(bench, nginx, small, large, rows)
    print_table(bench.disturbed, rows, options.rounds)


def parser_of(mode, about):
    """What every kind of bench takes; `about` is its docstring."""
    parser = argparse.ArgumentParser(prog=f"script/bench {mode}".strip(),
                                     description=about.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    return parser


def to_the_end(measure):
    """Measures, and leaves no server behind, however it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: told to stop"))
    try:
        measure()
    finally:
        for server in Server.running[:]:
            server.stop()


def measure_given(options):
    measure_import(options) if options.imports else measure_all(options)


if __name__ == "__main__":
    to_the_end(lambda: measure_given(parse_options()))
