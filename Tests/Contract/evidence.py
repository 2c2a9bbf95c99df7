#!/usr/bin/env python3
"""Recompute each node's evidence digest from the logs, independently of the writer.

    python3 evidence.py --schema SCHEMA.json [--bundle BUNDLE] [--day N] LOG...

SCHEMA.json is what `assay schema --profile P --json` prints; LOG is an NDJSON file (`.gz` too) or a
folder of them. With a bundle, the lines its quarantine names are left out, every verdict's
`evidence` is compared, and the exit code is 1 on a difference. Without one, a JSON object of
digests by node is printed. `--day N` takes the records of that UTC day only.

The evidence of a node is SHA-256 over its canonical records in order of (ts, bytes), equal ones
once, each preceded by its length. A canonical record is, little-endian throughout:

    ts i64, kind (u16 length, UTF-8), then per present field of the kind, by name's bytes:
    name (u16 length, UTF-8), tag u8, value
    tag 0 number: f64, -0 as +0;  tag 1 string: u32 length, UTF-8;  tag 2 boolean: u8

Validation is the writer's: records here are taken to be valid unless the quarantine says otherwise.
"""

import argparse
import datetime
import gzip
import hashlib
import json
import re
import struct
import sys
from pathlib import Path

DAY_MS = 86_400_000
ENDINGS = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")
RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?"
                     r"(?:[Zz]|([+-])(\d\d):(\d\d))")


def milliseconds(ts):
    """`ts` as ms since 1970 UTC; digits below the millisecond are dropped."""
    if isinstance(ts, int) and not isinstance(ts, bool):
        return ts
    match = RFC3339.fullmatch(ts) if isinstance(ts, str) else None
    if not match:
        raise ValueError(f"ts {ts!r} is neither an integer nor an RFC 3339 time")
    year, month, day, hour, minute, second = (int(match[i]) for i in range(1, 7))
    days = datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()
    offset = int(match[9] or 0) * 60 + int(match[10] or 0)
    offset = -offset if match[8] == "-" else offset
    seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second
    return seconds * 1000 + int((match[7] or "")[:3].ljust(3, "0"))


def fields_by_kind(schema):
    """{kind: [(name bytes, name, type)]} in canonical order."""
    out = {}
    for kind in schema["kinds"]:
        fields = [(f["name"].encode(), f["name"], f["type"]) for f in kind["fields"]]
        out[kind["kind"]] = sorted(fields)
    return out


def encode_value(kind_type, value):
    if kind_type in ("number", "integer"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ValueError(f"{value!r} is not a number")
        return b"\0" + struct.pack("<d", float(value) + 0.0)  # -0.0 + 0.0 is +0.0
    if kind_type == "string":
        data = value.encode("utf-8")
        return b"\1" + struct.pack("<I", len(data)) + data
    if kind_type == "boolean" and value in (0, 1):
        return b"\2" + (b"\1" if value else b"\0")
    raise ValueError(f"{value!r} is not a {kind_type}")


def canonical_record(record, kinds):
    """(ts, canonical bytes) of one parsed record."""
    ts, kind = milliseconds(record["ts"]), record["kind"].encode("utf-8")
    parts = [struct.pack("<qH", ts, len(kind)), kind]
    for name_bytes, name, kind_type in kinds[record["kind"]]:
        value = record.get(name)
        if value is not None:
            parts += [struct.pack("<H", len(name_bytes)), name_bytes]
            parts.append(encode_value(kind_type, value))
    return ts, b"".join(parts)


def digest(records):
    """Evidence of (ts, bytes) pairs in any order, with repeats."""
    sha = hashlib.sha256()
    for _, data in sorted(set(records)):
        sha.update(struct.pack("<I", len(data)) + data)
    return "0x" + sha.hexdigest()


def log_files(arguments):
    """(path, name as inputs.json has it): relative to a folder given, else the file's own name."""
    for argument in map(Path, arguments):
        if argument.is_dir():
            for path in sorted(argument.rglob("*")):
                if path.name.endswith(ENDINGS):
                    yield path, path.relative_to(argument).as_posix()
        else:
            yield argument, argument.name


def lines_of(path):
    opener = gzip.open if path.name.endswith(".gz") else open
    with opener(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def evidence_by_node(logs, kinds, skip=frozenset(), day=None):
    """{node: digest} over `logs`, leaving out the (file, line) pairs of `skip`."""
    nodes = {}
    for path, name in log_files(logs):
        for number, line in lines_of(path):
            if (name, number) in skip:
                continue
            try:
                record = json.loads(line)
                entry = canonical_record(record, kinds)
            except (ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
                raise ValueError(f"{name}:{number}: not valid, yet not quarantined: {error!r}")
            if day is None or entry[0] // DAY_MS == day:
                nodes.setdefault(record["node"], []).append(entry)
    return {node: digest(records) for node, records in nodes.items()}


def read_gzip_lines(path):
    with gzip.open(path, "rb") as file:
        return [json.loads(line) for line in file]


def quarantined(bundle):
    return {(r["file"], r["line"]) for r in read_gzip_lines(bundle / "quarantine.ndjson.gz")}


def stated(bundle):
    files = sorted((bundle / "verdicts").glob("*.ndjson.gz"))
    return {v["node"]: v["evidence"] for file in files for v in read_gzip_lines(file)}


def differences(expected, actual):
    """One line per node whose digests differ or that only one side has."""
    for node in sorted(expected.keys() | actual.keys()):
        if expected.get(node) != actual.get(node):
            yield f"{node}: logs {expected.get(node)}, bundle {actual.get(node)}"


def main():
    parser = argparse.ArgumentParser(description="Recompute evidence digests from the logs.")
    parser.add_argument("--schema", type=Path, required=True)
    parser.add_argument("--bundle", type=Path)
    parser.add_argument("--day", type=int, metavar="N")
    parser.add_argument("logs", nargs="+", metavar="LOG")
    options = parser.parse_args()
    kinds = fields_by_kind(json.loads(options.schema.read_text("utf-8")))
    skip = quarantined(options.bundle) if options.bundle else frozenset()
    try:
        digests = evidence_by_node(options.logs, kinds, skip, options.day)
    except ValueError as error:
        print(error)
        return 1
    if not options.bundle:
        print(json.dumps(digests, indent=2, sort_keys=True, ensure_ascii=False))
        return 0
    failures = list(differences(digests, stated(options.bundle)))
    for failure in failures:
        print(failure)
    if not failures:
        print(f"{len(digests)} digests agree")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
