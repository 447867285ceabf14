"""Measures reads of histories in a directory with ten million changes; see script/bench --history.

The data is made by the product: imports that give every person another number each time, then a
server on which one person is given ten numbers in turn until the changes are as many as wanted. One
client asks, one request after the other, while nothing else runs; a round asks each kind so many
times and gives one p50 and one p99 in milliseconds.
"""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from datetime import datetime, timezone

import run

HOT_SHARE = 10  # One change in so many is of the one person.
HOT_SECONDS = 5  # Of one load of wrk.
FIRST_NUMBER = 1_000_000_000
HOT_USER = "64b7f1a2e4b0a5d3f9ffffff"
HOT_NUMBERS = [f"9900{digit}" for digit in range(10)]


def user_id(number):
    return f"64b7f1a2e4b0a5d3f9{number:06x}"


def change_numbers(data, users, round_number):
    """Gives every person another number; each number was somebody else's before."""
    file = run.WORK / "numbers.csv"
    with open(file, "w", encoding="ascii") as out:
        out.write("userId,rcExtension\n")
        for i in range(users):
            out.write(f"{user_id(i)},{FIRST_NUMBER + (i + round_number * 7919) % users}\n")
    run.run_ringbook("import", "--data", data, file)
    file.unlink()


def make_data(bench):
    options = bench.options
    data = run.WORK / "history"
    shutil.rmtree(data, ignore_errors=True)
    file = run.users_file("history", options.large)
    with open(file, "a", encoding="ascii") as out:
        out.write(f"{HOT_USER},Hot,,,\n")
    run.run_ringbook("import", "--data", data, file)
    rounds = options.changes * (HOT_SHARE - 1) // HOT_SHARE // options.large
    for number in range(1, rounds):
        print(f"bench: change {number} of everybody", file=sys.stderr)
        change_numbers(data, options.large, number)
    server = run.Ringbook(data, bench.secret)
    while server.metric("ringbook_last_change") < options.changes:
        subprocess.run(
            ["wrk", "-t1", "-c64", f"-d{HOT_SECONDS}s", "-s", run.BENCH / "hot.lua",
             f"http://127.0.0.1:{server.port}", "--", bench.token, HOT_USER],
            stdout=subprocess.DEVNULL, check=True)
    server.wait_for_fold()
    changes = int(server.metric("ringbook_last_change"))
    server.stop()
    return data, changes


class Client:
    """One connection that is kept; a request and its whole answer take the time that is measured."""

    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = f" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"

    def get(self, path):
        """Gives the milliseconds and the body."""
        request = f"GET {path}{self.head}".encode()
        start = time.perf_counter()
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.read()
        head, _, body = answer.partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                      if line.lower().startswith(b"content-length:"))
        while len(body) < length:
            body += self.read()
        took = (time.perf_counter() - start) * 1000
        if not head.startswith(b"HTTP/1.1 200 "):
            sys.exit(f"bench: {path} gave {head!r} {body!r}")
        return took, body

    def read(self):
        some = self.socket.recv(1 << 20)
        if not some:
            sys.exit("bench: the server closed the connection")
        return some


def instant(milliseconds):
    time_of_day = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return time_of_day.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment_of(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000


def span_of(client, data):
    """The milliseconds of the hot person's oldest change and of now, and cursors on the way."""
    oldest = now = time.time() * 1000
    cursors = []
    path = f"/v1/users/{HOT_USER}/history?limit=500"
    cursor = ""
    while cursor is not None:
        page = json.loads(client.get(path + (f"&cursor={cursor}" if cursor else ""))[1])
        oldest = moment_of(page["data"][-1]["at"])
        cursor = page["next"]
        if cursor and random.random() < 0.05:
            cursors.append(cursor)
    return oldest, now, cursors


def kinds_of(options, hot_begin, begin, now, cursors):
    """Gives {what is asked: a function that makes a path}."""
    def somebody():
        return user_id(random.randrange(options.large))

    def some_number():
        return FIRST_NUMBER + random.randrange(options.large)

    def at(since):
        return instant(random.uniform(since, now))

    hot = f"/v1/users/{HOT_USER}/history"
    return {
        "page of 50, person": lambda: f"/v1/users/{somebody()}/history",
        "page of 50, number": lambda: f"/v1/extensions/{some_number()}/history",
        "page of 50, person with very many changes":
            lambda: f"{hot}?cursor={random.choice(cursors)}",
        "page of 500, person with very many changes":
            lambda: f"{hot}?limit=500&cursor={random.choice(cursors)}",
        "page of 50, number with very many holdings":
            lambda: f"/v1/extensions/{random.choice(HOT_NUMBERS)}/history",
        "moment, person": lambda: f"/v1/users/{somebody()}/history?at={at(begin)}",
        "moment, number": lambda: f"/v1/extensions/{some_number()}/history?at={at(begin)}",
        "moment, person with very many changes": lambda: f"{hot}?at={at(hot_begin)}",
        "moment, number with very many holdings":
            lambda: f"/v1/extensions/{random.choice(HOT_NUMBERS)}/history?at={at(hot_begin)}",
    }


def forget_pages(data):
    """Lets the system drop what it has of the files, so that reads go to the disk."""
    for name in ("journal.db", "directory.db"):
        file = os.open(data / name, os.O_RDONLY)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def percentile(sorted_values, share):
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


def measure_round(bench, client, kinds, prefix, reads, before_each, rows):
    for name, path in kinds.items():
        before_each()

        def ask():
            return sorted(client.get(path())[0] for _ in range(reads))

        took, share = run.foreign_share_during(ask)
        bench.disturbed += share > run.FOREIGN_SHARE
        for figure, target, value in (("p50", "", percentile(took, 0.5)),
                                      ("p99", "≤ 10", percentile(took, 0.99))):
            rows.setdefault(f"{figure}, ms, {prefix}{name}", (target, []))[1].append(value)


def measure_all(options):
    bench = run.Bench(options)
    data, changes = make_data(bench)
    server = run.Ringbook(data, bench.secret)
    client = Client(server.port, bench.token)
    hot_begin, now, cursors = span_of(client, data)
    begin = moment_of(json.loads(
        client.get(f"/v1/users/{user_id(0)}/history")[1])["data"][-1]["at"])
    kinds = kinds_of(options, hot_begin, begin, now, cursors)
    rows = {}
    for number in range(options.rounds):
        print(f"bench: round {number + 1} of {options.rounds}", file=sys.stderr)
        run.wait_for_quiet()
        measure_round(bench, client, kinds, "", options.reads, lambda: None, rows)
        moments = {name: path for name, path in kinds.items() if name.startswith("moment")}
        measure_round(bench, client, moments, "from the disk, ", options.reads // 10,
                      lambda: forget_pages(data), rows)
    print(f"\n{changes:,} changes, {options.large:,} people; journal.db has"
          f" {(data / 'journal.db').stat().st_size / 1e6:.0f} MB.")
    run.print_table(bench.disturbed, rows, options.rounds)
    server.stop()
    if not options.keep:
        shutil.rmtree(data)


def parse_options():
    parser = run.parser_of("--history", __doc__)
    parser.add_argument("--quick", action="store_true", help="one round, a tenth of the data")
    parser.add_argument("--reads", type=int, default=2000, help="of each kind in a round")
    parser.add_argument("--large", type=int, default=1_000_000, help="people, a power of ten")
    parser.add_argument("--changes", type=int, default=10_000_000)
    parser.add_argument("--keep", action="store_true", help="leave the data folder")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.large, options.changes = 1, 100_000, 1_000_000
        run.QUIET_PATIENCE = 5
    return options


if __name__ == "__main__":
    run.to_the_end(lambda: measure_all(parse_options()))
