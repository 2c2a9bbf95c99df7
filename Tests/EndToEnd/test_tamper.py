"""One changed byte anywhere, or one file more or less, and both verifiers refuse the bundle."""

import gzip
import hashlib
import json
import random
import shutil

import check_bundle
import pytest
from harness import FULL, assert_holds, files_of, run

SAMPLE = 200 if FULL else 7
ALL_BELOW = 300 if FULL else 0  # bytes up to which every position of a file is changed
NAMES = ["SHA256SUMS", "inputs.json", "ledger/root.json", "log/checkpoint",
         "log/inclusion.tlog-proof", "manifest.dsse.json", "model.json",
         "policy.json", "quarantine.ndjson.gz", "reasons.json", "reports/drift.json",
         "reports/report.html", "reports/summary.json", "statement.json",
         "verdicts/00000.ndjson.gz"]


def test_the_bundle_has_the_files_that_are_tampered_with_here(signed):
    assert sorted(files_of(signed)) == NAMES
    assert len(assert_holds(signed)["signers"]) == 2


@pytest.fixture
def copy(tmp_path, signed):
    return shutil.copytree(signed, tmp_path / signed.name)


def assert_refused(bundle, what=""):
    result = run("verify", bundle)
    assert result.code == 1, f"{what}: exit {result.code}: {result.stderr}"
    assert "FAILED" in result.stdout and "good:" not in result.stdout
    assert check_bundle.check(bundle), f"{what}: check_bundle.py accepts it"


def fix_sums(bundle):
    """Makes SHA256SUMS right again, as a forger would: nobody signs it."""
    rows = [f"{hashlib.sha256(data).hexdigest()}  {name}\n"
            for name, data in sorted(files_of(bundle).items())
            if name != "SHA256SUMS" and not name.startswith(("ledger/", "log/"))]
    (bundle / "SHA256SUMS").write_text("".join(rows))


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_byte_is_found(copy, name):
    path = copy / name
    data = path.read_bytes()
    choice = random.Random(name)
    if len(data) < ALL_BELOW or len(data) <= SAMPLE:
        positions = range(len(data))
    else:
        positions = {0, len(data) - 1, *choice.sample(range(len(data)), SAMPLE - 2)}
    for position in sorted(positions):
        changed = bytearray(data)
        changed[position] ^= choice.randrange(1, 256)
        path.write_bytes(changed)
        assert_refused(copy, f"{name}, byte {position} as {changed[position]:#04x}")


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith(".gz")])
def test_a_changed_gzip_header_is_found_though_the_content_is_the_same(copy, name):
    path = copy / name
    data = path.read_bytes()
    for position in (4, 5, 6, 7, 8, 9):  # time, extra flags, operating system
        changed = bytearray(data)
        changed[position] ^= 0x01
        assert gzip.decompress(bytes(changed)) == gzip.decompress(data)
        path.write_bytes(changed)
        assert_refused(copy, f"{name}, header byte {position}")


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith(".gz")])
@pytest.mark.parametrize("pack", [
    lambda data: gzip.compress(data, mtime=1), lambda data: gzip.compress(data, mtime=0) + b"\0",
    lambda data: gzip.compress(data, mtime=0) + gzip.compress(b"", mtime=0)],
    ids=["time", "tail", "member"])
def test_a_file_packed_anew_is_found_even_with_new_sums(copy, name, pack):
    path = copy / name
    path.write_bytes(pack(gzip.decompress(path.read_bytes())))
    fix_sums(copy)
    assert_refused(copy, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_removed_file_is_found(copy, name):
    (copy / name).unlink()
    assert_refused(copy, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_short_or_made_longer_is_found(copy, name):
    data = (copy / name).read_bytes()
    for changed in (b"", data[:-1], data[:len(data) // 2], data + b"\n"):
        (copy / name).write_bytes(changed)
        assert_refused(copy, f"{name}, {len(changed)} bytes")


@pytest.mark.parametrize("name", ["extra", ".hidden", "verdicts/00001.ndjson.gz", "verdicts/extra",
                                  "reports/extra.html", "corrections.ndjson", "deep/er/file",
                                  "ledger/extra", "log/extra"])
@pytest.mark.parametrize("sums_too", [False, True], ids=["", "sums"])
def test_an_added_file_is_found(copy, name, sums_too):
    path = copy / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(b"", mtime=0) if name.endswith(".gz") else b"")
    if sums_too:
        fix_sums(copy)
    assert_refused(copy, name)


@pytest.mark.parametrize("first, second", [
    ("policy.json", "model.json"), ("verdicts/00000.ndjson.gz", "quarantine.ndjson.gz"),
    ("reports/summary.json", "reports/drift.json"), ("statement.json", "manifest.dsse.json"),
    ("inputs.json", "ledger/root.json")])
def test_swapped_files_are_found(copy, first, second):
    one, two = (copy / first).read_bytes(), (copy / second).read_bytes()
    (copy / first).write_bytes(two)
    (copy / second).write_bytes(one)
    assert_refused(copy)
    fix_sums(copy)
    assert_refused(copy)


def test_a_link_in_place_of_a_file_is_found(copy, tmp_path):
    shutil.move(copy / "policy.json", tmp_path / "policy.json")
    (copy / "policy.json").symlink_to(tmp_path / "policy.json")
    assert_refused(copy)


def test_no_signature_is_accepted_as_unsigned_but_not_as_trusted(copy, key_files):
    public = key_files[0][1]
    envelope = json.loads((copy / "manifest.dsse.json").read_bytes())
    envelope["signatures"] = []
    (copy / "manifest.dsse.json").write_bytes(check_bundle.canonical(envelope))
    assert_refused(copy)  # SHA256SUMS still has the signed one
    fix_sums(copy)
    assert_refused(copy)  # the log has it, and says who signed
    shutil.rmtree(copy / "log")
    assert assert_holds(copy)["signers"] == []
    assert "unsigned" in run("verify", copy).stdout
    refused = run("verify", copy, "--trust", public)
    assert refused.code == 1 and public in refused.stdout and "good:" not in refused.stdout


def test_one_signature_of_two_is_left_and_the_other_not_trusted(copy):
    envelope = json.loads((copy / "manifest.dsse.json").read_bytes())
    kept, dropped = envelope["signatures"]
    envelope["signatures"] = [kept]
    (copy / "manifest.dsse.json").write_bytes(check_bundle.canonical(envelope))
    fix_sums(copy)
    assert assert_holds(copy)["signers"] == [kept["keyid"]]
    assert run("verify", copy, "--trust", kept["keyid"]).code == 0
    assert run("verify", copy, "--trust", dropped["keyid"]).code == 1


@pytest.mark.parametrize("forge", [
    lambda s: [s[0], {**s[1], "sig": s[0]["sig"]}], lambda s: [s[1], s[0]], lambda s: [s[0], s[0]],
    lambda s: [{**s[0], "keyid": s[0]["keyid"].upper()}, s[1]],
    lambda s: [{**s[0], "keyid": "00" * 32}, s[1]],
    lambda s: [{**s[0], "sig": s[0]["sig"].rstrip("=")}, s[1]], lambda s: [{**s[0], "x": 1}, s[1]]],
    ids=["another's", "out of order", "twice", "upper case", "zero key", "no padding", "more"])
def test_forged_signatures_are_found_even_with_new_sums(copy, forge):
    envelope = json.loads((copy / "manifest.dsse.json").read_bytes())
    envelope["signatures"] = forge(envelope["signatures"])
    (copy / "manifest.dsse.json").write_bytes(check_bundle.canonical(envelope))
    fix_sums(copy)
    assert_refused(copy)


def rewrite_verdicts(bundle, change):
    """Changes the first verdict, and statement and sums with it, but nothing it derives from."""
    path = bundle / "verdicts/00000.ndjson.gz"
    rows = [json.loads(row) for row in gzip.decompress(path.read_bytes()).split(b"\n")[:-1]]
    change(rows)
    data = b"".join(check_bundle.canonical(row) + b"\n" for row in rows)
    path.write_bytes(gzip.compress(data, mtime=0))
    statement = json.loads((bundle / "statement.json").read_bytes())
    for subject in statement["subject"]:
        if subject["name"] == "verdicts/00000.ndjson.gz":
            subject["digest"]["sha256"] = hashlib.sha256(data).hexdigest()
    (bundle / "statement.json").write_bytes(check_bundle.canonical(statement))
    fix_sums(bundle)


@pytest.mark.parametrize("field, value", [
    ("verdict", "reject"), ("units_micro", 1), ("p_ppb", 1), ("q_ppb", 1), ("score_ppm", 1),
    ("evidence", "0x" + "11" * 32), ("node", "another"), ("seq", 5), ("epoch", 1),
    ("supersedes", "0x" + "22" * 32)])
def test_a_changed_verdict_is_found_though_statement_and_sums_follow(copy, field, value):
    rewrite_verdicts(copy, lambda rows: rows[0].update({field: value}))
    assert_refused(copy, field)


def test_verdicts_out_of_order_or_missing_are_found(copy, tmp_path):
    spare = shutil.copytree(copy, tmp_path / "spare")
    rewrite_verdicts(copy, lambda rows: rows.reverse())
    assert_refused(copy)
    rewrite_verdicts(spare, lambda rows: rows.pop())
    assert_refused(spare)
