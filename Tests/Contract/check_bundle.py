#!/usr/bin/env python3
"""Check a verdict bundle with nothing but the bundle.

    python3 check_bundle.py [--json] BUNDLE

This is a second implementation of the bundle format, sharing no code with the one that writes
bundles. It recomputes every value that follows from other bytes of the bundle: file hashes, the
statement, Ed25519 signatures, q-values, subjects, counts, the Merkle root and the log's proof. It does not judge
whether the verdicts are right; that takes the logs and a replay.

Prints `N checks passed` and exits 0, or prints one line per failure and exits 1.
"""

import base64
import gzip
import hashlib
import json
import re
import struct
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LINES_PER_FILE = 65_536
BILLION = 10**9
MILLION = 10**6
SAFE = 2**53 - 1  # the largest integer every JSON reader keeps exactly
ZERO32 = "0x" + "00" * 32
HEX32 = re.compile(r"0x[0-9a-f]{64}")
VERDICT_CODE = {"reject": 0, "accept": 1, "hold": 2, "abstain": 255}
REASON_CLASSES = {"spoof", "fault", "evidence", "verifier"}
LEAF_ENCODING = ["uint64", "uint32", "bytes32", "bytes32", "uint8", "uint32", "uint64", "uint64",
                 "bytes32", "bytes32"]
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:assay:verdicts:v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
PREDICATE_KEYS = {"epoch", "profile", "revision", "counts", "merkle_root", "leaf_count", "model",
                  "policy", "tool"}
VERDICT_KEYS = {"epoch", "seq", "profile", "node", "group", "subject", "contribution", "verdict",
                "raw_micro", "p_ppb", "q_ppb", "score_ppm", "units_micro", "evidence", "reasons",
                "supersedes"}
REASON_KEYS = {"code", "class", "share_ppm"}
REASON_OPTIONAL = {"feature": str, "observed_micro": int, "low_micro": int, "high_micro": int,
                   "unit": str, "peers": list}
LEDGER_FILES = {"ledger/root.json", "ledger/config.json", "ledger/tx.json"}
LOG_CHECKPOINT, LOG_PROOF = "log/checkpoint", "log/inclusion.tlog-proof"
REQUIRED = ["SHA256SUMS", "statement.json", "manifest.dsse.json", "reasons.json", "inputs.json",
            "quarantine.ndjson.gz", "policy.json", "model.json", "ledger/root.json"]


# Keccak-256 ---------------------------------------------------------------------------------------
# One Python integer holds the same lane of many messages side by side, so a round costs a few
# operations on long integers for all of them. That makes pure Python fast enough for large bundles.

_RATE = 136
_BATCH = 1024
_MASK64 = 2**64 - 1


def _keccak_constants():
    rotations, x, y = [0] * 25, 1, 0
    for t in range(24):
        rotations[x + 5 * y] = (t + 1) * (t + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    rounds, state = [], 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            if state & 1:
                constant |= 1 << (2**j - 1)
            state = (state << 1) ^ (0x171 if state & 0x80 else 0)
        rounds.append(constant)
    return rotations, rounds


_ROTATIONS, _ROUNDS = _keccak_constants()


def _permute(a, ones, full):
    """Keccak-f[1600] on 25 lanes of many states; `ones` has bit 0 of each 64-bit word set."""
    low = [ones * ((1 << r) - 1) for r in range(64)]
    high = [full ^ m for m in low]

    def rotate(v, r):
        return ((v << r) & high[r]) | ((v >> (64 - r)) & low[r])

    for constant in _ROUNDS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)]
        b = [0] * 25
        for y in range(5):
            for x in range(5):
                i = x + 5 * y
                b[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(a[i] ^ d[x], _ROTATIONS[i])
        for y in range(0, 25, 5):
            row = b[y:y + 5]
            for x in range(5):
                a[y + x] = row[x] ^ ((row[(x + 1) % 5] ^ full) & row[(x + 2) % 5])
        a[0] ^= ones * constant
    return a


def _keccak_batch(messages, blocks):
    count = len(messages)
    ones = int.from_bytes((b"\1" + bytes(7)) * count, "little")
    full = ones * _MASK64
    state = [0] * 25
    words = []
    for message in messages:
        padded = bytearray(message) + bytearray(blocks * _RATE - len(message))
        padded[len(message)] ^= 0x01
        padded[-1] ^= 0x80
        words.append(struct.unpack("<%dQ" % (17 * blocks), padded))
    lanes = list(zip(*words))
    pack = "<%dQ" % count
    for block in range(blocks):
        for lane in range(17):
            values = lanes[17 * block + lane]
            state[lane] ^= int.from_bytes(struct.pack(pack, *values), "little")
        state = _permute(state, ones, full)
    out = [struct.unpack(pack, state[i].to_bytes(8 * count, "little")) for i in range(4)]
    return [struct.pack("<4Q", *quad) for quad in zip(*out)]


def keccak256_many(messages):
    """Keccak-256 (original padding, as Ethereum uses it) of each message, in order."""
    by_blocks = {}
    for i, message in enumerate(messages):
        by_blocks.setdefault(len(message) // _RATE + 1, []).append(i)
    out = [b""] * len(messages)
    for blocks, indices in by_blocks.items():
        for start in range(0, len(indices), _BATCH):
            part = indices[start:start + _BATCH]
            for i, digest in zip(part, _keccak_batch([messages[i] for i in part], blocks)):
                out[i] = digest
    return out


def keccak256(message):
    return keccak256_many([message])[0]


# JSON and gzip ------------------------------------------------------------------------------------

def _no_float(text):
    raise ValueError("not an integer: " + text)


def parse(data):
    """JSON of integers, strings, booleans, null, arrays and objects, without repeated keys."""
    def pairs(items):
        result = dict(items)
        if len(result) != len(items):
            raise ValueError("an object repeats a key")
        return result

    return json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_float=_no_float,
                      parse_constant=_no_float)


def _sorted_keys(value):
    if isinstance(value, dict):  # RFC 8785 orders keys by UTF-16 code units
        keys = sorted(value, key=lambda k: k.encode("utf-16-be", "surrogatepass"))
        return {k: _sorted_keys(value[k]) for k in keys}
    if isinstance(value, list):
        return [_sorted_keys(v) for v in value]
    return value


def canonical(value):
    """RFC 8785 bytes of a value without floating-point numbers."""
    text = json.dumps(_sorted_keys(value), separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def integers_in(value):
    if isinstance(value, dict):
        for v in value.values():
            yield from integers_in(v)
    elif isinstance(value, list):
        for v in value:
            yield from integers_in(v)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value


def is_int(value, low=-SAFE, high=SAFE):
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def gunzip_one(raw):
    """The content of exactly one gzip member with nothing after it."""
    inflate = gzip.zlib.decompressobj(wbits=31)
    data = inflate.decompress(raw) + inflate.flush()
    if not inflate.eof:
        raise ValueError("the gzip member is cut short")
    if inflate.unused_data:
        raise ValueError("bytes follow the first gzip member")
    return data


def split_lines(data):
    if data and not data.endswith(b"\n"):
        raise ValueError("the last line has no line feed")
    return data.split(b"\n")[:-1]


# Merkle tree --------------------------------------------------------------------------------------

def word(value):
    return value.to_bytes(32, "big")


def leaf_preimage(verdict, bits):
    return b"".join([
        word(verdict["epoch"]), word(verdict["seq"]), bytes.fromhex(verdict["contribution"][2:]),
        bytes.fromhex(verdict["subject"][2:]), word(VERDICT_CODE[verdict["verdict"]]),
        word(verdict["score_ppm"]), word(bits), word(verdict["units_micro"]),
        bytes.fromhex(verdict["evidence"][2:]), bytes.fromhex(verdict["supersedes"][2:])])


def sentinel_preimage(epoch):
    return word(epoch) + bytes(9 * 32)


def merkle_root(preimages):
    """Root of OpenZeppelin's standard-v1 tree over abi-encoded leaves."""
    leaves = sorted(keccak256_many(keccak256_many(preimages)))
    count = len(leaves)
    tree = [b""] * (count - 1) + leaves[::-1]
    last = count - 2
    while last >= 0:  # nodes first...last have all their children beyond `last`, so hash at once
        first = (last + 1) // 2
        pairs = [b"".join(sorted(tree[2 * i + 1:2 * i + 3])) for i in range(first, last + 1)]
        tree[first:last + 1] = keccak256_many(pairs)
        last = first - 1
    return "0x" + tree[0].hex()


def benjamini_hochberg(p_ppb):
    """q_(k) = min over j >= k of min(10^9, ceil(n p_(j) / j)), p ascending, back in input order."""
    n = len(p_ppb)
    q, smallest = [0] * n, BILLION
    order = sorted(range(n), key=lambda i: p_ppb[i])
    for rank in range(n, 0, -1):
        i = order[rank - 1]
        smallest = min(smallest, -(-n * p_ppb[i] // rank))
        q[i] = smallest
    return q


# The checks ---------------------------------------------------------------------------------------

def read_bundle(path):
    """Every file below `path` as {relative posix path: bytes}; links are refused."""
    root, files = Path(path), {}
    if not root.is_dir():
        raise ValueError(f"{path} is not a folder")
    for item in sorted(root.rglob("*")):
        if item.is_symlink():
            raise ValueError(f"{item.relative_to(root).as_posix()} is a link")
        if item.is_file():
            files[item.relative_to(root).as_posix()] = item.read_bytes()
    return files


def outside_sums(name):
    return name == "SHA256SUMS" or name.startswith(("ledger/", "log/"))


def outside_subjects(name):
    return outside_sums(name) or name in ("statement.json", "manifest.dsse.json")


class Checker:
    """Runs the checks over {path: bytes}; `failures` has one line per broken rule."""

    def __init__(self, files):
        self.files = files
        self.passed = 0
        self.failures = []
        self.signatures = 0
        self.statement = None
        self.predicate = {}
        self.reasons = {}
        self.verdicts = []
        self.content = {}

    def expect(self, condition, message):
        if condition:
            self.passed += 1
        else:
            self.failures.append(message)
        return bool(condition)

    def run(self):
        for name in REQUIRED:
            self.expect(name in self.files, f"{name}: missing")
        steps = [("SHA256SUMS", self.check_sums), ("statement.json", self.check_statement),
                 ("manifest.dsse.json", self.check_manifest), ("reasons.json", self.check_reasons),
                 ("inputs.json", self.check_inputs), ("verdicts", self.check_verdicts),
                 ("ledger/root.json", self.check_ledger),
                 ("corrections.ndjson", self.check_corrections), ("log", self.check_log)]
        for name, step in steps:
            if name in REQUIRED and name not in self.files:
                continue
            try:
                step()
            except (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError,
                    RecursionError, gzip.zlib.error) as error:
                self.failures.append(f"{name}: unreadable: {type(error).__name__}: {error}")
        return self

    def json_file(self, name, is_canonical):
        value = parse(self.files[name])
        if is_canonical:
            self.expect(canonical(value) == self.files[name], f"{name}: not canonical JSON")
            self.expect(all(abs(i) <= SAFE for i in integers_in(value)),
                        f"{name}: an integer is beyond 2^53-1")
        return value

    def unpacked(self, name):
        if name not in self.content:
            raw = self.files[name]
            self.expect(raw[4:8] == bytes(4), f"{name}: gzip modification time is not zero")
            self.content[name] = gunzip_one(raw)
        return self.content[name]

    def check_sums(self):
        listed, order = {}, []
        for number, line in enumerate(split_lines(self.files["SHA256SUMS"]), 1):
            match = re.fullmatch(rb"([0-9a-f]{64})  ([^\n]+)", line)
            if self.expect(match, f"SHA256SUMS:{number}: not `hash, two spaces, path`"):
                name = match[2].decode("utf-8")
                order.append(match[2])
                listed[name] = match[1].decode()
        ascending = all(a < b for a, b in zip(order, order[1:]))
        self.expect(ascending, "SHA256SUMS: paths are not in ascending order, each once")
        covered = {name for name in self.files if not outside_sums(name)}
        for name in sorted(covered - set(listed)):
            self.expect(False, f"{name}: not listed in SHA256SUMS")
        for name, digest in listed.items():
            if not self.expect(name in covered, f"SHA256SUMS lists {name}, which is not there"):
                continue
            actual = hashlib.sha256(self.files[name]).hexdigest()
            self.expect(actual == digest, f"{name}: SHA-256 differs from SHA256SUMS")

    def check_statement(self):
        name = "statement.json"
        statement = self.json_file(name, True)
        self.expect(set(statement) == {"_type", "subject", "predicateType", "predicate"},
                    f"{name}: unexpected keys")
        self.expect(statement["_type"] == STATEMENT_TYPE, f"{name}: wrong _type")
        self.expect(statement["predicateType"] == PREDICATE_TYPE, f"{name}: wrong predicateType")
        self.check_subjects(statement["subject"])
        p = statement["predicate"]
        self.expect(set(p) == PREDICATE_KEYS, f"{name}: unexpected predicate keys")
        self.statement, self.predicate = statement, p
        self.expect(is_int(p["epoch"], 0), f"{name}: epoch is not an integer")
        self.expect(is_int(p["revision"], 0, 2**32 - 1), f"{name}: revision is not an integer")
        self.expect(is_int(p["leaf_count"], 1), f"{name}: leaf_count is not a positive integer")
        self.expect(isinstance(p["profile"], str) and p["profile"], f"{name}: no profile")
        self.expect(HEX32.fullmatch(p["merkle_root"]), f"{name}: merkle_root is not 0x + 64 hex")
        self.expect(set(p["counts"]) == set(VERDICT_CODE), f"{name}: unexpected counts")
        policy = "0x" + hashlib.sha256(self.files["policy.json"]).hexdigest()
        self.expect(p["policy"] == policy, f"{name}: policy is not the SHA-256 of policy.json")
        model = json.loads(self.files["model.json"].decode("utf-8"))
        self.expect(isinstance(model["digest"], str) and HEX32.fullmatch(model["digest"]),
                    "model.json: digest is not 0x + 64 hex")
        self.expect(p["model"] == model["digest"], f"{name}: model is not model.json's digest")

    def check_subjects(self, subjects):
        names = [s["name"] for s in subjects]
        ascending = all(a.encode() < b.encode() for a, b in zip(names, names[1:]))
        self.expect(ascending, "statement.json: subjects are not in ascending order, each once")
        expected = {name for name in self.files if not outside_subjects(name)}
        for name in sorted(expected.symmetric_difference(names)):
            self.expect(False, f"{name}: a file or a subject of statement.json, but not both")
        for s in subjects:
            shape = set(s) == {"name", "digest"} and set(s["digest"]) == {"sha256"}
            self.expect(shape, f"statement.json: subject {s['name']}: unexpected keys")
            if s["name"] in expected:
                is_gzip = s["name"].endswith(".gz")
                data = self.unpacked(s["name"]) if is_gzip else self.files[s["name"]]
                self.expect(s["digest"]["sha256"] == hashlib.sha256(data).hexdigest(),
                            f"{s['name']}: SHA-256 differs from statement.json")

    def check_manifest(self):
        name = "manifest.dsse.json"
        envelope = self.json_file(name, True)
        self.expect(set(envelope) == {"payload", "payloadType", "signatures"},
                    f"{name}: unexpected keys")
        self.expect(envelope["payloadType"] == PAYLOAD_TYPE, f"{name}: wrong payloadType")
        body = self.files["statement.json"]
        self.expect(envelope["payload"] == base64.b64encode(body).decode(),
                    f"{name}: payload is not the base64 of statement.json")
        kind = PAYLOAD_TYPE.encode()
        signed = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)
        keys = [s["keyid"] for s in envelope["signatures"]]
        self.expect(all(a < b for a, b in zip(keys, keys[1:])),
                    f"{name}: signatures are not in ascending order of keyid, each once")
        for s in envelope["signatures"]:
            self.check_signature(name, s, signed)
        self.signatures = len(keys)

    def check_signature(self, name, signature, signed):
        key = signature["keyid"]
        label = f"{name}: signature {key[:16]}"
        self.expect(set(signature) == {"keyid", "sig"}, f"{label}: unexpected keys")
        if not self.expect(re.fullmatch(r"[0-9a-f]{64}", key),
                           f"{label}: keyid is not the lower-case hex of a 32-byte key"):
            return
        raw = base64.b64decode(signature["sig"], validate=True)
        self.expect(base64.b64encode(raw).decode() == signature["sig"],
                    f"{label}: sig is not standard base64")
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(raw, signed)
            self.expect(True, "")
        except InvalidSignature:
            self.expect(False, f"{label}: does not verify")

    def check_reasons(self):
        name = "reasons.json"
        rows = self.json_file(name, False)
        bits = [r["bit"] for r in rows]
        self.expect(all(is_int(b, 0, 63) for b in bits), f"{name}: a bit is not within 0...63")
        self.expect(all(a < b for a, b in zip(bits, bits[1:])),
                    f"{name}: not sorted by bit, or a bit repeats")
        for r in rows:
            self.expect(set(r) == {"code", "bit", "class", "severity", "text", "unit"},
                        f"{name}: {r['code']}: unexpected keys")
            self.expect(r["class"] in REASON_CLASSES, f"{name}: {r['code']}: unknown class")
            self.reasons[r["code"]] = r
        self.expect(len(self.reasons) == len(rows), f"{name}: a code repeats")

    def check_inputs(self):
        inputs = self.json_file("inputs.json", False)
        self.expect(set(inputs) == {"counts", "files"}, "inputs.json: unexpected keys")
        counts, files = inputs["counts"], inputs["files"]
        self.expect(set(counts) == {"read", "used", "duplicate", "quarantined", "ignored_fields"},
                    "inputs.json: unexpected counts")
        self.expect(all(is_int(c, 0) for c in counts.values()),
                    "inputs.json: a count is not a non-negative integer")
        total = counts["used"] + counts["duplicate"] + counts["quarantined"]
        self.expect(counts["read"] == total,
                    "inputs.json: read is not used + duplicate + quarantined")
        for f in files:
            shape = (set(f) == {"name", "bytes", "records", "sha256"} and is_int(f["bytes"], 0)
                     and is_int(f["records"], 0)
                     and re.fullmatch(r"(0x)?[0-9a-f]{64}", f["sha256"]))
            self.expect(shape, f"inputs.json: {f['name']}: unexpected shape")
        names = [f["name"].encode() for f in files]
        self.expect(names == sorted(names), "inputs.json: files are not sorted by name")
        self.expect(sum(f["records"] for f in files) == counts["read"],
                    "inputs.json: the files' records do not sum to read")
        self.check_quarantine(counts["quarantined"], {f["name"] for f in files})

    def check_quarantine(self, expected, names):
        name = "quarantine.ndjson.gz"
        lines = split_lines(self.unpacked(name))
        self.expect(len(lines) == expected, f"{name}: {len(lines)} lines, inputs.json: {expected}")
        for number, line in enumerate(lines, 1):
            row = parse(line)
            shape = (set(row) == {"file", "line", "reason", "detail", "bytes"}
                     and is_int(row["line"], 1) and isinstance(row["reason"], str) and row["reason"]
                     and isinstance(row["detail"], str)
                     and len(base64.b64decode(row["bytes"], validate=True)) <= 512)
            self.expect(shape, f"{name}:{number}: unexpected shape")
            self.expect(row["file"] in names,
                        f"{name}:{number}: {row['file']} is not in inputs.json")

    def check_verdicts(self):
        names = sorted(n for n in self.files if n.startswith("verdicts/"))
        wanted = ["verdicts/%05d.ndjson.gz" % i for i in range(len(names))]
        self.expect(names == wanted, "verdicts/: names are not consecutive from 00000")
        for i, name in enumerate(names):
            lines = split_lines(self.unpacked(name))
            full = len(lines) == LINES_PER_FILE
            last = i == len(names) - 1 and (0 < len(lines) <= LINES_PER_FILE or len(names) == 1)
            self.expect(full or last, f"{name}: {len(lines)} lines")
            for number, line in enumerate(lines, 1):
                self.check_line(f"{name}:{number}", line)
        for seq, v in enumerate(self.verdicts):
            self.expect(v["seq"] == seq, f"verdict {seq}: seq is {v['seq']}")
        nodes = [v["node"].encode("utf-8") for v in self.verdicts]
        for seq in range(1, len(nodes)):
            self.expect(nodes[seq - 1] < nodes[seq],
                        f"verdict {seq}: node is not after the one before")
        self.check_identities(nodes)
        for v, q in zip(self.verdicts, benjamini_hochberg([v["p_ppb"] for v in self.verdicts])):
            self.expect(v["q_ppb"] == q, f"verdict {v['seq']}: q_ppb {v['q_ppb']}, expected {q}")
        for verdict, count in self.predicate["counts"].items():
            actual = sum(v["verdict"] == verdict for v in self.verdicts)
            self.expect(actual == count, f"statement.json: {count} {verdict}, counted {actual}")

    def check_line(self, place, line):
        v = parse(line)
        self.expect(canonical(v) == line, f"{place}: not canonical JSON")
        if not self.expect(set(v) == VERDICT_KEYS, f"{place}: not the fields of a verdict"):
            return
        self.verdicts.append(v)
        self.expect(all(abs(i) <= SAFE for i in integers_in(v)), f"{place}: beyond 2^53-1")
        texts = all(isinstance(v[k], str) for k in ("node", "profile", "group"))
        hashes = all(isinstance(v[k], str) and HEX32.fullmatch(v[k])
                     for k in ("subject", "contribution", "evidence", "supersedes"))
        numbers = (is_int(v["seq"], 0, 2**32 - 1) and is_int(v["raw_micro"])
                   and is_int(v["p_ppb"], 0, BILLION) and is_int(v["q_ppb"], 0, BILLION)
                   and is_int(v["score_ppm"], 0, MILLION) and is_int(v["units_micro"], 0))
        self.expect(texts and hashes and numbers, f"{place}: a field has the wrong type or range")
        self.expect(1 <= len(v["node"].encode("utf-8")) <= 256, f"{place}: node length")
        self.expect(is_int(v["epoch"], 0) and v["epoch"] == self.predicate["epoch"]
                    and v["profile"] == self.predicate["profile"],
                    f"{place}: epoch or profile differ from statement.json")
        self.expect(v["verdict"] in VERDICT_CODE, f"{place}: unknown verdict")
        self.expect(v["score_ppm"] == (BILLION - v["p_ppb"]) // 1000,
                    f"{place}: score_ppm is not (10^9 - p_ppb) / 1000")
        self.check_line_reasons(place, v["reasons"])

    def check_line_reasons(self, place, reasons):
        shares = [r["share_ppm"] for r in reasons]
        self.expect(all(is_int(s, 0, MILLION) for s in shares) and sum(shares) <= MILLION,
                    f"{place}: shares are not within 0...10^6 together")
        self.expect(shares == sorted(shares, reverse=True), f"{place}: largest share is not first")
        for r in reasons:
            known = self.reasons.get(r["code"])
            self.expect(known and known["class"] == r["class"],
                        f"{place}: reason {r['code']} is not in reasons.json with this class")
            extra = set(r) - REASON_KEYS
            shape = extra <= set(REASON_OPTIONAL) and all(
                isinstance(r[k], REASON_OPTIONAL[k]) and not isinstance(r[k], bool) for k in extra)
            peers = all(isinstance(p, str) for p in r.get("peers", []))
            self.expect(shape and peers, f"{place}: reason {r['code']}: unexpected fields")

    def check_identities(self, nodes):
        epoch, profile = str(self.predicate["epoch"]), self.predicate["profile"]
        tail, head = b"\0" + epoch.encode(), profile.encode("utf-8") + b"\0"
        subjects = keccak256_many(nodes)
        contributions = keccak256_many([head + node + tail for node in nodes])
        for v, subject, contribution in zip(self.verdicts, subjects, contributions):
            self.expect(v["subject"] == "0x" + subject.hex(),
                        f"verdict {v['seq']}: subject is not keccak256(node)")
            self.expect(v["contribution"] == "0x" + contribution.hex(),
                        f"verdict {v['seq']}: contribution is not keccak256(profile, node, epoch)")

    def bits(self, verdict):
        out = 0
        for r in verdict["reasons"]:
            out |= 1 << self.reasons[r["code"]]["bit"]
        return out

    def check_ledger(self):
        name = "ledger/root.json"
        self.expect({n for n in self.files if n.startswith("ledger/")} <= LEDGER_FILES,
                    "ledger: unexpected files")
        ledger = self.json_file(name, True)
        self.expect(set(ledger) == {"root", "leaf_count", "leaf_encoding", "typed_data",
                                    "signatures"}, f"{name}: unexpected keys")
        self.expect(ledger["leaf_encoding"] == LEAF_ENCODING, f"{name}: wrong leaf_encoding")
        p = self.predicate
        leaves = ([leaf_preimage(v, self.bits(v)) for v in self.verdicts]
                  or [sentinel_preimage(p["epoch"])])
        for source, count in (("statement.json", p["leaf_count"]), (name, ledger["leaf_count"])):
            self.expect(is_int(count) and count == len(leaves),
                        f"{source}: leaf_count {count}, counted {len(leaves)}")
        root = merkle_root(leaves)
        self.expect(p["merkle_root"] == root, f"statement.json: merkle_root is not {root}")
        self.expect(ledger["root"] == root, f"{name}: root is not {root}")
        if ledger["typed_data"] is None:
            self.expect(ledger["signatures"] == [], f"{name}: signatures without typed_data")
        else:
            self.check_typed_data(name, ledger["typed_data"]["message"], root, len(leaves))

    def check_typed_data(self, name, message, root, count):
        p = self.predicate
        expected = {"epoch": p["epoch"], "revision": p["revision"], "root": int(root, 16),
                    "leafCount": count,
                    "manifestHash": int.from_bytes(keccak256(self.files["statement.json"]), "big")}
        for key, value in expected.items():
            given = message[key]
            given = int(given, 0) if isinstance(given, str) else given
            self.expect(given == value, f"{name}: typed_data {key} differs from the bundle")

    def check_corrections(self):
        name = "corrections.ndjson"
        for number, line in enumerate(split_lines(self.files.get(name, b"")), 1):
            v = parse(line)
            self.expect(canonical(v) == line, f"{name}:{number}: not canonical JSON")
            self.expect(set(v) == VERDICT_KEYS, f"{name}:{number}: not the fields of a verdict")
            self.expect(HEX32.fullmatch(v["supersedes"]) and v["supersedes"] != ZERO32,
                        f"{name}:{number}: names no leaf it supersedes")
        listed = [parse(line) for line in split_lines(self.files.get(name, b""))]
        self.expect(listed == [v for v in self.verdicts if v["supersedes"] != ZERO32],
                    f"{name}: does not list the verdicts that supersede others")

    def check_log(self):
        """RFC 6962 inclusion of the statement, in a checkpoint that the bundle's signers signed."""
        names = {n for n in self.files if n.startswith("log/")}
        if not names:
            return
        if not self.expect(names == {LOG_CHECKPOINT, LOG_PROOF}, "log: unexpected files"):
            return
        note = self.files[LOG_CHECKPOINT]
        head, _, rest = self.files[LOG_PROOF].partition(b"\n\n")
        self.expect(rest == note, f"{LOG_PROOF}: of another checkpoint")
        lines = head.decode().split("\n")
        self.expect(lines[0] == "c2sp.org/tlog-proof@v1", f"{LOG_PROOF}: another format")
        index = re.fullmatch(r"index (0|[1-9][0-9]*)", lines[1])
        body, _, signatures = note.partition(b"\n\n")
        origin, size, root = body.decode().split("\n")[:3]
        p = self.predicate
        entry = canonical({"epoch": p["epoch"], "profile": p["profile"], "revision": p["revision"],
                           "statement": "0x" + sha256(self.files["statement.json"]).hex()})
        path = [decode64(line) for line in lines[2:]]
        found = index and inclusion_root(sha256(b"\0" + entry), int(index[1]), int(size), path)
        self.expect(found == decode64(root), f"{LOG_PROOF}: does not lead to the checkpoint")
        keys = [s["keyid"] for s in parse(self.files["manifest.dsse.json"])["signatures"]]
        good = [k for k in keys if self.has_signed(k, origin, body + b"\n", signatures)]
        self.expect(good, f"{LOG_CHECKPOINT}: not signed by who signed the bundle")

    @staticmethod
    def has_signed(key, origin, text, signatures):
        public = bytes.fromhex(key)
        key_id = sha256(origin.encode() + b"\n\x01" + public)[:4]
        for line in signatures.decode().splitlines():
            raw = decode64(line.rsplit(" ", 1)[1])
            if line == f"\u2014 {origin} {base64.b64encode(raw).decode()}" and raw[:4] == key_id:
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(raw[4:], text)
                    return True
                except InvalidSignature:
                    return False
        return False


def sha256(data):
    return hashlib.sha256(data).digest()


def decode64(text):
    return base64.b64decode(text, validate=True)


def inclusion_root(node, index, size, path):
    """The root that a leaf's proof leads to (RFC 9162, 2.1.3.2); None for one of the wrong length."""
    last = size - 1
    if not 0 <= index <= last:
        return None
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = sha256(b"\1" + sibling + node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + sibling)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


def check_files(files):
    """Failures of a bundle held in memory as {relative path: bytes}."""
    return Checker(files).run().failures


def check(path):
    """Failures of the bundle folder at `path`, one line each; empty when it holds."""
    try:
        return check_files(read_bundle(path))
    except (ValueError, OSError) as error:
        return [str(error)]


def main(arguments):
    as_json = "--json" in arguments
    rest = [a for a in arguments if a != "--json"]
    if len(rest) != 1 or rest[0].startswith("-"):
        print("usage: check_bundle.py [--json] BUNDLE", file=sys.stderr)
        return 2
    try:
        result = Checker(read_bundle(rest[0])).run()
    except (ValueError, OSError) as error:
        result = Checker({})
        result.failures = [str(error)]
    if as_json:
        print(json.dumps({"ok": not result.failures, "passed": result.passed,
                          "signatures": result.signatures, "verdicts": len(result.verdicts),
                          "failures": result.failures}, indent=2))
    else:
        for failure in result.failures:
            print(failure)
        if not result.failures:
            how = f"{result.signatures} signatures" if result.signatures else "unsigned"
            print(f"{result.passed} checks passed")
            print(f"{len(result.verdicts)} verdicts, {how}", file=sys.stderr)
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
