"""A small valid verdict bundle made by hand, as {relative path: bytes}, for the tests.

Everything derived is derived here a second time, plainly: one hash at a time, with a recursive
tree, so that a mistake in the checker's fast forms cannot hide in its own fixture.
"""

import base64
import gzip
import hashlib
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from check_bundle import (LEAF_ENCODING, PAYLOAD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE, keccak256,
                          outside_subjects, outside_sums)

EPOCH, PROFILE = 20412, "wireless"
KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2)]
REASONS = [
    {"bit": 3, "class": "spoof", "code": "W1", "severity": 3, "text": "co-located", "unit": "dB"},
    {"bit": 40, "class": "fault", "code": "clock", "severity": 1, "text": "clock off", "unit": "s"},
]
# node, verdict, p_ppb, reasons: é and 𝄞 put UTF-8 order and UTF-16 order apart; one tie in p.
ROWS = [
    ("gw-a", "accept", 700_000_000, []),
    ("gw-b", "reject", 1_234, [("W1", "spoof", 800_000), ("clock", "fault", 1_000)]),
    ("gw-é", "hold", 30_000_001, [("clock", "fault", 1_000_000)]),
    ("gw-｡", "abstain", 1_000_000_000, []),
    ("gw-𝄞", "accept", 700_000_000, []),
]


def jcs(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def pack(data):
    return gzip.compress(data, mtime=0)


def digest(data):
    return hashlib.sha256(data).hexdigest()


def verdict_rows(rows=ROWS):
    """Verdicts with every derived field, q by the definition (a minimum for each rank)."""
    n, out = len(rows), []
    ascending = sorted(row[2] for row in rows)
    for seq, (node, verdict, p, reasons) in enumerate(rows):
        k = ascending.index(p) + 1
        q = min(min(10**9, (n * ascending[j - 1] + j - 1) // j) for j in range(k, n + 1))
        name = node.encode()
        claim = PROFILE.encode() + b"\0" + name + b"\0" + str(EPOCH).encode()
        out.append({
            "epoch": EPOCH, "seq": seq, "profile": PROFILE, "node": node, "group": "all",
            "subject": "0x" + keccak256(name).hex(), "contribution": "0x" + keccak256(claim).hex(),
            "verdict": verdict, "raw_micro": -5 * seq, "p_ppb": p, "q_ppb": q,
            "score_ppm": (10**9 - p) // 1000, "units_micro": 10**6 * seq,
            "evidence": "0x" + digest(name), "supersedes": "0x" + "0" * 64,
            "reasons": [{"code": c, "class": k, "share_ppm": s, "feature": "rssi", "unit": "dB",
                         "observed_micro": -1, "low_micro": 0, "high_micro": 2, "peers": ["gw-a"]}
                        for c, k, s in reasons]})
    return out


def leaf_hash(v):
    def number(value):
        return value.to_bytes(32, "big")

    bits = sum(1 << b for b in {r["bit"] for r in REASONS for x in v["reasons"]
                                if x["code"] == r["code"]})
    code = {"reject": 0, "accept": 1, "hold": 2, "abstain": 255}[v["verdict"]]
    fields = [number(v["epoch"]), number(v["seq"]), bytes.fromhex(v["contribution"][2:]),
              bytes.fromhex(v["subject"][2:]), number(code), number(v["score_ppm"]), number(bits),
              number(v["units_micro"]), bytes.fromhex(v["evidence"][2:]),
              bytes.fromhex(v["supersedes"][2:])]
    return keccak256(keccak256(b"".join(fields)))


def tree_root(hashes):
    """standard-v1 from its definition: sorted leaf j at 2N-2-j, children of i at 2i+1 and 2i+2."""
    n, leaves = len(hashes), sorted(hashes)

    def at(i):
        if i >= n - 1:
            return leaves[2 * n - 2 - i]
        return keccak256(b"".join(sorted((at(2 * i + 1), at(2 * i + 2)))))

    return "0x" + at(0).hex()


def seal(files, predicate, keys=()):
    """Adds statement, manifest and SHA256SUMS over `files`."""
    files = {n: d for n, d in files.items() if n not in
             ("statement.json", "manifest.dsse.json", "SHA256SUMS")}
    subjects = [{"name": n, "digest": {"sha256": digest(
        gzip.decompress(d) if n.endswith(".gz") else d)}}
        for n, d in sorted(files.items()) if not outside_subjects(n)]
    body = jcs({"_type": STATEMENT_TYPE, "subject": subjects, "predicateType": PREDICATE_TYPE,
                "predicate": predicate})
    signed = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} {len(body)} ".encode() + body
    signatures = sorted(({"keyid": k.public_key().public_bytes_raw().hex(),
                          "sig": base64.b64encode(k.sign(signed)).decode()} for k in keys),
                        key=lambda s: s["keyid"])
    files["statement.json"] = body
    files["manifest.dsse.json"] = jcs({"payload": base64.b64encode(body).decode(),
                                       "payloadType": PAYLOAD_TYPE, "signatures": signatures})
    return sums(files)


def sums(files):
    lines = [f"{digest(d)}  {n}\n" for n, d in sorted(files.items()) if not outside_sums(n)]
    return {**files, "SHA256SUMS": "".join(lines).encode()}


def bundle(keys=(), verdicts=None, reasons=REASONS, inputs=None, quarantine=None, predicate=None,
           ledger=None, verdict_file=None):
    """The valid bundle, or one with given parts replaced and everything above them re-sealed."""
    verdicts = verdict_rows() if verdicts is None else verdicts
    if quarantine is None:
        quarantine = [{"file": "a.ndjson", "line": 7, "reason": "range", "detail": "rssi_dbm",
                       "bytes": base64.b64encode(b"{}").decode()}]
    if inputs is None:
        inputs = {"counts": {"read": 10, "used": 8, "duplicate": 1, "quarantined": 1,
                             "ignored_fields": 2},
                  "files": [{"name": "a.ndjson", "bytes": 99, "records": 7, "sha256": "ab" * 32},
                            {"name": "b.ndjson", "bytes": 9, "records": 3, "sha256": "cd" * 32}]}
    empty = keccak256(keccak256(EPOCH.to_bytes(32, "big") + bytes(288)))
    root = tree_root([leaf_hash(v) for v in verdicts] or [empty])
    count = max(1, len(verdicts))
    policy, model = jcs({"reject_q_ppb": 10**7}), jcs({"digest": "0x" + "12" * 32, "name": "m"})
    lines = b"".join(jcs(v) + b"\n" for v in verdicts)
    files = {
        "verdicts/00000.ndjson.gz": pack(lines) if verdict_file is None else verdict_file,
        "reasons.json": jcs(reasons), "inputs.json": jcs(inputs), "policy.json": policy,
        "model.json": model, "reports/summary.json": b"{}",
        "quarantine.ndjson.gz": pack(b"".join(jcs(q) + b"\n" for q in quarantine)),
        "ledger/root.json": jcs({"root": root, "leaf_count": count, "leaf_encoding": LEAF_ENCODING,
                                 "typed_data": None, "signatures": [], **(ledger or {})}),
    }
    counts = {k: sum(v["verdict"] == k for v in verdicts)
              for k in ("accept", "hold", "reject", "abstain")}
    p = {"epoch": EPOCH, "profile": PROFILE, "revision": 0, "counts": counts, "merkle_root": root,
         "leaf_count": count, "model": "0x" + "12" * 32, "policy": "0x" + digest(policy),
         "tool": "assay 1.0.0", **(predicate or {})}
    return seal(files, p, keys)
