"""Training, models, replays, keys and evidence: what ties a bundle to what it was made from."""

import json
import os
import stat

import evidence
import pytest
from cryptography.hazmat.primitives import serialization
from harness import (DATASETS, assert_holds, files_of, judge, logged_lines, run, succeed, sums,
                     verdicts, write_log)

COMPUTE = ("--profile", "compute", "--epoch", "all")


def test_train_writes_a_model_and_its_card(models):
    card = json.loads((models["compute"].parent / "compute.safetensors.card.json").read_bytes())
    assert card
    header = models["compute"].read_bytes()
    assert json.loads(header[8:8 + int.from_bytes(header[:8], "little")])


def test_labels_leave_nodes_out_of_training(tmp_path, models):
    nodes = sorted({json.loads(line)["node"] for line in logged_lines("compute")})
    (tmp_path / "labels.csv").write_text(
        "node,label,attack\n" + "".join(f"{n},{i % 2},\n" for i, n in enumerate(nodes)))
    (tmp_path / "damaged.csv").write_text("something,else\n1,2\n")
    train = ("train", *COMPUTE, "--out", tmp_path / "compute.safetensors", "--labels")
    succeed(*train, tmp_path / "labels.csv", DATASETS["compute"])
    assert (tmp_path / "compute.safetensors").read_bytes() != models["compute"].read_bytes()
    assert run(*train, tmp_path / "damaged.csv", DATASETS["compute"]).code == 3


@pytest.mark.parametrize("profile", ["wireless", "compute"])
def test_a_run_with_a_model_replays_with_it_only(profile, out, models, tmp_path):
    log = DATASETS[profile]
    bundle = judge(profile, out, log, options=["--model", models[profile]])
    assert_holds(bundle)
    identity = json.loads((bundle / "model.json").read_bytes())
    assert identity["name"] == profile
    assert succeed("replay", bundle, "--model", models[profile], log, "--json").json["equal"]
    without = run("replay", bundle, log)
    assert without.code == 3
    assert "--model" in without.stderr and identity["digest"] in without.stderr
    other = tmp_path / "other.safetensors"
    succeed("train", "--profile", profile, "--epoch", "all", "--out", other, log)
    assert run("replay", bundle, "--model", other, log).code in (1, 3)


@pytest.mark.parametrize("content", [b"", b"text", b"\xff" * 64, b"\2\0\0\0\0\0\0\0{}"],
                         ids=["empty", "text", "long header", "no entries"])
def test_a_file_that_is_no_model_is_refused_and_named(tmp_path, out, content):
    (tmp_path / "model").write_bytes(content)
    result = run("run", *COMPUTE, "--out", out, "--model", tmp_path / "model", DATASETS["compute"])
    assert result.code == 3 and not out.exists()
    assert str(tmp_path / "model") in result.stderr


def test_a_damaged_model_is_refused(tmp_path, out, models):
    data = models["compute"].read_bytes()
    half = data[:len(data) // 2]
    for name, damaged in (("short", data[:-1]), ("half", half), ("long", data + b"\0")):
        (tmp_path / name).write_bytes(damaged)
        result = run("run", *COMPUTE, "--out", out, "--model", tmp_path / name, DATASETS["compute"])
        assert result.code == 3 and not out.exists(), name


def test_a_model_of_another_profile_is_refused(out, models):
    result = run("run", "--profile", "wireless", "--out", out, "--epoch", "all", "--model",
                 models["compute"], DATASETS["wireless"])
    assert result.code == 3 and "compute" in result.stderr and not out.exists()
    missing = run("run", *COMPUTE, "--out", out, "--model", out / "none", DATASETS["compute"])
    assert missing.code == 3 and str(out / "none") in missing.stderr


def test_a_replay_of_other_logs_fails_and_says_where(bundle, tmp_path):
    log = write_log(tmp_path / "log.ndjson", logged_lines("compute")[1:])
    result = run("replay", bundle, log)
    assert result.code == 1 and "verdicts/00000.ndjson.gz" in result.stdout
    report = run("replay", bundle, log, "--json")
    assert report.code == 1 and not report.json["equal"] and not report.json["verdicts_agree"]
    moved = write_log(tmp_path / "moved.ndjson", logged_lines("compute"))
    report = run("replay", bundle, moved, "--json")
    assert report.code == 1 and report.json["verdicts_agree"]


def test_a_signed_bundle_replays(tmp_path, out, key_files):
    bundle = judge("compute", out, DATASETS["compute"], options=["--key", key_files[0][0]])
    assert succeed("replay", bundle, DATASETS["compute"]).stdout.startswith("equal")


def test_a_key_is_made_for_its_owner_alone_and_shown(tmp_path):
    path = tmp_path / "key.pem"
    public = succeed("keys", "generate", "--out", path).stdout.strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    private = serialization.load_pem_private_key(path.read_bytes(), None)
    raw = private.public_key().public_bytes_raw()
    assert public == raw.hex()
    shown = succeed("keys", "show", path).stdout
    assert shown.startswith(public + "\n")
    pem = serialization.load_pem_public_key(shown.split("\n", 1)[1].encode())
    assert pem.public_bytes_raw() == raw
    assert "PRIVATE" not in shown


def test_a_key_is_never_overwritten(tmp_path, key_files):
    path = key_files[0][0]
    before = path.read_bytes()
    result = run("keys", "generate", "--out", path)
    assert result.code == 4 and str(path) in result.stderr and result.stdout == ""
    assert path.read_bytes() == before
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    assert run("keys", "generate", "--out", link).code == 4
    assert run("keys", "generate", "--out", path / "below").code == 4


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602, 0o660])
def test_a_key_that_others_may_read_is_refused(tmp_path, out, key_files, mode):
    path = tmp_path / "key.pem"
    path.write_bytes(key_files[0][0].read_bytes())
    os.chmod(path, mode)
    result = run("run", *COMPUTE, "--out", out, "--key", path, DATASETS["compute"])
    assert result.code == 3 and str(path) in result.stderr and not out.exists()
    assert run("keys", "show", path).code == 3


@pytest.mark.parametrize("content", ["", "text", "-----BEGIN PRIVATE KEY-----\nAAAA\n"
                                     "-----END PRIVATE KEY-----\n"],
                         ids=["empty", "text", "cut off"])
def test_a_file_that_is_no_key_is_refused(tmp_path, out, content):
    path = tmp_path / "key.pem"
    path.write_text(content)
    os.chmod(path, 0o600)
    result = run("run", *COMPUTE, "--out", out, "--key", path, DATASETS["compute"])
    assert result.code == 3 and not out.exists()
    assert run("keys", "show", path).code == 3
    assert run("run", *COMPUTE, "--out", out, "--key", tmp_path / "none",
               DATASETS["compute"]).code == 3


def test_signatures_are_listed_and_trust_demands_them(out, key_files, signed):
    report = assert_holds(signed)
    publics = sorted(public for _, public in key_files)
    assert report["signers"] == publics
    text = succeed("verify", signed, "--trust", publics[0], "--trust", publics[1].upper()).stdout
    assert all(public in text for public in publics)
    stranger = run("verify", signed, "--trust", publics[0], "--trust", "0" * 64)
    assert stranger.code == 1 and "0" * 64 in stranger.stdout and "good" not in stranger.stdout
    assert run("verify", signed, "--trust", "0" * 64, "--json").json["good"] is False


def test_the_order_of_keys_changes_nothing(out, key_files):
    first, second = (path for path, _ in key_files)
    log = DATASETS["compute"]
    one = judge("compute", out / "1", log, options=["--key", first, "--key", second])
    two = judge("compute", out / "2", log, options=["--key", second, "--key", first])
    assert sums(one) == sums(two)


def test_a_key_given_twice_is_no_internal_error(out, key_files):
    path = key_files[0][0]
    result = run("run", *COMPUTE, "--out", out, "--key", path, "--key", path, DATASETS["compute"])
    assert result.code in (2, 3) and result.stdout == ""
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize("profile", [pytest.param("wireless", marks=pytest.mark.slow), "compute",
                                     "storage"])
def test_evidence_is_what_an_independent_reading_of_the_log_gives(profile, tmp_path, out):
    bundle = judge(profile, out, DATASETS[profile])
    schema = evidence.fields_by_kind(succeed("schema", "--profile", profile, "--json").json)
    digests = evidence.evidence_by_node([DATASETS[profile]], schema)
    stated = {v["node"]: v["evidence"] for v in verdicts(bundle)}
    assert digests == stated
    for node in sorted(stated)[:2]:
        said = succeed("evidence", "--profile", profile, "--epoch", "all", "--node", node,
                       DATASETS[profile], "--json").json
        assert said["evidence"] == stated[node] and said["records"]
        assert said["epoch"] == json.loads(files_of(bundle)["statement.json"])["predicate"]["epoch"]
