#!/usr/bin/env python3
"""The usual alternative end to end: DuckDB features, then scikit-learn's IsolationForest.

    python3 duckdb_iforest.py LOG --out SCORES.csv [--approximate]
"""

import argparse
import os
from pathlib import Path

import numpy as np
from sklearn.ensemble import IsolationForest

from duckdb_aggregate import aggregate


def main():
    parser = argparse.ArgumentParser(description="Score a wireless log's nodes.")
    parser.add_argument("log", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--approximate", action="store_true")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    connection = aggregate(options.log, options.approximate, options.threads)
    columns = connection.table("features").fetchnumpy()
    nodes = columns.pop("node")
    table = np.column_stack([np.ma.filled(np.ma.asarray(c, dtype=np.float64), 0)
                             for c in columns.values()])
    threads = options.threads or os.cpu_count()
    forest = IsolationForest(random_state=0, n_jobs=threads).fit(table)
    scores = -forest.score_samples(table)
    with open(options.out, "w", encoding="utf-8") as file:
        file.write("node,score\n")
        file.writelines(f"{node},{score!r}\n" for node, score in zip(nodes, scores.tolist()))


if __name__ == "__main__":
    main()
