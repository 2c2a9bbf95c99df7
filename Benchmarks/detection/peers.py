#!/usr/bin/env python3
"""Runs PyOD's detectors over the tables, each fit + score in a process of its own, 60 s at most.

    python3 peers.py --tables DIR --out FILE.json [--only KNN,LOF]

Results are added to the file as they come, so that a run that was stopped goes on where it was.
"""

import argparse
import json
import multiprocessing
import time
from pathlib import Path

import numpy as np
from sklearn.preprocessing import StandardScaler

import protocol

LIMIT = 60
STOCHASTIC = ("IForest", "MCD", "INNE", "CBLOF", "LODA", "GMM")
METHODS = ("IForest", "KNN", "LOF", "MCD", "ECOD", "COPOD", "HBOS", "PCA", "OCSVM", "GMM", "INNE",
           "CBLOF", "LODA")


def detector(method, seed):
    """PyOD's detector of that name with its own defaults."""
    from importlib import import_module
    made = getattr(import_module(f"pyod.models.{method.lower()}"), method)
    return made(random_state=seed) if method in STOCHASTIC and method not in ("LODA",) else made()


def work(connection, method, seed, train, scored, labels):
    np.random.seed(seed)
    start = time.perf_counter()
    model = detector(method, seed)
    model.fit(train)
    scores = model.decision_scores_ if scored is None else model.decision_function(scored)
    seconds = time.perf_counter() - start
    connection.send((*protocol.quality(labels, scores), seconds))


def run(method, seed, train, scored, labels):
    """AUROC, AUPRC and seconds; None where the method failed or took too long."""
    mine, theirs = multiprocessing.Pipe(False)
    process = multiprocessing.get_context("fork").Process(
        target=work, args=(theirs, method, seed, train, scored, labels))
    process.start()
    theirs.close()
    result = None
    if mine.poll(LIMIT):
        try:
            result = mine.recv()
        except EOFError:
            pass
    process.kill()
    process.join()
    return result


def cases(values, labels, setting):
    """(seed, train, scored or None, labels) of a setting, standardised."""
    if setting == "U":
        yield 0, StandardScaler().fit_transform(values), None, labels
        return
    for seed in protocol.SEEDS:
        train, scored, truth = protocol.split(values, labels, seed)
        scaler = StandardScaler().fit(train)
        yield seed, scaler.transform(train), scaler.transform(scored), truth


def measure(method, values, labels, setting):
    """Mean AUROC, AUPRC and seconds over splits and, in U, over seeds of a stochastic method."""
    results = []
    for seed, train, scored, truth in cases(values, labels, setting):
        seeds = protocol.SEEDS if setting == "U" and method in STOCHASTIC else (seed,)
        for one in seeds:
            result = run(method, one, train, scored, truth)
            if result is None:
                return None
            results.append(result)
    return [float(x) for x in np.mean(results, axis=0)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", type=lambda text: text.split(","), default=METHODS)
    options = parser.parse_args()
    done = json.loads(options.out.read_text()) if options.out.exists() else {}
    tables = {name: protocol.load(options.tables, name) for name in protocol.names(options.tables)}
    for name in sorted(tables, key=lambda name: tables[name][0].size):
        for setting in "US":
            for method in options.only:
                key = f"{setting}/{name}/{method}"
                if key in done:
                    continue
                done[key] = measure(method, *tables[name], setting)
                options.out.write_text(json.dumps(done, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
