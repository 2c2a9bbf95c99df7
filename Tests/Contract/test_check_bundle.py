"""The checker accepts hand-made valid bundles and rejects every change tried on them."""

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from bundle_fixture import (KEYS, REASONS, ROWS, bundle, jcs, leaf_hash, pack, seal, sums,
                            tree_root, verdict_rows)
from check_bundle import (benjamini_hochberg, canonical, check, check_files, keccak256,
                          keccak256_many, leaf_preimage, merkle_root, parse)

SMALL = 4096  # bytes: every byte of files up to this size is flipped, a sample of larger ones


def write(files, root):
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


# Primitives against values from outside

@pytest.mark.parametrize("message, expected", [
    # The empty string and "abc": the Keccak team's vectors for Keccak-256 (original padding).
    (b"", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
    (b"abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
    # ERC-20's Transfer topic.
    (b"Transfer(address,address,uint256)",
     "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"),
    # The type hash stated in the bundle format.
    (b"VerdictRoot(uint64 epoch,uint32 revision,bytes32 root,uint64 leafCount,"
     b"bytes32 manifestHash,bytes32 parent,bytes32 configDigest)",
     "cc1167f9b1078e6283b1d3b9d04d2c5bc7f6198fdd79664db31fc57e426fed5e"),
])
def test_keccak_matches_published_values(message, expected):
    assert keccak256(message).hex() == expected


def test_keccak_of_many_is_keccak_of_each():
    rng = random.Random(1)
    messages = [rng.randbytes(n) for n in list(range(300)) * 4]
    assert keccak256_many(messages) == [keccak256(m) for m in messages]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100])
def test_batched_tree_is_the_tree_of_the_definition(count):
    preimages = [bytes([i]) * 320 for i in range(count)]
    assert merkle_root(preimages) == tree_root([keccak256(keccak256(p)) for p in preimages])


def test_benjamini_hochberg_is_its_definition():
    rng = random.Random(2)
    for n in (0, 1, 2, 17, 60):
        p = [rng.choice([rng.randrange(10**9 + 1), 5, 10**9]) for _ in range(n)]
        s = sorted(p)
        for value, q in zip(p, benjamini_hochberg(p)):
            k = s.index(value) + 1
            assert q == min([10**9] + [-(-n * s[j - 1] // j) for j in range(k, n + 1)])


def test_canonical_orders_keys_by_utf16_units():
    # RFC 8785, section 3.2.3, the example's keys.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(parse(canonical({k: 0 for k in keys}))) == order


# Valid bundles

@pytest.mark.parametrize("keys", [(), KEYS[:1], KEYS])
def test_valid_bundles_pass(keys, tmp_path):
    assert check(write(bundle(keys), tmp_path)) == []


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS[:2]])
def test_few_or_no_verdicts_pass(rows, tmp_path):
    assert check(write(bundle(verdicts=verdict_rows(rows)), tmp_path)) == []


def test_two_verdict_files_pass_and_a_short_first_one_fails(monkeypatch):
    rows = [jcs(v) + b"\n" for v in verdict_rows()]
    monkeypatch.setattr("check_bundle.LINES_PER_FILE", 3)

    def split(at):
        return two_files(pack(b"".join(rows[:at])), pack(b"".join(rows[at:])))

    assert check_files(split(3)) == []
    assert any("2 lines" in f for f in check_files(split(2)))


def two_files(first, second):
    base = bundle()
    predicate = json.loads(base["statement.json"])["predicate"]
    return seal({**base, "verdicts/00000.ndjson.gz": first, "verdicts/00001.ndjson.gz": second},
                predicate)


def test_command_line(tmp_path):
    script = str(Path(__file__).with_name("check_bundle.py"))
    write(bundle(KEYS), tmp_path)
    run = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True)
    assert run.returncode == 0 and run.stdout.endswith(" checks passed\n")
    (tmp_path / "extra").write_text("x")
    run = subprocess.run([sys.executable, script, "--json", tmp_path], capture_output=True,
                         text=True)
    assert run.returncode == 1
    report = json.loads(run.stdout)
    assert report["signatures"] == 2 and len(report["failures"]) == 2
    assert subprocess.run([sys.executable, script], capture_output=True).returncode == 2


def test_links_are_refused(tmp_path):
    write(bundle(), tmp_path)
    (tmp_path / "policy.json").rename(tmp_path / "log")
    (tmp_path / "policy.json").symlink_to(tmp_path / "log")
    assert any("is a link" in f for f in check(tmp_path))


# Any byte

def flips(files, sample=40):
    rng = random.Random(3)
    for name, data in sorted(files.items()):
        everywhere = len(data) <= SMALL
        places = range(len(data)) if everywhere else sorted(rng.sample(range(len(data)), sample))
        for place in places:
            changed = bytearray(data)
            changed[place] ^= 1 << rng.randrange(8)
            yield f"{name}: byte {place}", name, {**files, name: bytes(changed)}


def test_one_flipped_bit_anywhere_is_found():
    for label, _, changed in flips(bundle(KEYS)):
        assert check_files(changed), label


def test_one_flipped_bit_is_found_by_who_trusts_no_sums():
    # The sums are rewritten to fit: the statement, its signatures and the root remain. A gzip
    # header may differ then, since digests are of what it unpacks to.
    for label, name, changed in flips(bundle(KEYS)):
        if name != "SHA256SUMS" and not name.endswith(".gz"):
            assert check_files(sums(changed)), label


def test_flipped_bits_in_a_larger_bundle_are_found():
    rng = random.Random(4)
    rows = [(f"node-{i:05}", "accept", rng.randrange(10**9), []) for i in range(1000)]
    files = bundle(KEYS, verdicts=verdict_rows(rows))
    assert check_files(files) == []
    for label, name, changed in flips(files):
        if len(files[name]) > SMALL:
            assert check_files(changed), label


@pytest.mark.parametrize("name", sorted(bundle(KEYS)))
def test_cut_grown_removed_and_added_files_are_found(name):
    files = bundle(KEYS)
    data = files[name]
    for changed in (data[:-1], data + b"\n", data + b" ", b"", b" " + data):
        assert check_files({**files, name: changed})
    assert check_files({k: v for k, v in files.items() if k != name})
    if not name.startswith("ledger/"):  # what else lies beside the root is not the bundle's
        assert check_files({**files, name + ".old": data})


# Lies that are sealed properly: hashes, statement and signatures all agree with them

def change(place, **fields):
    rows = verdict_rows()
    rows[place].update(fields)
    return {"verdicts": rows}


def reason(**fields):
    rows = verdict_rows()
    rows[1]["reasons"][0].update(fields)
    return {"verdicts": rows}


def inputs(**counts):
    base = json.loads(bundle()["inputs.json"])
    base["counts"].update(counts)
    return {"inputs": base}


def file_entry(**fields):
    base = json.loads(bundle()["inputs.json"])
    base["files"][0].update(fields)
    return {"inputs": base}


def quarantined(**fields):
    return {"quarantine": [{"file": "a.ndjson", "line": 7, "reason": "range", "detail": "",
                            "bytes": "", **fields}]}


def without(place, key):
    rows = verdict_rows()
    del rows[place][key]
    return {"verdict_file": pack(b"".join(jcs(v) + b"\n" for v in rows))}


def swapped():
    rows = verdict_rows([ROWS[1], ROWS[0], *ROWS[2:]])
    return {"verdicts": rows}


LINES = b"".join(jcs(v) + b"\n" for v in verdict_rows())
HALF = LINES.index(b"\n") + 1
LIES = {
    "q_ppb": (change(1, q_ppb=6_171), "expected 6170"),
    "score": (change(1, score_ppm=999_997), "score_ppm"),
    "p above one": (change(3, p_ppb=10**9 + 1), "type or range"),
    "subject": (change(0, subject="0x" + "0" * 64), "subject is not keccak256"),
    "upper-case hash": (change(0, evidence="0x" + "A" * 64), "type or range"),
    "contribution": (change(0, contribution="0x" + "0" * 64), "contribution is not"),
    "another epoch": (change(0, epoch=20413), "epoch or profile differ"),
    "seq": (change(2, seq=5), "seq is 5"),
    "order of nodes": (swapped(), "not after the one before"),
    "field missing": (without(0, "group"), "not the fields of a verdict"),
    "field added": (change(0, note="x"), "not the fields of a verdict"),
    "boolean for a number": (change(1, units_micro=True), "type or range"),
    "large integer": (change(1, raw_micro=2**53), "beyond 2^53-1"),
    "negative units": (
        {"verdict_file": pack(LINES.replace(b'_micro":1000000', b'_micro":-1000000'))},
        "type or range"),
    "verdict changed after sealing": (
        {"verdict_file": pack(LINES.replace(b'"reject"', b'"accept"'))}, "counted"),
    "units changed after sealing": (
        {"verdict_file": pack(LINES.replace(b'_micro":1000000', b'_micro":1000001'))},
        "merkle_root is not"),
    "spaces": ({"verdict_file": pack(LINES.replace(b":", b": ", 1))}, "not canonical"),
    "float": ({"verdict_file": pack(LINES.replace(b'"seq":0', b'"seq":0.0'))}, "not an integer"),
    "repeated key": ({"verdict_file": pack(LINES.replace(b'"seq":0', b'"seq":0,"seq":0'))},
                     "repeats a key"),
    "escaped text": ({"verdict_file": pack(LINES.replace("é".encode(), b"\\u00e9"))},
                     "not canonical"),
    "two members": ({"verdict_file": pack(LINES[:HALF]) + pack(LINES[HALF:])}, "follow the first"),
    "trailing zeros": ({"verdict_file": pack(LINES) + bytes(8)}, "follow the first"),
    "gzip time": ({"verdict_file": gzip.compress(LINES, mtime=1)}, "modification time"),
    "no last line feed": ({"verdict_file": pack(LINES[:-1])}, "line feed"),
    "shares above one": (reason(share_ppm=999_001), "10^6 together"),
    "shares unsorted": (reason(share_ppm=10), "largest share"),
    "class of a reason": (reason(**{"class": "fault"}), "with this class"),
    "float interval": (reason(low_micro="0"), "unexpected fields"),
    "unknown reason field": (reason(note=1), "unexpected fields"),
    "reason not declared": ({"reasons": REASONS[:1]}, "is not in reasons.json"),
    "bit of a reason moved": ({"reasons": [dict(REASONS[0], bit=4), REASONS[1]]}, "merkle_root"),
    "bit too high": ({"reasons": [REASONS[0], dict(REASONS[1], bit=64)]}, "0...63"),
    "bit twice": ({"reasons": [REASONS[0], dict(REASONS[1], bit=3)]}, "a bit repeats"),
    "reasons unsorted": ({"reasons": REASONS[::-1]}, "not sorted by bit"),
    "class unknown": ({"reasons": [*REASONS, dict(REASONS[0], bit=50, code="Z", **{
        "class": "other"})]}, "unknown class"),
    "lost record": (inputs(read=11), "read is not"),
    "used and duplicate": (inputs(used=9), "read is not"),
    "quarantine short": (inputs(quarantined=2, used=7), "1 lines, inputs.json: 2"),
    "records of a file": (file_entry(records=8), "do not sum"),
    "files unsorted": (file_entry(name="z"), "not sorted by name"),
    "quarantine from nowhere": (quarantined(file="c.ndjson"), "not in inputs.json"),
    "quarantine too long": (quarantined(bytes="QUFB" * 172), "unexpected shape"),
    "counts": ({"predicate": {"counts": {"accept": 3, "hold": 1, "reject": 1, "abstain": 0}}},
               "3 accept, counted 2"),
    "extra predicate": ({"predicate": {"note": 1}}, "predicate keys"),
    "leaf count": ({"predicate": {"leaf_count": 6}}, "leaf_count 6"),
    "leaf count of the ledger": ({"ledger": {"leaf_count": 6}}, "leaf_count 6"),
    "root": ({"predicate": {"merkle_root": "0x" + "1" * 64}}, "merkle_root is not"),
    "root of the ledger": ({"ledger": {"root": "0x" + "1" * 64}}, "root is not"),
    "leaf encoding": ({"ledger": {"leaf_encoding": ["uint64"]}}, "leaf_encoding"),
    "policy": ({"predicate": {"policy": "0x" + "1" * 64}}, "policy is not"),
    "model": ({"predicate": {"model": "0x" + "1" * 64}}, "model is not"),
    "signatures of nothing": ({"ledger": {"signatures": ["0x"]}}, "without typed_data"),
}


@pytest.mark.parametrize("name", LIES)
def test_sealed_lies_are_found(name):
    parts, expected = LIES[name]
    failures = check_files(bundle(KEYS, **parts))
    assert any(expected in f for f in failures), failures


def test_forged_signatures_are_found():
    files, other = bundle(KEYS), bundle(KEYS, predicate={"tool": "assay 9"})
    a, b = (json.loads(f["manifest.dsse.json"]) for f in (files, other))

    def swap(signatures):
        return check_files(sums({**files, "manifest.dsse.json": jcs(
            {**a, "signatures": signatures})}))

    assert swap(a["signatures"]) == []
    assert swap([]) == []
    assert any("does not verify" in f for f in swap(b["signatures"]))
    assert any("ascending order" in f for f in swap(a["signatures"][::-1]))
    assert any("ascending order" in f for f in swap(a["signatures"][:1] * 2))
    upper = [dict(a["signatures"][0], keyid=a["signatures"][0]["keyid"].upper())]
    assert any("lower-case" in f for f in swap(upper))


@pytest.mark.parametrize("change", [
    lambda s: s.upper(), lambda s: s.replace(b"  ", b" *"), lambda s: s.replace(b"\n", b"\r\n"),
    lambda s: b"".join(sorted(s.splitlines(True))), lambda s: s + s.splitlines(True)[-1],
    lambda s: s.replace(b"  ", b"  ./"), lambda s: s[s.index(b"\n") + 1:],
])
def test_sums_in_another_form_are_refused(change):
    files = bundle()
    assert check_files({**files, "SHA256SUMS": change(files["SHA256SUMS"])})


def test_typed_data_must_name_this_bundle():
    files = bundle(KEYS)
    root = json.loads(files["ledger/root.json"])
    message = {"epoch": "20412", "revision": 0, "root": root["root"], "leafCount": "5",
               "manifestHash": "0x" + keccak256(files["statement.json"]).hex()}

    def with_message(**fields):
        return check_files({**files, "ledger/root.json": jcs(
            {**root, "typed_data": {"message": {**message, **fields}}})})

    assert with_message() == []
    assert any("revision" in f for f in with_message(revision=1))
    assert any("manifestHash" in f for f in with_message(manifestHash="0x" + "0" * 64))


def test_leaf_matches_the_fixture():
    v = verdict_rows()[1]
    assert merkle_root([leaf_preimage(v, 1 << 3 | 1 << 40)]) == "0x" + leaf_hash(v).hex()
