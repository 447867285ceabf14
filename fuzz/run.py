"""Runs the fuzz targets and tells what they came to; see script/fuzz.

The corpus of a target grows in build/fuzz/corpus/NAME and is taken up again by the next run; it
begins with the seeds of fuzz/corpus/NAME and those that the test vectors hold. `all` begins with a
canary, a target with a planted fault: a run that does not find it proves nothing and fails.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "check" / "fuzz"
WORK = ROOT / "build" / "fuzz"
TARGETS = sorted(p.name.removesuffix("_fuzz.cpp") for p in (ROOT / "fuzz").glob("*_fuzz.cpp"))
DICTIONARIES = {"gate": "http.dict", "messages": "http.dict"}
CANARY = "canary"
CANARY_SECONDS = 60
AT_ONCE = 2
PULSE_SECONDS = 15
GRACE_SECONDS = 60  # For reading the corpus and for the last input, beyond the time that was asked for.

PULSE = re.compile(r"^#(\d+)\s.*?\bcov: (\d+)", re.M)
REASON = re.compile(r"^(ringbook: broken invariant: .*|.*runtime error: .*|.*ERROR: .*)$", re.M)
REPRODUCER = re.compile(r"Test unit written to (\S+)")


def say(text):
    print(f"fuzz: {text}", flush=True)


def counted(number, what):
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def program(name):
    return BUILD / f"{name}_fuzz"


def vectors():
    """Gives the folder of the test vectors, or nothing in a lone clone."""
    folder = Path(os.environ.get("RINGBOOK_VECTORS", ROOT / "../shared/vectors"))
    return folder.resolve() if folder.is_dir() else None


class Run:
    """One target under libFuzzer."""

    def __init__(self, name, seconds):
        self.name = name
        self.begun = time.monotonic()
        self.patience = seconds + GRACE_SECONDS
        self.log_path = WORK / "logs" / f"{name}.log"
        folders = self.prepare()
        findings = WORK / "findings" / name
        findings.mkdir(parents=True, exist_ok=True)
        words = [f"-dict={ROOT}/fuzz/{DICTIONARIES[name]}"] if name in DICTIONARIES else []
        self.log_path.parent.mkdir(exist_ok=True)
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [program(name), f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
                 "-print_final_stats=1", f"-artifact_prefix={findings}/", *words, *folders],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=WORK,
                env=os.environ | {"ASAN_OPTIONS": "quarantine_size_mb=32"})

    def prepare(self):
        """Gives the folders of the corpus; the first is the one that grows."""
        grown, seeds, kept = (WORK / "corpus" / self.name, WORK / "seeds" / self.name,
                              ROOT / "fuzz" / "corpus" / self.name)
        grown.mkdir(parents=True, exist_ok=True)
        seeds.mkdir(parents=True, exist_ok=True)
        if vectors():
            subprocess.run([BUILD / "fuzz_seeds", vectors(), self.name, seeds], check=True)
        return [folder for folder in (grown, seeds, kept) if folder.is_dir()]

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def has_ended(self):
        if self.process.poll() is None and time.monotonic() - self.begun > self.patience:
            self.process.kill()
            self.process.wait()
        return self.process.poll() is not None

    def counts(self):
        """Gives executions and edges so far."""
        pulses = PULSE.findall(self.log())
        executions, edges = pulses[-1] if pulses else (0, 0)
        return int(executions), int(edges)

    def progress(self):
        executions, edges = self.counts()
        seconds = time.monotonic() - self.begun
        return f"{self.name}: {seconds:.0f} s, {executions:,} executions, {edges:,} edges"

    def finding(self):
        """Gives what went wrong, or nothing."""
        if self.process.returncode == 0:
            return None
        reason = REASON.search(self.log())
        return reason.group(1).strip() if reason else f"exit {self.process.returncode}"

    def reproducer(self):
        written = REPRODUCER.search(self.log())
        return Path(written.group(1)) if written else None

    def explain(self):
        say(f"{self.name}: {self.finding()}")
        say(f"  log: {self.log_path.relative_to(ROOT)}")
        if self.reproducer():
            path = self.reproducer().relative_to(ROOT)
            say(f"  again: {program(self.name).relative_to(ROOT)} {path}")
            say(f"  mended: keep {path} as fuzz/corpus/{self.name}/WHAT-IT-SHOWS")


def run_all(names, seconds):
    """Runs the targets, some at once, and gives their runs in order."""
    waiting, running, ended = list(names), [], []
    next_pulse = time.monotonic() + PULSE_SECONDS
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                running.append(Run(waiting.pop(0), seconds))
                say(f"{running[-1].name}: begins, for {counted(seconds, 'second')}")
            time.sleep(0.2)
            for run in [r for r in running if r.has_ended()]:
                running.remove(run)
                ended.append(run)
                say(f"{run.progress()}, {run.finding() or 'no findings'}")
            if time.monotonic() > next_pulse:
                next_pulse += PULSE_SECONDS
                for run in running:
                    say(run.progress())
    finally:
        for run in running:
            run.process.kill()
    return sorted(ended, key=lambda run: run.name)


def canary_dies():
    """Whether the planted fault is found, and its reproducer shows it again."""
    run = run_all([CANARY], CANARY_SECONDS)[0]
    again = run.reproducer() and subprocess.run(
        [program(CANARY), run.reproducer()], capture_output=True, check=False)
    return bool(run.finding() and again and again.returncode != 0)


def report(runs):
    print(f"\n{'target':<10} {'executions':>14} {'edges':>7}  findings")
    for run in runs:
        executions, edges = run.counts()
        print(f"{run.name:<10} {executions:>14,} {edges:>7,}  {run.finding() or 'none'}")
    print(flush=True)


def main():
    parser = argparse.ArgumentParser(
        prog="script/fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Replay: build/check/fuzz/NAME_fuzz FILE. Every test run replays fuzz/corpus.")
    parser.add_argument("name", nargs="?", default="all", choices=["all", *TARGETS], metavar="NAME",
                        help="all (the default), " + ", ".join(TARGETS))
    parser.add_argument("seconds", nargs="?", type=int, default=60, metavar="SECONDS",
                        help="how long each target runs; default 60")
    arguments = parser.parse_args()
    if not vectors():
        say("NOT USED: no vectors in RINGBOOK_VECTORS or in ../shared/vectors")
    names = [arguments.name]
    if arguments.name == "all":
        names = [name for name in TARGETS if name != CANARY]
        if not canary_dies():
            say("the planted fault was not found, so nothing here would be")
            return 1
        say("the planted fault was found, as it must be")
    runs = run_all(names, arguments.seconds)
    report(runs)
    failed = [run for run in runs if run.finding()]
    for run in failed:
        run.explain()
    total = sum(run.counts()[0] for run in runs)
    say(f"{counted(len(runs), 'target')}, {counted(total, 'execution')}, "
        f"{counted(len(failed), 'finding')}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
