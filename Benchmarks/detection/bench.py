#!/usr/bin/env python3
"""Compare `assay score` with PyOD's detectors over the tables, in both settings.

    python3 bench.py --assay ASSAY --tables DIR --peers FILE.json

Peers' results come from peers.py. A method that failed on a table, or took more than a minute,
has no value there: its means are over the tables it finished, and its rank there is the last.
"""

import argparse
import csv
import json
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

import protocol
from peers import METHODS


def write(path, values, labels=None):
    header = [f"x{column}" for column in range(values.shape[1])]
    rows = values.tolist() if labels is None else np.column_stack([values, labels]).tolist()
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header if labels is None else [*header, "label"])
        writer.writerows(rows)


def score(assay, table, train, work):
    """Raw scores of a table, and the seconds of the whole process, files and all."""
    write(work / "table.csv", table)
    command = [assay, "score", work / "table.csv", "--out", work / "scores.csv"]
    if train is not None:
        write(work / "train.csv", train)
        command += ["--train", work / "train.csv"]
    start = time.perf_counter()
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    raw = np.loadtxt(work / "scores.csv", delimiter=",", skiprows=1, usecols=1, ndmin=1)
    return raw, seconds


def measure(assay, values, labels, setting):
    results = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if setting == "U":
            raw, seconds = score(assay, values, None, work)
            return [*protocol.quality(labels, raw), seconds]
        for seed in protocol.SEEDS:
            train, scored, truth = protocol.split(values, labels, seed)
            raw, seconds = score(assay, scored, train, work)
            results.append([*protocol.quality(truth, raw), seconds])
    return [float(x) for x in np.mean(results, axis=0)]


def ranks(results, methods, names, setting, place):
    """Mean rank of each method over the tables; ties share, a missing value is last."""
    table = np.array([[(results.get(f"{setting}/{name}/{method}") or [-1, -1, 0])[place]
                       for method in methods] for name in names])
    better = (table[:, None, :] > table[:, :, None]).sum(axis=2)
    equal = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    return (better + (equal + 1) / 2).mean(axis=0)


def report(results, names, setting):
    methods = ["Assay", *METHODS]
    rank = ranks(results, methods, names, setting, 0)
    title = "contaminated (U)" if setting == "U" else "clean-trained (S)"
    print(f"\n{title}, {len(names)} tables\n")
    print("| method | tables | AUROC | AUPRC | mean rank | seconds |")
    print("|---|---:|---:|---:|---:|---:|")
    lines = []
    for place, method in enumerate(methods):
        own = [results.get(f"{setting}/{name}/{method}") for name in names]
        own = [one for one in own if one]
        auroc, auprc, seconds = np.mean(own, axis=0)
        lines.append((auroc, f"| {method} | {len(own)} | {auroc:.4f} | {auprc:.4f} "
                      f"| {rank[place]:.2f} | {seconds:.2f} |"))
    for _, line in sorted(lines, reverse=True):
        print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assay", type=Path, required=True)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--settings", default="US")
    options = parser.parse_args()
    results = json.loads(options.peers.read_text()) if options.peers.exists() else {}
    names = protocol.names(options.tables)
    for setting in options.settings:
        for name in names:
            results[f"{setting}/{name}/Assay"] = measure(
                options.assay.resolve(), *protocol.load(options.tables, name), setting)
        report(results, names, setting)


if __name__ == "__main__":
    main()
