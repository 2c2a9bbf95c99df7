"""Canonical records against bytes written out by hand from the format's definition."""

import base64
import gzip
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bundle_fixture import bundle, jcs, verdict_rows
from evidence import (canonical_record, digest, encode_value, evidence_by_node, fields_by_kind,
                      milliseconds)

SCHEMA = {"profile": "p", "kinds": [
    {"kind": "job", "fields": [{"name": "task", "type": "string"}, {"name": "agreed",
                                                                    "type": "boolean"},
                               {"name": "cpu_ms", "type": "number"}]},
    {"kind": "é", "fields": []}]}
KINDS = fields_by_kind(SCHEMA)


def test_record_bytes():
    record = {"kind": "job", "ts": 258, "node": "n", "task": "é", "cpu_ms": 1, "agreed": True,
              "unknown": 5}
    expected = (b"\x02\x01" + bytes(6) + b"\x03\x00job"
                b"\x06\x00agreed\x02\x01"
                b"\x06\x00cpu_ms\x00\x00\x00\x00\x00\x00\x00\xf0\x3f"
                b"\x04\x00task\x01\x02\x00\x00\x00\xc3\xa9")
    assert canonical_record(record, KINDS) == (258, expected)


def test_absent_null_and_unknown_fields_leave_no_bytes():
    record = {"kind": "é", "ts": -1, "node": "n", "x": 1}
    assert canonical_record(record, KINDS) == (-1, b"\xff" * 8 + b"\x02\x00\xc3\xa9")
    job = {"kind": "job", "ts": 0, "node": "n", "task": None}
    assert canonical_record(job, KINDS) == (0, bytes(8) + b"\x03\x00job")


@pytest.mark.parametrize("value, expected", [(-0.0, bytes(9)), (0, bytes(9)),
                                             (-2.0, bytes(8) + b"\xc0")])
def test_numbers(value, expected):
    assert encode_value("number", value) == expected


def test_zero_one_and_booleans_are_the_same():
    assert encode_value("boolean", 1) == encode_value("boolean", True) == b"\2\1"
    assert encode_value("boolean", 0) == encode_value("boolean", False) == b"\2\0"


@pytest.mark.parametrize("text, expected", [
    ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.999Z", -1),
    ("2025-11-20T01:00:00.25+01:00", 1_763_596_800_250), (1_763_596_800_000, 1_763_596_800_000),
    ("2025-11-20T00:00:00.0009-00:30", 1_763_598_600_000)])
def test_times(text, expected):
    assert milliseconds(text) == expected


@pytest.mark.parametrize("bad", [True, 1.5, "yesterday", None])
def test_other_times_are_refused(bad):
    with pytest.raises(ValueError):
        milliseconds(bad)


def test_digest_orders_by_signed_time_then_bytes_and_counts_once():
    records = [(1, b"b"), (-1, b"\xff"), (1, b"a"), (1, b"b")]
    framed = b"\1\0\0\0\xff" b"\1\0\0\0a" b"\1\0\0\0b"
    assert digest(records) == "0x" + hashlib.sha256(framed).hexdigest()


def test_bundle_is_compared_and_its_quarantine_skipped(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    lines = [{"ts": 0, "node": "a", "kind": "job", "task": "x"}, {"ts": "bad"},
             {"ts": 1, "node": "b", "kind": "é"}]
    (logs / "one.ndjson.gz").write_bytes(gzip.compress(b"".join(jcs(r) + b"\n" for r in lines)))
    expected = evidence_by_node([logs], KINDS, {("one.ndjson.gz", 2)})
    verdicts = verdict_rows([("a", "accept", 5, []), ("b", "accept", 6, [])])
    for v in verdicts:
        v["evidence"] = expected[v["node"]]
    rows = [{"file": "one.ndjson.gz", "line": 2, "reason": "ts", "detail": "",
             "bytes": base64.b64encode(jcs(lines[1])).decode()}]
    for name, data in bundle(verdicts=verdicts, quarantine=rows).items():
        path = tmp_path / "bundle" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))

    def run(*extra):
        script = Path(__file__).with_name("evidence.py")
        return subprocess.run([sys.executable, script, "--schema", tmp_path / "schema.json",
                               "--bundle", tmp_path / "bundle", *extra, logs],
                              capture_output=True, text=True)

    assert run().stdout == "2 digests agree\n"
    with open(logs / "two.ndjson", "w") as file:
        file.write('{"ts":5,"node":"b","kind":"job"}\n')
    changed = run()
    assert changed.returncode == 1 and changed.stdout.startswith("b: logs 0x")
