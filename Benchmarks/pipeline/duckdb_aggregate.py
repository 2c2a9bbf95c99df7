#!/usr/bin/env python3
"""What a user would do without Assay: DuckDB aggregates a wireless log to generic features.

    python3 duckdb_aggregate.py LOG --out FEATURES.parquet [--approximate]

One row per node: counts, distinct counts, moments, extremes and quantiles of what was measured.
`--approximate` uses DuckDB's sketches for quantiles and distinct counts: faster, less memory.
"""

import argparse
from pathlib import Path

import duckdb

COLUMNS = {
    "ts": "BIGINT", "node": "VARCHAR", "kind": "VARCHAR", "device": "VARCHAR", "peer": "VARCHAR",
    "beacon_id": "VARCHAR", "payload_hash": "VARCHAR", "rssi_dbm": "DOUBLE", "snr_db": "DOUBLE",
    "freq_mhz": "DOUBLE", "datarate": "VARCHAR", "size_bytes": "DOUBLE", "hold_ms": "DOUBLE",
    "tmst_us": "DOUBLE", "device_lat": "DOUBLE", "device_lon": "DOUBLE", "lat": "DOUBLE",
    "lon": "DOUBLE", "elevation_m": "DOUBLE", "gain_dbi": "DOUBLE", "tx_power_dbm": "DOUBLE",
    "maker": "VARCHAR", "model": "VARCHAR", "owner": "VARCHAR", "region": "VARCHAR",
}
MEASURED = ["rssi_dbm", "snr_db", "hold_ms"]
SPREAD = ["size_bytes", "tmst_us", "device_lat", "device_lon"]
DISTINCT = ["freq_mhz", "datarate", "payload_hash", "device", "peer", "rssi_dbm", "snr_db"]
CLAIMED = ["lat", "lon", "elevation_m", "gain_dbi", "tx_power_dbm"]
QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]


def features(approximate):
    quantile = "approx_quantile" if approximate else "quantile_cont"
    yield "count(*) AS records"
    yield from (f"count(*) FILTER (kind = '{k}') AS {k}s" for k in ("packet", "witness", "beacon"))
    for c in MEASURED + SPREAD:
        yield from (f"{f}({c}) AS {c}_{f}" for f in ("avg", "stddev_samp", "min", "max"))
    for c in MEASURED:
        yield f"{quantile}({c}, {QUANTILES}) AS {c}_q"
    for c in DISTINCT:
        count = f"approx_count_distinct({c})" if approximate else f"count(DISTINCT {c})"
        yield f"{count} AS {c}_distinct"
    yield from (f"max({c}) FILTER (kind = 'claim') AS claim_{c}" for c in CLAIMED)
    yield "corr(rssi_dbm, snr_db) AS rssi_snr_corr"
    yield "min(ts) AS first_ts"
    yield "max(ts) AS last_ts"


def aggregate(log, approximate=False, threads=None):
    """A connection and the relation of features, one row per node, list columns spread out."""
    connection = duckdb.connect(config={"threads": threads} if threads else {})
    connection.execute("SET preserve_insertion_order = false")
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    quantiles = ", ".join(f"{c}_q[{i + 1}] AS {c}_q{round(q * 100):02}"
                          for c in MEASURED for i, q in enumerate(QUANTILES))
    path = str(log).replace("'", "''")
    connection.execute(f"""
        CREATE TEMP TABLE features AS
        SELECT * EXCLUDE ({', '.join(c + '_q' for c in MEASURED)}), {quantiles}
        FROM (SELECT node, {', '.join(features(approximate))}
              FROM read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})
              GROUP BY node)
        ORDER BY node""")
    return connection


def main():
    parser = argparse.ArgumentParser(description="Aggregate a wireless log per node with DuckDB.")
    parser.add_argument("log", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--approximate", action="store_true")
    parser.add_argument("--threads", type=int)
    options = parser.parse_args()
    connection = aggregate(options.log, options.approximate, options.threads)
    connection.table("features").write_parquet(str(options.out))


if __name__ == "__main__":
    main()
