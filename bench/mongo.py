"""Measures PUTs on a database of MongoDB's protocol, beside a plain program that does them there.

A round runs the same load on the plain program, on one instance of Ringbook and on three, all on one
server in memory, which is told to sync nothing. Each ratio is one within the round. What it says of
Ringbook and of the plain program is true of that server; a real one costs both of them other times.
See script/bench --mongo.
"""

import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import run

PROGRAMS = run.ROOT / "tests" / "mongo" / "programs"
NODE = PROGRAMS / "node_modules" / ".bin" / "node"
JAVA = run.ROOT / "build" / "mongo" / "java_server" / "lib" / "*"
CONNECTIONS = 64


class Database(run.Server):
    def __init__(self):
        log = run.WORK / "database.log"
        super().__init__(["java", "-Xmx2g", "-XX:+UseSerialGC", "-cp", JAVA, "Main", "0"], log)
        run.wait_until(lambda: "ready" in log.read_text(), "the database to listen")
        self.port = re.search(r":(\d+)/ ready", log.read_text()).group(1)

    def url(self, name):
        return f"mongodb://127.0.0.1:{self.port}/{name}"


class Plain(run.Server):
    """tests/mongo/programs/plain_server.mjs, which says its port and nothing else."""

    def __init__(self, url, secret):
        log = run.WORK / "plain.log"
        super().__init__([NODE, PROGRAMS / "plain_server.mjs", url, secret], log)
        run.wait_until(lambda: re.fullmatch(r"\d+\n", log.read_text()), "the plain program to listen")
        self.port = int(log.read_text())


def adopt(url):
    settings = {**os.environ, "RINGBOOK_STORE": url}
    done = subprocess.run([run.RINGBOOK, "adopt"], env=settings, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: nobody was adopted:\n{done.stderr}")


def run_program(*arguments):
    subprocess.run([NODE, PROGRAMS / "people_program.mjs", *map(str, arguments)],
                   stdout=subprocess.DEVNULL, check=True)


def make_people(url, count):
    """People as bench/put.lua names them, without numbers."""
    file = run.WORK / "people.jsonl"
    with open(file, "w", encoding="utf-8") as out:
        for i in range(count):
            print(json.dumps({"userId": f"64b7f1a2e4b0a5d3f9{i:06x}", "name": f"Person {i}"}), file=out)
    run_program(url, "make", file)


def instance(name, url, secret):
    return run.Ringbook(run.WORK / "mongo" / name, secret, "--store", url)


def load(bench, servers, seconds, users):
    """The load on each of the servers at once: the connections are shared out among them."""
    results, failures = [], []

    def ask(server, share):
        try:
            results.append(bench.measure(server, share, seconds, users))
        except SystemExit as failure:  # It would end this thread alone.
            failures.append(failure)

    threads = [threading.Thread(target=ask, args=(server, CONNECTIONS // len(servers)))
               for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return {"rate": sum(each["rate"] for each in results), "p99": max(each["p99"] for each in results)}


def measure_round(bench, plain, one, three, rows):
    options = bench.options

    def add(name, target, value):
        rows.setdefault(name, (target, []))[1].append(value)

    reference = load(bench, [plain], options.seconds, options.people)
    alone = load(bench, [one], options.seconds, options.people)
    together = load(bench, three, options.seconds, options.people)
    add("PUT per second of the plain program", "", reference["rate"])
    add("PUT / the plain program", "≥ 2", alone["rate"] / reference["rate"])
    add("p99 / the plain program's", "≤ 1", alone["p99"] / reference["p99"])
    add("PUT of three instances / of one", "", together["rate"] / alone["rate"])
    add("p99 of three instances / of one", "", together["p99"] / alone["p99"])


def knows_a_holder(server, token):
    """Whether it answers who has a number, for which it has read the journal."""
    request = run.urllib.request.Request(
        f"http://127.0.0.1:{server.port}/v1/extensions/2000000000",
        headers={"Authorization": f"Bearer {token}"})
    try:
        with run.urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["state"] == "IN_USE"
    except run.urllib.error.HTTPError:
        return False


def measure_start(bench, database, rows):
    """Seconds from exec to the first answer that needs the journal, and resident memory then."""
    options = bench.options
    url = database.url("many")
    run_program(url, "many", options.many)
    adopt(url)
    for number in range(options.rounds):
        run.wait_for_quiet()
        begun = time.monotonic()
        server = instance(f"start-{number}", url, bench.secret)
        run.wait_until(lambda: knows_a_holder(server, bench.token), "the journal to be read")
        took = time.monotonic() - begun
        for name, value in (("seconds of a start", took),
                            ("resident MiB after a start", server.resident_bytes() / 2**20)):
            rows.setdefault(f"{name}, {options.many:,} people", ("", []))[1].append(value)
        server.stop()


def parse_options():
    parser = run.parser_of("--mongo", __doc__)
    parser.add_argument("--quick", action="store_true", help="one short round, disturbed or not")
    parser.add_argument("--seconds", type=int, default=10, help="of one load")
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000, help="people of a start; 0 for none")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.many = 1, 3, min(options.many, 10_000)
    return options


def measure_all(options):
    bench = run.Bench(options)
    run.shutil.rmtree(run.WORK / "mongo", ignore_errors=True)
    database = Database()
    rows = {}
    print("bench: making people", file=sys.stderr)
    for name in ("plain", "one", "three"):
        make_people(database.url(name), options.people)
        if name != "plain":
            adopt(database.url(name))
    plain = Plain(database.url("plain"), bench.secret)
    one = instance("one", database.url("one"), bench.secret)
    three = [instance(f"three-{i}", database.url("three"), bench.secret) for i in range(3)]
    print("bench: warming up", file=sys.stderr)
    for server in (plain, one, *three):
        # Of Java and Node the first seconds are others.
        bench.wrk(server, CONNECTIONS, options.seconds, options.people, None, 0)
    for number in range(options.rounds):
        print(f"bench: round {number + 1} of {options.rounds}", file=sys.stderr)
        measure_round(bench, plain, one, three, rows)
    for server in (plain, one, *three):
        server.stop()
    if options.many:
        measure_start(bench, database, rows)
    run.print_table(bench.disturbed, rows, options.rounds)


if __name__ == "__main__":
    run.to_the_end(lambda: measure_all(parse_options()))
