#!/usr/bin/env python3
"""Measure Assay beside its usual alternatives on one log, interleaved, best of three.

    python3 bench.py --assay ASSAY --log FILE --work DIR [--memory SIZE] [--rounds 3]
    python3 bench.py --assay ASSAY --scale SMALL LARGE --work DIR --memory SIZE

The first form prints a table of wall time and peak memory of `assay run`, of the DuckDB
aggregation alone, and of that aggregation followed by IsolationForest, both with exact and with
approximate quantiles and distinct counts; without `--assay` the alternatives only. The second
form runs Assay on two logs and prints how time and peak memory grow. MB is 10^6 bytes everywhere.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
TIMING = re.compile(r"timing (.+?) ([0-9.]+) s(?: ([0-9]+) bytes)?")
UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


@dataclass
class Measurement:
    """One finished process: wall seconds, peak resident bytes, and stages it reported."""
    wall: float
    peak: int
    stages: list = field(default_factory=list)  # (stage, seconds, bytes or None)


def run(command, environment=None):
    """Runs `command` to its end; its own peak memory comes from the kernel, by wait4."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               env={**os.environ, **(environment or {})}, text=True)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\nexit {process.returncode}\n{errors}")
    stages = [(m[1], float(m[2]), int(m[3]) if m[3] else None)
              for m in map(TIMING.fullmatch, errors.splitlines()) if m]
    return Measurement(wall, usage.ru_maxrss * 1024, stages)


def run_assay(options, log):
    """`assay run` into a fresh folder, so that no run finds the bundle of an earlier one."""
    out = options.work / "assay-out"
    shutil.rmtree(out, ignore_errors=True)
    command = [options.assay.resolve(), "run", "--profile", "wireless", "--out", out]
    if options.memory:
        command += ["--memory", options.memory]
    return run([*command, log], {"ASSAY_TIMINGS": "1"})


def run_script(options, name, log, *extra):
    out = options.work / (name + ".out")
    return run([sys.executable, HERE / name, log, "--out", out, *extra])


def best_of(rounds, tools):
    """The fastest run and the largest peak of each tool, the tools taking turns."""
    results = {}
    for number in range(1, rounds + 1):
        for name, tool in tools.items():
            m = tool()
            print(f"round {number} {name}: {m.wall:.2f} s, {m.peak / 1e6:.0f} MB", file=sys.stderr)
            results.setdefault(name, []).append(m)
    best = {}
    for name, runs in results.items():
        fastest = min(runs, key=lambda m: m.wall)
        best[name] = Measurement(fastest.wall, max(m.peak for m in runs), fastest.stages)
    return best


def warm(log):
    """Reads the log once, so that the first tool does not pay for the disk alone."""
    with open(log, "rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


def print_comparison(best, size):
    base = best.get("assay run")
    print("| | wall s | MB/s | peak MB | time / Assay |")
    print("|---|---|---|---|---|")
    for name, m in best.items():
        ratio = f"{m.wall / base.wall:.2f}" if base else ""
        print(f"| {name} | {m.wall:.2f} | {size / 1e6 / m.wall:.0f} | {m.peak / 1e6:.0f} "
              f"| {ratio} |")


def print_stages(m):
    """What Assay printed of its stages in its fastest run."""
    print("\n| stage | s | share | MB/s |")
    print("|---|---|---|---|")
    for stage, seconds, size in m.stages:
        rate = f"{size / 1e6 / seconds:.0f}" if size and seconds else ""
        print(f"| {stage} | {seconds:.3f} | {seconds / m.wall:.0%} | {rate} |")


def compare(options):
    log, tools = options.log, {}
    if options.assay:
        tools["assay run"] = lambda: run_assay(options, log)
    for label, extra in (("exact", ()), ("approximate", ("--approximate",))):
        for name, script in (("aggregate", "duckdb_aggregate.py"),
                             ("+ IsolationForest", "duckdb_iforest.py")):
            tools[f"DuckDB {name}, {label}"] = (
                lambda script=script, extra=extra: run_script(options, script, log, *extra))
    warm(log)
    best = best_of(options.rounds, tools)
    size = log.stat().st_size
    print(f"{log.name}: {size / 1e6:.0f} MB, {os.cpu_count()} cores, "
          f"best of {options.rounds}, interleaved\n")
    print_comparison(best, size)
    if options.assay and best["assay run"].stages:
        print_stages(best["assay run"])


def size_of(text):
    match = re.fullmatch(r"([0-9]+)(|KB|MB|GB|TB)", text)
    if not match:
        raise SystemExit(f"--memory {text}: expected bytes, or a number with KB, MB, GB or TB")
    return int(match[1]) * UNITS[match[2]]


def scale(options):
    limit = size_of(options.memory)
    logs = {log: (lambda log=log: run_assay(options, log)) for log in options.scale}
    for log in logs:
        warm(log)
    best = best_of(options.rounds, logs)
    small, large = (best[log] for log in options.scale)
    print("| log | MB | wall s | MB/s | peak MB | peak / limit |")
    print("|---|---|---|---|---|---|")
    for log, m in best.items():
        size = log.stat().st_size
        print(f"| {log.name} | {size / 1e6:.0f} | {m.wall:.2f} | {size / 1e6 / m.wall:.0f} "
              f"| {m.peak / 1e6:.0f} | {m.peak / limit:.2f} |")
    sizes = [log.stat().st_size for log in options.scale]
    print(f"\nlog x {sizes[1] / sizes[0]:.2f}: time x {large.wall / small.wall:.2f}, "
          f"peak memory x {large.peak / small.peak:.2f}, limit {limit / 1e6:.0f} MB "
          f"{'kept' if large.peak <= limit else 'exceeded'}")


def main():
    parser = argparse.ArgumentParser(description="Measure Assay beside its usual alternatives.")
    parser.add_argument("--assay", type=Path, help="the assay binary, built for release")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--scale", type=Path, nargs=2, metavar=("SMALL", "LARGE"))
    parser.add_argument("--work", type=Path, required=True, help="folder for what the runs write")
    parser.add_argument("--memory", help="passed on to assay: bytes, 512MB, 2GB")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if bool(options.log) == bool(options.scale):
        parser.error("give either --log or --scale")
    if options.scale and not (options.assay and options.memory):
        parser.error("--scale needs --assay and --memory")
    options.work.mkdir(parents=True, exist_ok=True)
    scale(options) if options.scale else compare(options)


if __name__ == "__main__":
    main()
