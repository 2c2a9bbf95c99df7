"""Records that are appended to the epoch's log."""

import concurrent.futures
import datetime
import json

import pytest
from verifier import key

TODAY = int(datetime.datetime.now(datetime.UTC).timestamp()) // 86_400


def batch(name, count=5):
    """NDJSON of today's records of one node."""
    start = TODAY * 86_400_000
    return b"".join(
        json.dumps({"ts": start + index, "node": name, "kind": "packet", "rssi_dbm": -90 - index}
                   ).encode() + b"\n" for index in range(count))


def log(folder, profile="wireless"):
    """The lines of the epoch's log that are not blank."""
    parts = (folder / profile / f"epoch-{TODAY:06}").glob("part-*.ndjson")
    lines = b"".join(part.read_bytes() for part in sorted(parts)).splitlines(keepends=True)
    return b"".join(line for line in lines if line.strip())


def test_records_are_in_the_log_before_the_answer(start, tmp_path):
    client = start("--profile", "wireless", "--intake", tmp_path / "in").client()
    answer = client.records("wireless", TODAY, "a", batch("n1"))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert (body["batch_id"], body["accepted"], body["duplicate"]) == ("a", 5, False)
    assert log(tmp_path / "in") == batch("n1")


def test_a_repeated_batch_is_there_once_and_other_bytes_are_a_conflict(start, tmp_path):
    client = start("--profile", "wireless", "--intake", tmp_path / "in").client()
    first = client.records("wireless", TODAY, "a", batch("n1")).json()
    again = client.records("wireless", TODAY, "a", batch("n1"))
    assert again.json() == {**first, "duplicate": True}
    other = client.records("wireless", TODAY, "a", batch("n2"))
    assert other.status_code == 409 and other.json()["code"] == "batch_conflict"
    assert log(tmp_path / "in") == batch("n1")


def test_many_batches_at_once_are_all_there_once(start, tmp_path):
    verifier = start("--profile", "wireless", "--intake", tmp_path / "in")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(
            lambda n: verifier.client().records("wireless", TODAY, f"b{n % 40}", batch(f"n{n % 40}")),
            range(120)))
    assert {answer.status_code for answer in answers} == {200}
    assert sum(not answer.json()["duplicate"] for answer in answers) == 40
    lines = log(tmp_path / "in").splitlines()
    assert len(lines) == len(set(lines)) == 200


def test_batches_of_different_keys_do_not_meet(start, tmp_path):
    keys = tmp_path / "keys.json"
    one, two = (key(keys, name, "--scope", "intake") for name in ("one", "two"))
    verifier = start("--profile", "wireless", "--intake", tmp_path / "in", "--keys", keys)
    assert verifier.client(one).records("wireless", TODAY, "a", batch("n1")).status_code == 200
    assert verifier.client(two).records("wireless", TODAY, "a", batch("n2")).status_code == 200
    assert len(log(tmp_path / "in").splitlines()) == 10


def test_repeats_and_refusals_cost_no_quota_and_records_are_counted_once(start, tmp_path):
    keys = tmp_path / "keys.json"
    text = key(keys, "small", "--scope", "intake", "--scope", "metrics", "--records-per-day", "12")
    client = start("--profile", "wireless", "--intake", tmp_path / "in", "--keys",
                   keys).client(text)
    assert client.records("wireless", TODAY, "a", batch("n1")).status_code == 200
    for _ in range(3):
        assert client.records("wireless", TODAY, "a", batch("n1")).json()["duplicate"]
    other = client.records("wireless", TODAY, "a", batch("n2"))
    assert other.json()["code"] == "batch_conflict"
    assert client.records("wireless", TODAY, "b", batch("n2")).status_code == 200
    spent = client.records("wireless", TODAY, "c", batch("n3"))
    assert spent.status_code == 429 and spent.json()["code"] == "quota_spent"
    assert client.metrics()[("assay_intake_records_total", ())] == 10


@pytest.mark.parametrize("path, headers, code", [
    ("?profile=wireless", {}, "missing_parameter"), ("?epoch={0}", {}, "missing_parameter"),
    ("?profile=wireless&epoch=today", {}, "missing_parameter"),
    ("?profile=wireless&epoch={0}&x=1", {}, "unknown_parameter"),
    ("?profile=wireless&profile=compute&epoch={0}", {}, "bad_parameter"),
    ("?profile=wireless&epoch=%FF", {}, "bad_parameter"),
    ("?profile=balloons&epoch={0}", {}, "unknown_profile"),
    ("?profile=wireless&epoch=1", {}, "epoch_out_of_range"),
    ("?profile=wireless&epoch=-9223372036854775808", {}, "epoch_out_of_range"),
    ("?profile=wireless&epoch={0}", {"Idempotency-Key": None}, "missing_idempotency_key"),
    ("?profile=wireless&epoch={0}", {"Idempotency-Key": "x" * 129}, "bad_batch_id"),
    ("?profile=wireless&epoch={0}", {"Idempotency-Key": "ü"}, "bad_batch_id")])
def test_what_is_missing_or_wrong_is_named(client, path, headers, code):
    wanted = {"Content-Type": "application/x-ndjson", "Idempotency-Key": "a", **headers}
    sent = {name: value.encode() for name, value in wanted.items() if value is not None}
    answer = client.post("/v1/records" + path.format(TODAY), data=batch("n"), headers=sent)
    assert answer.status_code == 400 and answer.json()["code"] == code


def test_an_empty_batch_and_a_large_one_are_refused(client):
    assert client.records("wireless", TODAY, "empty", b"\n\n").json()["code"] == "empty_batch"
    assert client.records("wireless", TODAY, "large", b" " * (9 << 20)).status_code == 413


def test_lines_that_no_run_can_use_are_counted(client):
    data = batch("n", 2) + b"no json\n" + b'{"ts":1,"node":"n","kind":"packet"}\n'
    body = client.records("wireless", TODAY, "mixed", data).json()
    assert (body["accepted"], body["quarantined"], body["refused"]) == (2, 1, 1)
    assert [problem["line"] for problem in body["problems"]] == [3, 4]


def test_without_a_folder_no_records_are_taken(start):
    answer = start("--profile", "wireless").client().records("wireless", TODAY, "a", batch("n"))
    assert answer.status_code == 404 and answer.json()["code"] == "no_intake"


def test_a_folder_is_one_process_alone(start, tmp_path):
    start("--profile", "wireless", "--intake", tmp_path / "in")
    with pytest.raises(AssertionError, match="ended with 4"):
        start("--profile", "wireless", "--intake", tmp_path / "in")
