"""Counts what a request costs the server's loop in instructions and allocations; see script/bench.

Under valgrind's callgrind one client sends requests, one on each of its connections and then the next,
few and then many; the difference over the requests between is what one of them costs, whatever the
machine is doing. SQLite's own allocations are not counted. With --check a count that is more than 2 % above the last one that was
kept (bench/counts.tsv) is an error; --keep keeps these.
"""

import argparse
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import run

KEPT = run.BENCH / "counts.tsv"
FEW, MANY = 640, 2560  # Whole rounds of the connections.
TOLERANCE = 1.02
USERS = [f"64b7f1a2e4b0a5d3{n:08x}" for n in range(50)]
# What allocates, as callgrind names it.
ALLOCATORS = {"malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc", "memalign"}


def put(number):
    extension = 1_000_000_000 + number * 7919 % 8_999_999_999
    return "PUT", run.ROUTE, json.dumps(
        {"payload": {"userId": USERS[number % len(USERS)], "rcExtension": str(extension)}})


def read(number):
    return "GET", f"/v1/users/{USERS[number % len(USERS)]}", ""


def look(_):
    return "GET", "/healthz", ""


# What is sent, and on how many connections.
KINDS = {"PUT, c=64": (put, 64), "PUT, c=1": (put, 1), "GET of a user, c=1": (read, 1),
         "GET /healthz, c=1": (look, 1)}


class Client:
    def __init__(self, port, token):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.answers = self.socket.makefile("rb")
        self.token = token

    def ask(self, *request):
        self.send(*request)
        self.receive()

    def send(self, method, path, body):
        content = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                            f"{self.token}\r\n{content}\r\n{body}".encode())

    def receive(self):
        status, length = int(self.answers.readline().split()[1]), 0
        while (field := self.answers.readline()) != b"\r\n":
            if field.lower().startswith(b"content-length:"):
                length = int(field.split(b":")[1])
        self.answers.read(length)
        if status not in (200, 201):
            sys.exit(f"bench: a request was answered {status}")


def counted(folder, make, connections, requests):
    """Instructions and allocations of the loop in a server's life with so many requests."""
    data, secret = folder / "data", folder / "secret"
    shutil.rmtree(data, ignore_errors=True)
    for old in folder.glob("counts*"):
        old.unlink()
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_hex(32))
    server = subprocess.Popen(
        ["valgrind", "--tool=callgrind", "--separate-threads=yes",
         f"--callgrind-out-file={folder / 'counts'}", run.RINGBOOK, "serve", "--data", data,
         "--listen", "127.0.0.1:0", "--jwt-secret-file", secret, "--log-format", "json"],
        # Said here, so that the server does not start once more, where valgrind would not see it.
        env=os.environ | {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=0"}, stderr=subprocess.PIPE, text=True)
    try:
        for line in server.stderr:
            if found := re.search(r'"event":"listening".*"port":(\d+)', line):
                break
        else:
            sys.exit("bench: ringbook did not listen under valgrind")
        token = run.run_ringbook("token", "--jwt-secret-file", secret, "--subject",
                                 "64b7f1a2e4b0a5d3f9c12345", "--claim", "purpose=bench").strip()
        clients = [Client(int(found.group(1)), token) for _ in range(connections)]
        for user in USERS:
            clients[0].ask("PUT", f"/v1/users/{user}", '{"name":"A"}')
        for first in range(0, requests, connections):
            for number, client in enumerate(clients, first):
                client.send(*make(number))
            for client in clients:
                client.receive()
    finally:
        server.terminate()
        server.stderr.read()
        server.wait(timeout=60)
    return read_profile(min(folder.glob("counts*-01")))


def read_profile(path):
    """The instructions of a profile, and the calls of what allocates by anything but SQLite."""
    names, objects = {}, {}
    instructions, allocations = 0, 0
    caller_object, called = "", ""
    for line in path.read_text().splitlines():
        if line.startswith("totals:"):
            instructions = int(line.split()[1])
        elif match := re.match(r"(ob|fn|cfn)=\((\d+)\)(?: (.*))?", line):
            kind, number, name = match.groups()
            table = objects if kind == "ob" else names
            if name:
                table[number] = name
            if kind == "ob":
                caller_object = table[number]
            elif kind == "cfn":
                called = table[number].partition("'")[0]
        elif match := re.match(r"cob=\((\d+)\)(?: (.*))?", line):
            if match.group(2):
                objects[match.group(1)] = match.group(2)
        elif match := re.match(r"calls=(\d+)", line):
            if called in ALLOCATORS and "sqlite" not in caller_object:
                allocations += int(match.group(1))
    return instructions, allocations


def slope(folder, make, connections):
    few, many = counted(folder, make, connections, FEW), counted(folder, make, connections, MANY)
    return [(more - less) / (MANY - FEW) for less, more in zip(few, many)]


def main():
    parser = argparse.ArgumentParser(prog="script/bench --counts", description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="fail when a count has grown")
    parser.add_argument("--keep", action="store_true", help="keep these counts to compare with")
    options = parser.parse_args()
    # Of rows that are kept: the name and the count.
    kept = dict(line.split("\t") for line in KEPT.read_text().splitlines()) if KEPT.exists() else {}
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        for kind, load in KINDS.items():
            instructions, allocations = slope(Path(folder), *load)
            counts[f"instructions of the loop, {kind}"] = f"{instructions:.0f}"
            counts[f"allocations of the loop, {kind}"] = f"{allocations:.2f}"
    print(f"\nCommit {run.commit()}.\n\n| count | now | kept |\n|---|---|---|")
    for name, count in counts.items():
        print(f"| {name} | {count} | {kept.get(name, '')} |")
    grown = [name for name, count in counts.items()
             if float(count) > float(kept.get(name, 0)) * TOLERANCE + 0.01]
    if options.keep:
        KEPT.write_text("".join(f"{name}\t{count}\n" for name, count in counts.items()))
    if options.check and grown:
        sys.exit("bench: grown, or not kept: " + "; ".join(grown))


if __name__ == "__main__":
    main()
