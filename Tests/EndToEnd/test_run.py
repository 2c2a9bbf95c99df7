"""`assay run`: which logs it takes, which it refuses, and what it leaves behind."""

import gzip
import json

import check_bundle
import pytest
from harness import (DATASETS, REPO, assert_holds, files_of, judge, logged_lines, run, succeed,
                     sums, verdicts, write_log)

DAY = 86_400_000
CLAIM = {"ts": 20_000 * DAY, "node": "a", "kind": "claim", "gpu_count": 1}
COMPUTE = ("--profile", "compute")


def refused(result, code, out, *words):
    """The run failed with `code`, said `words`, printed no result and left nothing behind."""
    assert result.code == code
    assert result.stdout == "" and result.stderr.startswith("assay: error: ")
    assert all(word in result.stderr for word in words), result.stderr
    assert not out.exists() or not list(out.iterdir())


def test_a_missing_log_is_refused(tmp_path, out):
    missing = tmp_path / "none.ndjson"
    refused(run("run", *COMPUTE, "--out", out, missing), 3, out, str(missing))


def test_a_folder_without_logs_is_refused(tmp_path, out):
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/readme.txt").write_text("no log")
    result = run("run", *COMPUTE, "--out", out, tmp_path / "logs")
    refused(result, 3, out, str(tmp_path / "logs"), ".ndjson", ".gz")


def test_a_glob_without_matches_is_refused(tmp_path, out):
    refused(run("run", *COMPUTE, "--out", out, tmp_path / "*.ndjson"), 3, out, "*.ndjson")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"not JSON\n", gzip.compress(b"")],
                         ids=["empty", "blank", "not JSON", "empty gz"])
@pytest.mark.parametrize("epoch", [(), ("--epoch", "all")], ids=["one day", "all"])
def test_a_log_without_a_usable_record_is_refused(tmp_path, out, content, epoch):
    (tmp_path / "log").write_bytes(content)
    refused(run("run", *COMPUTE, "--out", out, *epoch, tmp_path / "log"), 3, out, "--epoch N")


def test_two_days_without_an_epoch_are_refused_and_both_options_named(tmp_path, out):
    log = write_log(tmp_path / "log.ndjson", [CLAIM, {**CLAIM, "ts": 20_001 * DAY}])
    refused(run("run", *COMPUTE, "--out", out, log), 3, out, "--epoch 2000", "--epoch all")


def test_epoch_takes_one_day_or_all(tmp_path, out):
    rows = [CLAIM, {**CLAIM, "ts": 20_001 * DAY, "node": "b"}, {**CLAIM, "ts": 20_001 * DAY - 1}]
    log = write_log(tmp_path / "log.ndjson", rows)
    for epoch, number, nodes in ((20_000, 20_000, "a"), (20_001, 20_001, "b")):
        succeed("run", *COMPUTE, "--out", out, "--epoch", epoch, log)
        bundle = out / f"compute/epoch-0{number}-r0"
        assert [v["node"] for v in verdicts(bundle)] == list(nodes)
        assert_holds(bundle)
    whole = judge("compute", out / "whole", log)
    assert whole.name == "epoch-020001-r0" and len(verdicts(whole)) == 2
    assert_holds(whole)


def test_one_day_needs_no_epoch(tmp_path, out):
    log = write_log(tmp_path / "log.ndjson", [CLAIM, {**CLAIM, "ts": CLAIM["ts"] + DAY - 1}])
    assert succeed("run", *COMPUTE, "--out", out, "--json", log).json["epoch"] == 20_000


@pytest.mark.parametrize("epoch", [0, 1, 104_249_991])
@pytest.mark.parametrize("content", [[], [CLAIM]], ids=["no record", "another day's"])
def test_an_empty_epoch_gives_a_bundle_with_a_sentinel_leaf(tmp_path, out, epoch, content):
    log = write_log(tmp_path / "log.ndjson", content)
    result = succeed("run", *COMPUTE, "--out", out, "--epoch", epoch, "--json", log)
    bundle = out / f"compute/epoch-{epoch:06}-r0"
    assert result.json["bundle"] == str(bundle)
    report = assert_holds(bundle)
    assert report["leaf_count"] == 1
    assert report["root"] == check_bundle.merkle_root([check_bundle.sentinel_preimage(epoch)])


@pytest.mark.parametrize("profile", DATASETS)
def test_bundles_of_the_datasets_hold(profile, out):
    bundle = judge(profile, out, DATASETS[profile])
    report = assert_holds(bundle)
    assert report["signers"] == []
    assert {p.name for p in out.iterdir()} == {profile}
    inputs = json.loads((bundle / "inputs.json").read_bytes())
    assert inputs["counts"]["read"] == len(logged_lines(profile))


def test_the_same_run_again_changes_nothing(out):
    bundle = judge("compute", out, DATASETS["compute"])
    before = {name: (bundle / name).stat().st_mtime_ns for name in files_of(bundle)}
    assert judge("compute", out, DATASETS["compute"]) == bundle
    assert before == {name: (bundle / name).stat().st_mtime_ns for name in files_of(bundle)}
    assert {p.name for p in out.iterdir()} == {"compute"}


def test_another_bundle_is_never_overwritten(tmp_path, out):
    bundle = judge("compute", out, DATASETS["compute"])
    before = files_of(bundle)
    log = write_log(tmp_path / "log.ndjson", logged_lines("compute")[:-1])
    result = run("run", *COMPUTE, "--out", out, "--epoch", "all", log)
    assert result.code == 4 and str(bundle) in result.stderr and result.stdout == ""
    assert files_of(bundle) == before
    assert {p.name for p in out.iterdir()} == {"compute"}


def test_an_output_that_cannot_be_written_is_an_io_error(tmp_path):
    file = tmp_path / "file"
    file.write_text("not a folder")
    result = run("run", *COMPUTE, "--out", file / "out", "--epoch", "all", DATASETS["compute"])
    assert result.code == 4 and result.stdout == "" and str(file) in result.stderr
    assert "NSCocoaErrorDomain" not in result.stderr
    result = run("train", *COMPUTE, "--out", file / "m", "--epoch", "all", DATASETS["compute"])
    assert result.code == 4 and result.stdout == "" and str(file) in result.stderr
    assert file.read_text() == "not a folder"


def test_a_temporary_folder_that_cannot_be_written_is_an_io_error(tmp_path, out):
    result = run("run", "--profile", "wireless", "--out", out, "--epoch", "all", "--memory", "16MB",
                 DATASETS["wireless"], env={"TMPDIR": str(tmp_path / "none")})
    refused(result, 4, out, "TMPDIR", str(tmp_path / "none"))


@pytest.mark.parametrize("policy, word", [
    ({"frobnicate": 1}, "frobnicate"), ({"reject_q_ppb": "no"}, "reject_q_ppb"),
    ({"reject_q_ppb": 0.5}, "reject_q_ppb"), ({"hold_q_ppb": -1}, "hold_q_ppb"),
    ({"reject_q_ppb": 2, "hold_q_ppb": 1}, "reject_q_ppb"), ({"version": 2}, "version 2"),
    ({"minimum_records": True}, "minimum_records"), ([], "object"), ("text", "object")])
def test_a_bad_policy_is_refused_and_the_key_named(tmp_path, out, policy, word):
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    result = run("run", *COMPUTE, "--out", out, "--epoch", "all", "--policy",
                 tmp_path / "policy.json", DATASETS["compute"])
    refused(result, 3, out, word)


def test_a_missing_or_damaged_policy_is_refused(tmp_path, out):
    (tmp_path / "damaged.json").write_text("{")
    for name in ("none.json", "damaged.json"):
        refused(run("run", *COMPUTE, "--out", out, "--epoch", "all", "--policy", tmp_path / name,
                    DATASETS["compute"]), 3, out)


def test_a_policy_is_applied_and_part_of_the_bundle(tmp_path, out):
    (tmp_path / "policy.json").write_text('{"minimum_records": 1000000}')
    bundle = judge("compute", out, DATASETS["compute"],
                   options=["--policy", tmp_path / "policy.json"])
    assert json.loads((bundle / "policy.json").read_bytes())["minimum_records"] == 1_000_000
    assert {v["verdict"] for v in verdicts(bundle)} == {"abstain"}
    assert succeed("replay", bundle, DATASETS["compute"]).stdout.startswith("equal")


def test_folder_files_and_glob_name_the_same_log(out):
    folder = DATASETS["compute"]
    one = sums(judge("compute", out / "1", folder))
    assert one == sums(judge("compute", out / "2", *sorted(folder.glob("*.gz"), reverse=True)))
    assert one == sums(judge("compute", out / "3", folder / "*.ndjson.gz"))
    assert one == sums(judge("compute", out / "4", folder, folder / "c*.gz"))  # each file once


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
def test_standard_input_is_a_log(out, bundle, pack):
    data = pack("\n".join(logged_lines("compute")).encode())
    piped = judge("compute", out, "-", stdin=data)
    assert_holds(piped)
    inputs = json.loads((piped / "inputs.json").read_bytes())
    assert [f["name"] for f in inputs["files"]] == ["-"]
    assert inputs["files"][0]["bytes"] == len(data)
    assert verdicts(piped) == verdicts(bundle)


def test_bad_lines_are_quarantined_with_file_and_line(tmp_path, out):
    lines = ["{", '{"ts":1,"node":"a"}', json.dumps(CLAIM), json.dumps({**CLAIM, "gpu_count": -1}),
             json.dumps({**CLAIM, "kind": "unheard"}), '"text"', json.dumps(CLAIM)]
    log = write_log(tmp_path / "log.ndjson", lines)
    bundle = judge("compute", out, log)
    assert_holds(bundle)
    rows = gzip.decompress((bundle / "quarantine.ndjson.gz").read_bytes()).splitlines()
    assert [json.loads(row)["line"] for row in rows] == [1, 2, 4, 5, 6]
    assert {json.loads(row)["file"] for row in rows} == {"log.ndjson"}
    counts = json.loads((bundle / "inputs.json").read_bytes())["counts"]
    assert (counts["read"], counts["used"], counts["duplicate"]) == (7, 1, 1)


@pytest.mark.parametrize("part", [0.999, 0.5, 0.01])
def test_a_file_that_is_cut_short_is_in_the_quarantine(tmp_path, out, part):
    data = (DATASETS["compute"] / "benchmark.ndjson.gz").read_bytes()
    (tmp_path / "log.ndjson.gz").write_bytes(data[:int(part * len(data))])
    bundle = judge("compute", out, tmp_path / "log.ndjson.gz")
    assert_holds(bundle)
    row = json.loads(gzip.decompress((bundle / "quarantine.ndjson.gz").read_bytes()))
    assert (row["file"], row["reason"]) == ("log.ndjson.gz", "truncated_file")


def test_no_path_of_this_computer_is_in_a_bundle(bundle):
    for name, data in files_of(bundle).items():
        content = gzip.decompress(data) if name.endswith(".gz") else data
        assert str(REPO).encode() not in content and str(bundle.parent).encode() not in content
