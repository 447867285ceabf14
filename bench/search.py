"""Measures searches while PUTs run at half of what the server can, and what they cost those.

A round finds the full rate of PUTs, then runs half of it alone and beside somebody who searches.
Each ratio is one within the round. See script/bench --search.
"""

import http.client
import json
import shutil
import statistics
import sys
import threading
import time
import urllib.parse

import run

CONNECTIONS = 64
PAUSE = 0.01  # Seconds between a page and the next question.


def questions(number):
    """What somebody may look for, by kind; another person each time."""
    person = f"{number:06d}"
    return {
        "two words of a name": {"search": f"person {number}"},
        "a beginning that many share": {"search": "per"},
        "a beginning of a word": {"search": f"PERSON {number // 10}"},
        "a beginning of an address": {"search": f"person{number}"},
        "a beginning of a number": {"search": f"0{person[:5]}"},
        "a department": {"department": f"Department {number % 50}"},
        "a department and a word": {"department": f"Department {number % 50}", "search": "person"},
        "an exact address": {"email": f"person{number}@example.com"},
        "an exact number": {"extension": f"{number:09d}"},
        "a page of everybody": {},
        "nobody": {"search": "nobody has this name"},
    }


class Searcher:
    """Asks one question after the other until told to stop; keeps how long each took."""

    def __init__(self, bench, server, users):
        self.bench, self.port, self.users = bench, server.port, users
        self.times = {}
        self.wrong = None  # What an answer had that it should not.
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.ask_on, daemon=True)
        self.thread.start()

    def ask_on(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.bench.token}"}
        turn = 0
        while True:
            turn += 1
            for kind, query in questions(turn * 618033 % self.users).items():
                if self.is_over.wait(PAUSE):
                    return
                begun = time.monotonic()
                connection.request("GET", "/v1/users?" + urllib.parse.urlencode(query),
                                   headers=headers)
                answer = connection.getresponse()
                body = answer.read()
                self.times.setdefault(kind, []).append(time.monotonic() - begun)
                if not self.is_right(kind, answer.status, body):
                    self.wrong = f"bench: {query} was answered {answer.status} {body[:200]}"
                    return

    @staticmethod
    def is_right(kind, status, body):
        # A number that a PUT has taken away is found by nobody.
        return status == 200 and (
            "number" in kind or bool(json.loads(body)["data"]) == (kind != "nobody"))

    def stop(self):
        self.is_over.set()
        self.thread.join()
        if self.wrong:
            sys.exit(self.wrong)
        return self.times


def p99(values):
    return statistics.quantiles(values, n=100)[98]


def measure_round(bench, server, rows):
    options = bench.options

    def add(name, target, value):
        rows.setdefault(name, (target, []))[1].append(value)

    full = bench.measure(server, CONNECTIONS, options.seconds, options.users)
    between = CONNECTIONS / (full["rate"] / 2)  # Of the requests of one connection.
    bench.pause = max(1, round(1000 * between - full["p50"] / 1000))
    alone = bench.measure(server, CONNECTIONS, options.seconds, options.users)
    searcher = Searcher(bench, server, options.users)
    beside = bench.measure(server, CONNECTIONS, options.seconds, options.users)
    times = searcher.stop()
    bench.pause = 0

    add("PUTs alone / the full rate", "0.5", alone["rate"] / full["rate"])
    add("PUTs beside searches / alone", "≥ 0.90", beside["rate"] / alone["rate"])
    add("p50 of PUTs beside searches / alone", "≤ 1.1", beside["p50"] / alone["p50"])
    add("p99 of PUTs beside searches / alone", "", beside["p99"] / alone["p99"])
    add("searches a second", "", sum(map(len, times.values())) / (beside["microseconds"] / 1e6))
    for kind, values in times.items():
        add(f"p99 of a search, ms: {kind}", "≤ 10", 1000 * p99(values))
    add("p99 of all searches, ms", "≤ 10", 1000 * p99(sum(times.values(), [])))


def parse_options():
    parser = run.parser_of("--search", __doc__)
    parser.add_argument("--quick", action="store_true", help="one round, disturbed or not")
    parser.add_argument("--seconds", type=int, default=20, help="of one load")
    parser.add_argument("--users", type=int, default=1_000_000, help="a power of ten")
    options = parser.parse_args()
    if options.quick:
        options.rounds = 1
    return options


def measure_all(options):
    bench = run.Bench(options)
    print("bench: importing users", file=sys.stderr)
    data = bench.import_users("search", options.users)
    server = run.Ringbook(data, bench.secret)
    rows = {}
    for number in range(options.rounds):
        print(f"bench: round {number + 1} of {options.rounds}", file=sys.stderr)
        measure_round(bench, server, rows)
    run.print_table(bench.disturbed, rows, options.rounds)
    shutil.rmtree(data)


if __name__ == "__main__":
    run.to_the_end(lambda: measure_all(parse_options()))
