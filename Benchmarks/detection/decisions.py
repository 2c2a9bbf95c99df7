#!/usr/bin/env python3
"""What analysts' decisions add to the ranking of the rows they did not look at.

    python3 decisions.py --assay ASSAY --tables DIR

Each table is scored against itself; the strangest 10, 30 and 100 rows are decided as their labels
say, and the table is scored again with those decisions. AUROC and AUPRC are of the other rows,
before and after, over the tables that have both kinds among them.
"""

import argparse
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import bench
import protocol

COUNTS = (10, 30, 100)


def score(assay, work, decided):
    command = [assay, "score", work / "table.csv", "--out", work / "scores.csv"]
    if decided is not None:
        rows, labels = decided
        lines = "".join(f"{row},{label}\n" for row, label in zip(rows, labels))
        (work / "labels.csv").write_text("row,label\n" + lines)
        command += ["--labels", work / "labels.csv"]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return np.loadtxt(work / "scores.csv", delimiter=",", skiprows=1, usecols=1, ndmin=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assay", type=Path, required=True)
    parser.add_argument("--tables", type=Path, required=True)
    options = parser.parse_args()
    gains = {count: [] for count in COUNTS}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in protocol.names(options.tables):
            values, labels = protocol.load(options.tables, name)
            bench.write(work / "table.csv", values)
            before = score(options.assay.resolve(), work, None)
            order = np.argsort(-before, kind="stable")
            for count in COUNTS:
                rows, rest = order[:count], order[count:]
                if len(rest) < count or len(set(labels[rest])) < 2:
                    continue
                after = score(options.assay.resolve(), work, (rows, labels[rows]))
                gains[count].append((*protocol.quality(labels[rest], before[rest]),
                                     *protocol.quality(labels[rest], after[rest])))
    print("| decisions | tables | AUROC before | after | AUPRC before | after |")
    print("|---:|---:|---:|---:|---:|---:|")
    for count, rows in gains.items():
        a, p, b, q = np.mean(rows, axis=0)
        print(f"| {count} | {len(rows)} | {a:.4f} | {b:.4f} | {p:.4f} | {q:.4f} |")


if __name__ == "__main__":
    main()
