"""What a user would do instead: every number of the log aggregated per node, then an outlier detector.

Per node and (kind, field): count, mean, deviation, smallest and largest of numbers, count of distinct strings;
missing values become the column's median and one column says so. Columns are standardised.
"""

import duckdb
import numpy
from pyod.models.ecod import ECOD
from pyod.models.knn import KNN
from sklearn.ensemble import IsolationForest

HEAD = {"ts", "node", "kind"}


def table(paths):
    """Node names and one row of generic features per node."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    source = "read_json({}, format = 'newline_delimited', union_by_name = true)".format(
        [str(path) for path in paths])
    connection.execute(f"CREATE TABLE log AS SELECT * FROM {source}")
    columns = [
        (name, kind) for name, kind, *_ in connection.execute("DESCRIBE log").fetchall()
        if name not in HEAD
    ]
    kinds = [row[0] for row in connection.execute("SELECT DISTINCT kind FROM log ORDER BY 1").fetchall()]
    parts = []
    for kind in kinds:
        where = f"FILTER (WHERE kind = '{kind}')"
        parts.append(f"count(*) {where}")
        for name, type_ in columns:
            column = f'"{name}"'
            if type_ in ("VARCHAR", "UUID", "BOOLEAN") or "TIME" in type_ or "DATE" in type_:
                parts.append(f"count(DISTINCT {column}) {where}")
            else:
                value = f"CAST({column} AS DOUBLE)"
                parts += [f"{f}({value}) {where}" for f in ("avg", "stddev_samp", "min", "max")]
    rows = connection.execute(
        f"SELECT node, {', '.join(parts)} FROM log GROUP BY node ORDER BY node").fetchall()
    nodes = [row[0] for row in rows]
    values = numpy.array([[numpy.nan if v is None else float(v) for v in row[1:]] for row in rows])
    return nodes, cleaned(values)


def cleaned(values):
    """Finite, standardised, constant columns dropped."""
    values = values[:, ~numpy.all(numpy.isnan(values), axis=0)]
    missing = numpy.isnan(values)
    medians = numpy.nanmedian(values, axis=0)
    values = numpy.where(missing, medians, values)
    values = numpy.hstack([values, missing.astype(float)])
    spread = values.std(axis=0)
    keep = spread > 0
    return (values[:, keep] - values[:, keep].mean(axis=0)) / spread[keep]


def scores(values, seed=0):
    """Outlier scores by each baseline, higher is stranger."""
    forest = IsolationForest(n_estimators=200, random_state=seed, n_jobs=2).fit(values)
    return {
        "IsolationForest": -forest.score_samples(values),
        "ECOD": ECOD().fit(values).decision_scores_,
        "KNN": KNN(n_neighbors=10).fit(values).decision_scores_,
    }
