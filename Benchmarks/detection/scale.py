#!/usr/bin/env python3
"""Time and memory of `assay score` on large tables, beside PyOD's KNN where that can finish.

    python3 scale.py --assay ASSAY --work DIR [--largest 1000000]

Tables have 32 correlated normal columns, one row in a hundred 6 off in one of them. Assay is timed
as a process: reading, fit, scores, p- and q-values, reasons of the top 1 %, writing. KNN is timed
without reading.
"""

import argparse
import multiprocessing
import os
import subprocess
import time
from pathlib import Path

import numpy as np
from pyod.models.knn import KNN

COLUMNS = 32
PEER_ROWS = (10_000, 40_000, 200_000)


def table(rows):
    generator = np.random.default_rng(1)
    mix = generator.standard_normal((COLUMNS, COLUMNS)) / np.sqrt(COLUMNS)
    values = generator.standard_normal((rows, COLUMNS)) @ mix
    values += 0.3 * generator.standard_normal((rows, COLUMNS))
    labels = (generator.random(rows) < 0.01).astype(int)
    strange = np.flatnonzero(labels)
    values[strange, generator.integers(0, COLUMNS, len(strange))] += 6
    return values, labels


def write(path, rows):
    values, labels = table(rows)
    with open(path, "w") as file:
        file.write(",".join(f"x{column}" for column in range(COLUMNS)) + ",label\n")
        for row, label in zip(values.tolist(), labels):
            file.write(",".join(f"{value:.6g}" for value in row) + f",{label}\n")


def run_assay(assay, path, work):
    """Seconds, peak megabytes, and what it says of its ranking."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [assay, "score", path, "--label-column", "label", "--out", work / "scores.csv",
         "--explain", work / "why.ndjson", "--top", "0.01"], stderr=subprocess.PIPE, text=True)
    message = process.stderr.read().strip()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(message)
    return time.perf_counter() - start, usage.ru_maxrss / 1000, message.split(": ", 2)[-1]


def run_knn(rows):
    values, _ = table(rows)
    start = time.perf_counter()
    KNN(n_jobs=2).fit(values)
    return time.perf_counter() - start


def elsewhere(function, *arguments):
    """Calls in a process of its own: a child's peak memory counts what its parent held."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assay", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--largest", type=int, default=1_000_000)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    print("| rows × 32 | Assay s | Assay MB | KNN s | ratio | Assay's ranking |")
    print("|---:|---:|---:|---:|---:|---|")
    last = None
    for rows in (*PEER_ROWS, options.largest):
        path = options.work / "table.csv"
        elsewhere(write, path, rows)
        seconds, megabytes, quality = run_assay(options.assay.resolve(), path, options.work)
        if rows in PEER_ROWS:
            peer = elsewhere(run_knn, rows)
            last = (rows, peer)
            note = f"{peer:.1f}"
        else:
            peer = last[1] * (rows / last[0]) ** 2
            note = f"({peer:.0f}, extrapolated with the square of the rows)"
        print(f"| {rows:,} | {seconds:.1f} | {megabytes:.0f} | {note} | {peer / seconds:.1f} "
              f"| {quality} |", flush=True)


if __name__ == "__main__":
    main()
