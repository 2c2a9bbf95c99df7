#!/usr/bin/env python3
"""What the integer lattice costs: `assay score` beside a twin of it in plain float64.

    python3 floating.py --assay ASSAY --tables DIR

The twin has the formulas, constants and row order of Sources/Detection, for one peer group and
complete tables of at least fifty rows, but rounds nothing: no lattice, no integer whitenings, no
limits of either. Its reference rows, landmarks and seeds are drawn by the same numbers, so that
what is left of a difference is rounding. Setting S is measured on seed 0 only.

Neighbours are found by BLAS and their distances formed again from differences, so that equal rows
are at distance zero, as they are on the lattice.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.spatial.distance import cdist
from scipy.special import logsumexp, ndtri

import bench
import protocol

STEP = 1 / 1024
TINY = np.finfo(float).tiny


# RowOrder.swift

def mix(z):
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def shuffled(values):
    """Row numbers, in an order that the rows' values decide."""
    state = np.full(len(values), 0x9E3779B97F4A7C15, np.uint64)
    for column in values.T:
        state = mix(state ^ (column + 0.0).view(np.uint64))
    state = mix(state)  # no extra strangeness, and one group
    order, place = np.argsort(state, kind="stable"), np.arange(len(values))
    is_first = np.append(True, np.diff(state[order]) != 0)
    copy = np.empty(len(values), np.uint64)
    copy[order] = place - np.maximum.accumulate(np.where(is_first, place, 0))
    return np.argsort(mix(state + copy * np.uint64(0xD1B54A32D192ED03)), kind="stable")


# TailSurprise.swift, ColumnScale.swift

def surprise(reference):
    """−ln of the share of reference scores that are as high, interpolated and continued."""
    ordered, count = np.sort(reference), len(reference)
    reach = np.subtract(*np.quantile(ordered, [0.99, 0.9]))
    decay = 2.302585092994046 / reach if reach > 0 else 1

    def of(scores):
        inside = np.clip(scores, ordered[0], ordered[-1])
        place = np.maximum(np.searchsorted(ordered, inside), 1)
        below = ordered[place - 1]
        position = place - 1 + (inside - below) / np.maximum(ordered[place] - below, TINY)
        beyond = np.log((count + 1) / 2) + (scores - ordered[-1]) * decay
        return np.where(
            scores > ordered[-1], beyond, np.log((count + 1) / (count + 1 - position)))
    return of


class Scales:
    """Every column's way to the geometries."""

    LARGEST_KNOTS = 4096

    def __init__(self, values):
        ordered = np.sort(values, axis=0)
        count = len(ordered)
        mean = ordered.sum(axis=0) / count
        is_constant = ordered[0] == ordered[-1]
        deviation = np.sqrt(((ordered - mean) ** 2).sum(axis=0) / count)
        low, quarter, self.median, three_quarters, high = np.quantile(
            ordered, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        interquartile = three_quarters - quarter
        robust = np.where(interquartile > 0, interquartile / 1.349, (high - low) / 3.29)
        self.mean = np.where(is_constant, ordered[0], mean)
        constant = np.where(mean == 0, 1, np.abs(mean))
        self.spread = np.where(is_constant, constant, np.maximum(robust, deviation / 10))
        self.deviation = np.maximum(np.where(is_constant, constant, deviation), TINY)
        self.knots = ordered
        if count > self.LARGEST_KNOTS:
            places = np.arange(self.LARGEST_KNOTS) * (count - 1) // (self.LARGEST_KNOTS - 1)
            self.knots = ordered[places]

    def counts(self, values, side):
        """How many knots lie below each value or, with "right", at most at it."""
        return np.column_stack([np.searchsorted(knots, column, side)
                                for knots, column in zip(self.knots.T, values.T)])

    def place(self, values, geometry):
        if geometry == "standardised":
            return (values - self.mean) / self.deviation
        if geometry == "compressed":
            with np.errstate(over="ignore"):
                return np.arcsinh(np.clip((values - self.median) / self.spread, -1e300, 1e300))
        rank = (self.counts(values, "left") + self.counts(values, "right")) / 2
        least = 0.5 / (len(self.knots) + 1)
        share = np.clip((rank + 0.5) / (len(self.knots) + 1), least, 1 - least)
        above = np.maximum(values - self.knots[-1], 0) / self.deviation
        below = np.maximum(self.knots[0] - values, 0) / self.deviation
        return ndtri(share) + np.log(1 + above) - np.log(1 + below)


# NearestNeighbours.swift, ReferenceSpace.swift

def neighbours(queries, reference, k, places=None):
    """Indices and distances of the k nearest; `places`: which row each query is, −1 for none."""
    kept = min(k + 8, len(reference))
    norms = (reference ** 2).sum(axis=1)
    indices, distances = [], []
    for start in range(0, len(queries), 128):
        block = queries[start:start + 128]
        scores = norms - 2 * (block @ reference.T)
        own = np.full(len(block), -1) if places is None else places[start:start + 128]
        scores[own >= 0, own[own >= 0]] = np.inf
        near = np.sort(np.argpartition(scores, kept - 1, axis=1)[:, :kept], axis=1)
        exact = np.sqrt(((reference[near] - block[:, None]) ** 2).sum(axis=2))
        exact[near == own[:, None]] = np.inf
        order = np.argsort(exact, axis=1, kind="stable")[:, :k]
        indices.append(np.take_along_axis(near, order, 1))
        distances.append(np.take_along_axis(exact, order, 1))
    return np.concatenate(indices), np.concatenate(distances)


def neighbour(reference, k):
    """The distance to the k-th nearest; like every detector a function of rows and places."""
    return lambda rows, places: neighbours(rows, reference, k, places)[1][:, -1]


def local_ratio(reference, k):
    own = neighbour(reference, k)(reference, np.arange(len(reference)))
    floor = max(np.median(own) / 10, STEP)

    def score(rows, places):
        indices, distances = neighbours(rows, reference, k, places)
        return distances[:, -1] / (own[indices].mean(axis=1) + floor)
    return score


# KernelVariance.swift, GaussianMixture.swift, GaussianMixture+Fit.swift

def kernel_variance(reference):
    landmarks, noise = reference[:512], 0.01
    squares = cdist(landmarks, landmarks, "sqeuclidean")
    positive = np.sort(squares[squares > 0])
    bandwidth = positive[len(positive) // 2] if len(positive) else 1
    identity = np.eye(len(landmarks))
    factor = cholesky(np.exp(-squares / bandwidth) + noise * identity, lower=True)
    inverse = solve_triangular(factor, identity, lower=True)
    left_out = np.maximum(1 / (inverse ** 2).sum(axis=0) - noise, 0)

    def score(rows, places):
        kernel = np.exp(-cdist(rows, landmarks, "sqeuclidean") / bandwidth)
        scores = np.maximum(1 - ((kernel @ inverse.T) ** 2).sum(axis=1), 0)
        if places is not None:
            known = (places >= 0) & (places < len(landmarks))
            scores[known] = left_out[places[known]]
        return scores
    return score


def inverse_root(matrix, smallest):
    """V Λ^(−½) Vᵀ with eigenvalues held above `smallest`, and those eigenvalues."""
    eigenvalues, vectors = np.linalg.eigh(matrix)
    eigenvalues = np.maximum(eigenvalues, smallest)
    return (vectors / np.sqrt(eigenvalues)) @ vectors.T, eigenvalues


def clusters(rows, count):
    """Shares of zero and one in every cluster, by k-means from seeds that are far apart."""
    chosen, state, mask = [0], 0x2545F4914F6CDD1D, 2 ** 64 - 1
    nearest = cdist(rows[:1], rows, "sqeuclidean")[0]
    while len(chosen) < count and nearest.any():
        state ^= (state << 13) & mask
        state ^= state >> 7
        state ^= (state << 17) & mask
        sums = np.cumsum(nearest)
        pick = np.searchsorted(sums, (state >> 11) / 2 ** 53 * sums[-1], "right")
        chosen.append(min(pick, len(rows) - 1))
        nearest = np.minimum(nearest, cdist(rows[chosen[-1:]], rows, "sqeuclidean")[0])
    centres = rows[chosen]
    for _ in range(10):
        shares = np.eye(len(centres))[cdist(rows, centres, "sqeuclidean").argmin(axis=1)].T
        counts = shares.sum(axis=1, keepdims=True)
        centres = np.where(counts > 0, shares @ rows / np.maximum(counts, 1), centres)
    return shares


def maximised(rows, shares):
    """Centre, whitening and log-weight of each component that holds a row or more."""
    components = []
    for share in shares[shares.sum(axis=1) >= 1]:
        weight = share.sum()
        mean = share @ rows / weight
        covariance = ((rows - mean) * share[:, None]).T @ (rows - mean) / weight
        root, eigenvalues = inverse_root(
            covariance + 0.05 * np.eye(rows.shape[1]), 0.05 / 2)
        constant = np.log(weight / len(rows)) - np.log(eigenvalues).sum() / 2
        components.append((mean, root, constant))
    return components


def log_densities(components, rows):
    return np.array([constant - (((rows - mean) @ root) ** 2).sum(axis=1) / 2
                     for mean, root, constant in components])


def mixture(reference):
    rows, last = reference[:4096], -np.inf
    if rows.shape[1] > 64:
        return lambda rows, places: np.zeros(len(rows))
    components = maximised(rows, clusters(rows, max(min(12, len(rows) // (2 * rows.shape[1])), 1)))
    for _ in range(20):
        logs = log_densities(components, rows)
        totals = logsumexp(logs, axis=0)
        if totals.mean() - last < 0.01:
            break
        last = totals.mean()
        components = maximised(rows, np.exp(logs - totals))
    return lambda rows, places: -logsumexp(log_densities(components, rows), axis=0)


# RobustMahalanobis.swift, Trimming.swift

def robust_distances(rows, start):
    """Mahalanobis distances to the middle half (`Trimming.cleaning`), before the last step."""
    distances, count = start, max(len(rows) // 2, min(len(rows), 2))
    for _ in range(8):
        closest = rows[np.argsort(distances, kind="stable")[:count]]
        covariance = np.atleast_2d(np.cov(closest, rowvar=False))
        deviations = np.maximum(np.sqrt(np.diag(covariance)), 64 * STEP)
        shrinkage = min(max(rows.shape[1] / count, 0.02), 0.5)
        correlation = (1 - shrinkage) * covariance / np.outer(deviations, deviations)
        np.fill_diagonal(correlation, 1)
        root, _ = inverse_root(correlation, 1e-3)
        whitened = (rows - closest.mean(axis=0)) @ (root / deviations[:, None])
        distances = np.sqrt((whitened ** 2).sum(axis=1))
    return distances


def steps(turns, count):
    """For each turn the first number from 2 turn + 1 on without a factor in common with count."""
    found = []
    for turn in np.ravel(turns):
        step = 2 * int(turn) + 1
        while np.gcd(step, count) != 1:
            step += 1
        found.append(step)
    return np.reshape(found, np.shape(turns))


def subset_distances(rows, subsets=100, size=8):
    """Sums of the distances to the nearest of eight rows, a hundred times."""
    position = np.arange(subsets * size)
    turn = position // len(rows)
    places = (position * steps(turn, len(rows)) + turn) % len(rows)
    distances = cdist(rows, rows[places])
    distances[places, position] = np.inf
    return distances.reshape(len(rows), subsets, size).min(axis=2).sum(axis=1)


def tails(scales, values):
    count = len(scales.knots)
    low = -np.log((1 + scales.counts(values, "right")) / (1 + count))
    high = -np.log((1 + count - scales.counts(values, "left")) / (1 + count))
    long = np.where(scales.mean > scales.median, high, low)
    return (np.maximum(low.sum(axis=1), high.sum(axis=1)),
            np.maximum(long, (low + high) / 2).sum(axis=1))


def calmest(values, recipe):
    """Places of the rows that are believed, ascending."""
    scales = Scales(values)
    rows, own = scales.place(values, "standardised"), np.arange(len(values))
    own[recipe["reference"]:] = -1
    looks = [neighbour(rows[:recipe["reference"]], 20)(rows, own), subset_distances(rows)]
    if rows.shape[1] <= 512:
        start = (scales.place(values, "compressed") ** 2).sum(axis=1)
        looks.append(robust_distances(rows, start))
    looks += tails(scales, values)
    strangeness = sum(surprise(look)(look) for look in looks)
    count = int(len(values) * (1 - recipe["trimmed"]) + 0.5)
    return np.sort(np.argsort(strangeness, kind="stable")[:count])


# Recipe.swift, Ensemble.swift, EnsembleScoring.swift

CONTAMINATED = {
    "trimmed": 0.25, "reference": 2048,
    "spaces": {geometry: [(neighbour, 5), (neighbour, 10)]
               for geometry in ("standardised", "compressed", "copula")}}
CLEAN = {
    "trimmed": 0, "reference": 16_384,
    "spaces": {"standardised": [(neighbour, 1), (mixture,)],
               "copula": [(neighbour, 1), (local_ratio, 20), (kernel_variance,)]}}


def twin(scored, train=None):
    """Raw scores of a table, as `assay score` gives them without and with --train.

    Every training row is fitted to, as in `assay score` up to 20,000 of them.
    """
    recipe, table = (CONTAMINATED, scored) if train is None else (CLEAN, train)
    kept = shuffled(table)
    if recipe["trimmed"] > 0:
        kept = kept[calmest(table[kept], recipe)]
    scales = Scales(table[kept])
    reference = kept[:recipe["reference"]]
    own, places = np.arange(len(reference)), None
    if train is None:
        places = np.full(len(scored), -1)
        places[reference] = own
    known_surprises, surprises = [], []
    for geometry, measures in recipe["spaces"].items():
        known, rows = scales.place(table[reference], geometry), scales.place(scored, geometry)
        for detector, *arguments in measures:
            score = detector(known, *arguments)
            scores = score(known, own)
            surprise_of = surprise(scores)
            known_surprises.append(surprise_of(scores))
            surprises.append(surprise_of(score(rows, places)))
    return surprise(np.mean(known_surprises, axis=0))(np.mean(surprises, axis=0))


def compare(assay, folder, setting):
    print(f"\n{'contaminated (U)' if setting == 'U' else 'clean-trained (S), seed 0'}\n")
    print("| table | float64 | Assay | Assay − float64 |")
    print("|---|---:|---:|---:|")
    differences = []
    for name in protocol.names(folder):
        train, (scored, labels) = None, protocol.load(folder, name)
        if setting == "S":
            train, scored, labels = protocol.split(scored, labels, 0)
        with tempfile.TemporaryDirectory() as work:
            raw, _ = bench.score(assay, scored, train, Path(work))
        plain = protocol.quality(labels, twin(scored, train))
        lattice = protocol.quality(labels, raw)
        differences.append(np.subtract(lattice, plain))
        difference = round(differences[-1][0], 4) + 0
        print(f"| {name} | {plain[0]:.4f} | {lattice[0]:.4f} | {difference:+.4f} |", flush=True)
    auroc, auprc = np.mean(differences, axis=0)
    print(f"\nMean of Assay − float64: AUROC {auroc:+.5f}, AUPRC {auprc:+.5f}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--assay", type=Path, required=True)
    parser.add_argument("--tables", type=Path, required=True)
    options = parser.parse_args()
    for setting in "US":
        compare(options.assay.resolve(), options.tables, setting)


if __name__ == "__main__":
    main()
