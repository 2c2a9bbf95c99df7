"""The tables and the protocol AD44-v1, in which every method is compared.

Tables: `NAME.csv.gz` with numeric columns and a last column `label` (1 anomaly), such as the
public ADBench tables (github.com/Minqi824/ADBench), at most 20,000 rows each.

- U, contaminated: fitted to all rows without labels, the same rows scored.
- S, clean-trained: the first half of a seeded permutation of the normal rows trains; the other
  normal rows and all anomalies are scored. Seeds 0, 1, 2.

Peers get columns standardised on the rows they are fitted to; Assay scales by itself.
"""

import gzip
import io
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

SEEDS = (0, 1, 2)


def names(folder):
    return sorted(path.name.removesuffix(".csv.gz") for path in Path(folder).glob("*.csv.gz"))


def load(folder, name):
    """Values and labels of a table."""
    with gzip.open(Path(folder) / f"{name}.csv.gz", "rt") as file:
        data = np.loadtxt(io.StringIO(file.read()), delimiter=",", skiprows=1, ndmin=2)
    return data[:, :-1], data[:, -1].astype(int)


def split(values, labels, seed):
    """Training rows, scored rows and their labels of setting S."""
    normal = np.random.default_rng(seed).permutation(np.flatnonzero(labels == 0))
    half = len(normal) // 2
    scored = np.concatenate([normal[half:], np.flatnonzero(labels == 1)])
    return values[normal[:half]], values[scored], labels[scored]


def quality(labels, scores):
    """AUROC and AUPRC; a score that is not finite takes the worst finite one."""
    scores = np.asarray(scores, dtype=float)
    finite = np.isfinite(scores)
    scores = np.where(finite, scores, scores[finite].min() if finite.any() else 0)
    return roc_auc_score(labels, scores), average_precision_score(labels, scores)
