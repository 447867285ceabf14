"""Measures PUTs beside thousands of connections that do nothing, or as little as they can.

A round runs the same load three times: alone, beside idle connections, and beside connections that
drip the octets of a request. Each ratio is one within the round. See script/bench --siege.
"""

import resource
import shutil
import socket
import sys
import threading

import run

SPARE_DESCRIPTORS = 200
SOURCES = 8  # Loopback addresses that connections come from, so that ports last.
DRIP_INTERVAL = 2.0  # Seconds between two octets of one connection.
SLICES = 20  # Parts of the crowd that drip one after the other.

COMPLETE = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
HEAD = b"GET /healthz HTTP/1.1\r\nHost: a\r\nX: "
BODY = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"


class Crowd:
    """So many open connections; each begins with one of `openings`."""

    def __init__(self, port, count, openings):
        self.port, self.openings, self.opened = port, openings, 0
        self.sockets = [self.open() for _ in range(count)]

    def open(self):
        self.opened += 1
        connection = socket.socket()
        connection.bind((f"127.0.0.{2 + self.opened % SOURCES}", 0))
        connection.connect(("127.0.0.1", self.port))
        connection.setblocking(False)
        connection.send(self.openings[self.opened % len(self.openings)])
        return connection

    def take_answers(self):
        for connection in self.sockets:
            connection.settimeout(60)
            connection.recv(4096)

    def close(self):
        for connection in self.sockets:
            connection.close()


class DrippingCrowd(Crowd):
    """Half of them never end their head, half never their body; who is thrown out comes again."""

    def __init__(self, port, count):
        super().__init__(port, count, [HEAD, BODY])
        self.turns = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.drip, daemon=True)
        self.thread.start()

    def drip(self):
        while True:
            for i in range(self.turns % SLICES, len(self.sockets), SLICES):
                self.drip_once(i)
            self.turns += 1
            if self.is_over.wait(DRIP_INTERVAL / SLICES):
                return

    def drip_once(self, i):
        try:
            self.sockets[i].recv(4096)  # An answer: the server has had enough.
        except BlockingIOError:
            self.sockets[i].send(b"x")
            return
        except OSError:
            pass
        self.sockets[i].close()
        self.sockets[i] = self.open()

    def close(self):
        self.is_over.set()
        self.thread.join()
        super().close()


def wait_for(server, low, high):
    """Waits until the server has so many connections, the one that asks included."""
    run.wait_until(
        lambda: low <= server.metric("ringbook_http_connections") <= high,
        f"{low} to {high} connections",
    )


def bytes_per_connection(bench, data, sit):
    """Resident memory of a fresh server for each connection of the crowd that `sit` gives."""
    server = run.Ringbook(data, bench.secret)
    server.metric("ringbook_http_connections")
    before = server.resident_bytes()
    crowd = sit(server, bench.options.connections)
    used = server.resident_bytes() - before
    crowd.close()
    server.stop()
    return used / bench.options.connections


def sit_idle(server, count):
    """Each has made a request."""
    crowd = Crowd(server.port, count, [COMPLETE])
    crowd.take_answers()
    wait_for(server, count, count + 1)
    return crowd


def drip_on(server, count):
    """Each has sent an octet of its head or body after its opening."""
    crowd = DrippingCrowd(server.port, count)
    run.wait_until(lambda: crowd.turns > SLICES, "an octet from each connection")
    wait_for(server, count, sys.maxsize)
    return crowd


def measure_round(bench, server, rows):
    options = bench.options

    def load():
        return bench.measure(server, 64, options.seconds, options.small)

    alone = load()
    for name, kind in (("idle", lambda port, count: Crowd(port, count, [COMPLETE])),
                       ("dripping", DrippingCrowd)):
        crowd = kind(server.port, options.connections)
        wait_for(server, options.connections, sys.maxsize)
        beside = load()
        crowd.close()
        wait_for(server, 0, options.connections // 100)
        for what, target, value in (
            ("PUT / alone", "≥ 0.80", beside["rate"] / alone["rate"]),
            ("p99 / alone", "≤ 2", beside["p99"] / alone["p99"]),
            ("CPU per PUT / alone", "", beside["cpu"] / alone["cpu"]),
            ("longest gap between answers, ms", "", beside["gap"] / 1000),
        ):
            row = f"{what}, beside {options.connections:,} {name}"
            rows.setdefault(row, (target, []))[1].append(value)


def parse_options():
    parser = run.parser_of("--siege", __doc__)
    parser.add_argument("--quick", action="store_true", help="one round, disturbed or not")
    parser.add_argument("--seconds", type=int, default=10, help="of one load")
    parser.add_argument("--small", type=int, default=10_000, help="users, a power of ten")
    parser.add_argument("--connections", type=int, default=10_000, help="of the crowd")
    options = parser.parse_args()
    if options.quick:
        options.rounds = 1
    return options


def measure_all(options):
    needed = options.connections + SPARE_DESCRIPTORS
    limit = max(needed, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    except (OSError, ValueError):
        sys.exit(f"bench: needs {needed} descriptors; `ulimit -Hn` says how many there are")

    bench = run.Bench(options)
    print("bench: importing users", file=sys.stderr)
    data = bench.import_users("siege", options.small)
    memory = {name: bytes_per_connection(bench, data, sit)
              for name, sit in (("idle", sit_idle), ("dripping", drip_on))}
    server = run.Ringbook(data, bench.secret)
    rows = {}
    for number in range(options.rounds):
        print(f"bench: round {number + 1} of {options.rounds}", file=sys.stderr)
        measure_round(bench, server, rows)
    for name, used in memory.items():
        row = f"resident KiB per connection, {options.connections:,} {name}"
        rows[row] = ("≤ 16", [used / 1024])
    run.print_table(bench.disturbed, rows, options.rounds)
    shutil.rmtree(data)


if __name__ == "__main__":
    run.to_the_end(lambda: measure_all(parse_options()))
