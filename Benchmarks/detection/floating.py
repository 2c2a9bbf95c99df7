#!/usr/bin/env python3
"""What the integer lattice costs: `assay score` beside a twin of it in plain float64.

    python3 floating.py --assay ASSAY --tables DIR

The twin has the formulas, constants and row order of Sources/Detection, for one peer group and
tables without gaps, but rounds nothing: no lattice, no integer whitenings, no limits of either.
So it has the same reference rows, landmarks and k-means seeds drawn by the same numbers, and what
is left of a difference is rounding. Setting S is measured on seed 0 only.

Distances are found by BLAS and, of those that count, formed again from differences: equal rows
are at distance zero, as on the lattice.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.spatial.distance import cdist
from scipy.special import logsumexp, ndtri

import protocol
from bench import score

STEP = 1 / 1024
CONTAMINATED = {
    "trimmed": 0.25, "reference": 2048,
    "spaces": {geometry: (("neighbour", 5), ("neighbour", 10))
               for geometry in ("standardised", "compressed", "copula")}}
CLEAN = {
    "trimmed": 0, "reference": 16_384,
    "spaces": {"standardised": (("neighbour", 1), ("mixture", None)),
               "copula": (("neighbour", 1), ("ratio", 20), ("kernel", None))}}


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
    order = np.argsort(state, kind="stable")
    place = np.arange(len(values))
    starts = np.append(True, np.diff(state[order]) != 0)
    copy = np.empty(len(values), np.uint64)
    copy[order] = place - np.maximum.accumulate(np.where(starts, place, 0))
    return np.argsort(mix(state + copy * np.uint64(0xD1B54A32D192ED03)), kind="stable")


# Quantile.swift, TailSurprise.swift, ColumnScale.swift

def quantile(ordered, q):
    position = q * (len(ordered) - 1)
    index = int(position)
    following = ordered[min(index + 1, len(ordered) - 1)]
    return ordered[index] + (position - index) * (following - ordered[index])


class Surprise:
    """-ln of the share of reference scores as high, interpolated and continued."""

    def __init__(self, reference):
        self.reference = np.sort(reference)
        reach = quantile(self.reference, 0.99) - quantile(self.reference, 0.9)
        self.decay = 2.302585092994046 / reach if reach > 0 else 1.0

    def __call__(self, scores):
        count, first, last = len(self.reference), self.reference[0], self.reference[-1]
        place = np.clip(np.searchsorted(self.reference, scores), 1, count - 1)
        below = self.reference[place - 1]
        width = self.reference[place] - below
        part = np.divide(scores - below, width, out=np.zeros_like(scores), where=width > 0)
        inside = np.log((count + 1) / (count + 1 - np.clip(place - 1 + part, 0, count - 1)))
        beyond = np.log((count + 1) / 2) + (scores - last) * self.decay
        return np.where(scores > last, beyond, np.where(scores > first, inside, 0))


class Scales:
    """Every column's way to the geometries."""

    LARGEST_KNOTS = 4096

    def __init__(self, values):
        ordered = np.sort(values, axis=0)
        count = len(ordered)
        mean = ordered.sum(axis=0) / count
        is_constant = ordered[0] == ordered[-1]
        deviation = np.sqrt(((ordered - mean) ** 2).sum(axis=0) / count)
        interquartile = quantile(ordered, 0.75) - quantile(ordered, 0.25)
        ninety = quantile(ordered, 0.95) - quantile(ordered, 0.05)
        robust = np.where(interquartile > 0, interquartile / 1.349, ninety / 3.29)
        tiny = np.finfo(float).tiny
        self.median = quantile(ordered, 0.5)
        self.spread = np.maximum(
            np.maximum(robust, tiny), np.where(is_constant, 0, deviation / 10))
        self.mean = np.where(is_constant, ordered[0], mean)
        constant = np.where(mean == 0, 1, np.abs(mean))
        self.deviation = np.maximum(np.where(is_constant, constant, deviation), tiny)
        self.knots = ordered
        if count > self.LARGEST_KNOTS:
            places = np.arange(self.LARGEST_KNOTS) * (count - 1) // (self.LARGEST_KNOTS - 1)
            self.knots = ordered[places]

    def counts(self, values, side):
        """How many knots lie below each value, or with side "right" at most at it."""
        return np.column_stack([np.searchsorted(knots, column, side)
                                for knots, column in zip(self.knots.T, values.T)])

    def place(self, values, geometry):
        if geometry == "standardised":
            return (values - self.mean) / self.deviation
        if geometry == "compressed":
            with np.errstate(over="ignore"):
                return np.arcsinh(np.clip((values - self.median) / self.spread, -1e300, 1e300))
        count, low, high = len(self.knots), self.knots[0], self.knots[-1]
        rank = (self.counts(values, "left") + self.counts(values, "right")) / 2
        normal = ndtri(np.clip((rank + 0.5) / (count + 1), 0.5 / (count + 1),
                               1 - 0.5 / (count + 1)))
        return (normal + np.log(1 + np.maximum(values - high, 0) / self.deviation)
                - np.log(1 + np.maximum(low - values, 0) / self.deviation))


# NearestNeighbours.swift

def neighbours(queries, reference, k, places=None):
    """Indices and distances of the k nearest, infinite where there are fewer.

    `places` holds for each query the reference row that it is, -1 for none.
    """
    kept = min(k + 8, len(reference))
    norms = (reference ** 2).sum(axis=1)
    indices, distances = [], []
    for start in range(0, len(queries), 256):
        block = queries[start:start + 256]
        scores = norms - 2 * (block @ reference.T)
        own = None if places is None else places[start:start + 256, None]
        if own is not None:
            np.put_along_axis(scores, np.maximum(own, 0), np.where(
                own < 0, np.take_along_axis(scores, np.maximum(own, 0), 1), np.inf), 1)
        near = np.sort(np.argpartition(scores, kept - 1, axis=1)[:, :kept], axis=1)
        exact = np.sqrt(((reference[near] - block[:, None]) ** 2).sum(axis=2))
        if own is not None:
            exact[near == own] = np.inf
        order = np.argsort(exact, axis=1, kind="stable")[:, :k]
        indices.append(np.take_along_axis(near, order, 1))
        distances.append(np.take_along_axis(exact, order, 1))
    return np.concatenate(indices), np.concatenate(distances)


def furthest(distances, k):
    """The distance to the k-th nearest, or to the furthest there is."""
    near = distances[:, :k]
    return np.where(np.isfinite(near), near, 0).max(axis=1)


# RobustMahalanobis.swift, Trimming.swift

def inverse_root(matrix, smallest):
    """V L^(-1/2) V' with eigenvalues held above `smallest`, and those eigenvalues."""
    eigenvalues, vectors = np.linalg.eigh(matrix)
    eigenvalues = np.maximum(eigenvalues, smallest)
    return (vectors / np.sqrt(eigenvalues)) @ vectors.T, eigenvalues


def robust_distances(rows, start, kept=0.5, steps=8, smallest_deviation=64 * STEP):
    """Mahalanobis distances to the middle of the rows, before the last C-step (`.cleaning`)."""
    distances, share = start, 0.5
    for _ in range(steps):
        count = max(int(len(rows) * share), min(len(rows), 2))
        closest = rows[np.argsort(distances, kind="stable")[:count]]
        covariance = np.atleast_2d(np.cov(closest, rowvar=False))
        deviations = np.maximum(np.sqrt(np.diag(covariance)), smallest_deviation)
        shrinkage = min(max(rows.shape[1] / count, 0.02), 0.5)
        correlation = (1 - shrinkage) * covariance / np.outer(deviations, deviations)
        np.fill_diagonal(correlation, 1)
        root, _ = inverse_root(correlation, 1e-3)
        whitened = (rows - closest.mean(axis=0)) @ (root / deviations[:, None])
        distances, share = np.sqrt((whitened ** 2).sum(axis=1)), kept
    return distances


def subset_distances(rows, subsets=100, size=8):
    """Sums of the distances to the nearest of eight rows, a hundred times."""
    position = np.arange(subsets)[:, None] * size + np.arange(min(size, len(rows)))
    turn = position // len(rows)
    places = ((position * (2 * turn + 1) + turn) % len(rows)).ravel()
    distances = cdist(rows, rows[places])
    distances[places, np.arange(len(places))] = np.inf
    nearest = distances.reshape(len(rows), subsets, -1).min(axis=2)
    return np.where(np.isfinite(nearest), nearest, 0).sum(axis=1)


def tails(scales, values):
    count = len(scales.knots)
    low = -np.log((1 + scales.counts(values, "right")) / (1 + count))
    high = -np.log((1 + count - scales.counts(values, "left")) / (1 + count))
    long = np.where(scales.mean > scales.median, high, low)
    return (np.maximum(low.sum(axis=1), high.sum(axis=1)),
            np.maximum(long, (low + high) / 2).sum(axis=1))


def strangeness(values, scales, reference):
    rows = scales.place(values, "standardised")
    own = np.arange(len(rows))
    count = min(len(rows), reference)
    _, distances = neighbours(rows, rows[:count], 20, np.where(own < count, own, -1))
    looks = [furthest(distances, 20), subset_distances(rows)]
    if rows.shape[1] <= 512:
        start = (scales.place(values, "compressed") ** 2).sum(axis=1)
        looks.append(robust_distances(rows, start))
    looks += tails(scales, values)
    return sum(Surprise(look)(look) for look in looks)


# KernelVariance.swift, GaussianMixture.swift, GaussianMixture+Fit.swift

class Kernel:
    NOISE = 0.01

    def __init__(self, landmarks):
        self.landmarks = landmarks
        squares = cdist(landmarks, landmarks, "sqeuclidean")
        positive = np.sort(squares[squares > 0])
        self.bandwidth = positive[len(positive) // 2] if len(positive) else 1.0
        matrix = np.exp(-squares / self.bandwidth) + self.NOISE * np.eye(len(landmarks))
        inverse = solve_triangular(
            cholesky(matrix, lower=True), np.eye(len(landmarks)), lower=True)
        self.inverse = inverse
        self.left_out = np.maximum(1 / (inverse ** 2).sum(axis=0) - self.NOISE, 0)

    def score(self, rows, places):
        kernel = np.exp(-cdist(rows, self.landmarks, "sqeuclidean") / self.bandwidth)
        scores = np.maximum(1 - ((kernel @ self.inverse.T) ** 2).sum(axis=1), 0)
        if places is not None:
            landmark = (places >= 0) & (places < len(self.left_out))
            scores[landmark] = self.left_out[places[landmark]]
        return scores


class Mixture:
    LARGEST_COLUMNS = 64

    def __init__(self, reference):
        rows = reference[:4096]
        shares = self.clusters(rows, max(min(12, len(rows) // (2 * rows.shape[1])), 1))
        self.maximise(rows, shares)
        last = -np.inf
        for _ in range(20):
            logs = self.logs(rows)
            totals = logsumexp(logs, axis=0)
            if totals.mean() - last < 0.01:
                break
            last = totals.mean()
            self.maximise(rows, np.exp(logs - totals))

    def maximise(self, rows, shares):
        self.components = []
        for share in shares:
            weight = share.sum()
            if weight < 1:
                continue
            mean = share @ rows / weight
            centred = rows - mean
            covariance = (centred * share[:, None]).T @ centred / weight
            root, eigenvalues = inverse_root(
                covariance + 0.05 * np.eye(rows.shape[1]), 0.05 / 2)
            constant = np.log(weight / len(rows)) - np.log(eigenvalues).sum() / 2
            self.components.append((mean, root, constant))

    def logs(self, rows):
        return np.array([constant - (((rows - mean) @ root) ** 2).sum(axis=1) / 2
                         for mean, root, constant in self.components])

    def score(self, rows):
        return -logsumexp(self.logs(rows), axis=0)

    @staticmethod
    def clusters(rows, count):
        """Shares of zero and one, by k-means from seeds that are far apart."""
        chosen, state = [0], 0x2545F4914F6CDD1D
        nearest = cdist(rows[:1], rows, "sqeuclidean")[0]
        while len(chosen) < count and nearest.sum() > 0:
            state ^= state << 13 & 0xFFFFFFFFFFFFFFFF
            state ^= state >> 7
            state ^= state << 17 & 0xFFFFFFFFFFFFFFFF
            sums = np.cumsum(nearest)
            pick = np.searchsorted(sums, (state >> 11) / 2 ** 53 * sums[-1], "right")
            chosen.append(min(pick, len(rows) - 1))
            added = cdist(rows[chosen[-1:]], rows, "sqeuclidean")[0]
            nearest = np.minimum(nearest, added)
        centres = rows[chosen]
        for _ in range(10):
            shares = np.eye(len(centres))[cdist(rows, centres, "sqeuclidean").argmin(axis=1)].T
            counts = shares.sum(axis=1, keepdims=True)
            centres = np.where(counts > 0, shares @ rows / np.maximum(counts, 1), centres)
        return shares


# ReferenceSpace.swift, Ensemble.swift, EnsembleScoring.swift

class Space:
    """The reference rows in one geometry, and the detectors that look at them."""

    def __init__(self, measures, reference):
        self.measures, self.reference = measures, reference
        kinds = dict(measures)
        if "ratio" in kinds:
            k = kinds["ratio"]
            _, distances = neighbours(reference, reference, k, np.arange(len(reference)))
            self.own = furthest(distances, k)
            self.floor = max(quantile(np.sort(self.own), 0.5) / 10, STEP)
        self.kernel = Kernel(reference[:512]) if "kernel" in kinds else None
        self.mixture = None
        if "mixture" in kinds and reference.shape[1] <= Mixture.LARGEST_COLUMNS:
            self.mixture = Mixture(reference)

    def score(self, rows, places):
        """One array per measure."""
        largest = max(k or 1 for _, k in self.measures)
        indices, distances = neighbours(rows, self.reference, largest, places)
        for kind, k in self.measures:
            if kind == "neighbour":
                yield furthest(distances, k)
            elif kind == "ratio":
                near = np.isfinite(distances[:, :k])
                mean = (self.own[indices[:, :k]] * near).sum(axis=1) / near.sum(axis=1)
                yield furthest(distances, k) / (mean + self.floor)
            elif kind == "kernel":
                yield self.kernel.score(rows, places)
            else:
                yield self.mixture.score(rows) if self.mixture else np.zeros(len(rows))


class Ensemble:
    def __init__(self, values, recipe):
        kept = shuffled(values)
        self.scales = Scales(values[kept])
        if recipe["trimmed"]:
            strange = strangeness(values[kept], self.scales, recipe["reference"])
            count = max(int(len(kept) * (1 - recipe["trimmed"]) + 0.5), min(len(kept), 3))
            kept = kept[np.sort(np.argsort(strange, kind="stable")[:count])]
            self.scales = Scales(values[kept])
        reference = kept[:recipe["reference"]]
        own = np.arange(len(reference))
        self.places = np.full(len(values), -1)
        self.places[reference] = own
        self.spaces, self.surprises = {}, {}
        sums = np.zeros(len(reference))
        for geometry, measures in recipe["spaces"].items():
            rows = self.scales.place(values[reference], geometry)
            space = self.spaces[geometry] = Space(measures, rows)
            scores = list(space.score(rows, own))
            self.surprises[geometry] = [Surprise(one) for one in scores]
            for surprise, one in zip(self.surprises[geometry], scores):
                sums += surprise(one)
        self.joined = Surprise(sums)

    def score(self, values, places=None):
        sums = np.zeros(len(values))
        for geometry, space in self.spaces.items():
            scores = space.score(self.scales.place(values, geometry), places)
            for surprise, one in zip(self.surprises[geometry], scores):
                sums += surprise(one)
        return self.joined(sums)


def twin(scored, train=None):
    """Raw scores of a table, as `assay score` gives them without and with --train."""
    if train is not None:
        return Ensemble(train, CLEAN).score(scored)
    ensemble = Ensemble(scored, CONTAMINATED)
    return ensemble.score(scored, ensemble.places)


def compare(assay, folder, setting):
    print(f"\n{'contaminated (U)' if setting == 'U' else 'clean-trained (S), seed 0'}\n")
    print("| table | float64 | Assay | Assay − float64 |")
    print("|---|---:|---:|---:|")
    differences = []
    for name in protocol.names(folder):
        values, labels = protocol.load(folder, name)
        train = None
        if setting == "S":
            train, values, labels = protocol.split(values, labels, 0)
        with tempfile.TemporaryDirectory() as work:
            raw, _ = score(assay, values, train, Path(work))
        one, other = protocol.quality(labels, twin(values, train)), protocol.quality(labels, raw)
        differences.append(np.subtract(other, one))
        print(f"| {name} | {one[0]:.4f} | {other[0]:.4f} | {other[0] - one[0]:+.4f} |", flush=True)
    auroc, auprc = np.mean(differences, axis=0)
    print(f"\nMean difference: AUROC {auroc:+.5f}, AUPRC {auprc:+.5f}")


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
