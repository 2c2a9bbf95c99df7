"""Simulated networks, a memory between epochs, evaluation, differences, other networks' profiles: from outside."""

import csv
import hashlib
import json
import pathlib

import pytest
from harness import PROFILES, run, succeed

ROOT = pathlib.Path(__file__).parents[2]


def simulate(profile, out, *options, nodes=150, epochs=2, seed=5):
    succeed("simulate", profile, "--out", out, "--nodes", nodes, "--epochs", epochs, "--seed", seed,
            *options)
    return out


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="module", params=PROFILES)
def network(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, simulate(request.param, folder / "log")


def test_a_simulation_is_the_same_bytes_whatever_the_threads(network, tmp_path):
    profile, log = network
    again = simulate(profile, tmp_path / "again", "--threads", 1)
    assert digests(again) == digests(log)
    other = simulate(profile, tmp_path / "other", seed=6)
    assert digests(other)["labels.csv"] != digests(log)["labels.csv"]


def test_no_simulated_record_is_quarantined_and_every_node_is_labelled(network, tmp_path):
    profile, log = network
    summary = json.loads(succeed(
        "run", "--profile", profile, "--out", tmp_path, "--epoch", "all", "--json", log).stdout)
    assert summary["records"]["quarantined"] == 0 and summary["records"]["used"] > 1000
    card = json.loads(succeed(
        "evaluate", summary["bundle"], "--labels", log / "labels.csv", "--json").stdout)
    assert card["unlabelled"] == 0
    rows = list(csv.DictReader(open(log / "labels.csv")))
    assert len(rows) == 150 and sum(row["label"] == "1" for row in rows) == 12


def test_nights_with_a_memory_replay_to_the_same_bytes(network, tmp_path):
    profile, log = network
    state = tmp_path / "state"
    nights = sorted(log.glob("epoch-*.ndjson"))
    for night in nights:
        succeed("run", "--profile", profile, "--out", tmp_path / "out", "--state", state, night)
    bundles = sorted((tmp_path / "out" / profile).iterdir())
    assert len(bundles) == 2
    for night, bundle in zip(nights, bundles):
        succeed("verify", bundle)
        assert "equal" in succeed("replay", bundle, "--state", state, night).stdout
    # The second night looked back on the first: without the memory there is no replay.
    lost = run("replay", bundles[1], nights[1])
    assert lost.code == 3 and "--state" in lost.stderr
    # Again, with other threads, memory and BLAS kernels: the same bundle, the same memory.
    kept = digests(state / profile)
    for core, options in (("Haswell", ["--threads", 1, "--memory", "64MB"]), ("Nehalem", ["--threads", 3])):
        succeed("run", "--profile", profile, "--out", tmp_path / "out", "--state", state, *options,
                nights[1], env={"OPENBLAS_CORETYPE": core})
        assert digests(state / profile) == kept


def test_a_page_is_what_the_declarations_say(network):
    profile, _ = network
    page = succeed("profile", "page", profile).stdout
    assert (ROOT / "Docs" / "profiles" / f"{profile}.md").read_text() == page
    for command in ("features", "reasons"):
        for item in json.loads(succeed(command, "--profile", profile, "--json").stdout):
            assert f"`{item.get('code') or item['name']}`" in page


def test_evaluate_writes_a_page_and_needs_labels_that_fit(network, tmp_path):
    profile, log = network
    succeed("run", "--profile", profile, "--out", tmp_path, "--epoch", "all", log)
    bundle = next((tmp_path / profile).iterdir())
    text = succeed("evaluate", bundle, "--labels", log / "labels.csv", "--html", tmp_path / "card.html").stdout
    assert "AUROC" in text and "honest among rejected" in text
    assert "Assay score card" in (tmp_path / "card.html").read_text()
    (tmp_path / "none.csv").write_text("node,label\nnobody,1\n")
    assert run("evaluate", bundle, "--labels", tmp_path / "none.csv").code == 3
    assert run("evaluate", bundle, "--labels", tmp_path / "missing.csv").code == 3


def test_diff_says_who_flips_when_the_policy_changes(network, tmp_path):
    profile, log = network
    (tmp_path / "strict.json").write_text('{"minimum_records": 100000}')
    for name, extra in (("now", []), ("next", ["--policy", tmp_path / "strict.json"])):
        succeed("run", "--profile", profile, "--out", tmp_path / name, "--epoch", "all", *extra, log)
    bundles = [next((tmp_path / name / profile).iterdir()) for name in ("now", "next")]
    difference = json.loads(succeed("diff", *bundles, "--json").stdout)
    assert "policy" in [s["name"] for s in difference["settings"]]
    assert difference["flips"] and {flip["after"] for flip in difference["flips"]} == {"abstain"}
    assert "flip" in succeed("diff", *bundles).stdout


@pytest.mark.parametrize("arguments", [
    ["nope", "--nodes", 5, "--seed", 1], ["wireless", "--nodes", 0, "--seed", 1],
    ["wireless", "--nodes", 5, "--seed", 1, "--attacks", "Q7"],
    ["wireless", "--nodes", 5, "--seed", 1, "--contamination", 0.9],
])
def test_a_simulation_that_cannot_be_is_refused(arguments, tmp_path):
    failed = run("simulate", *arguments, "--out", tmp_path / "log")
    assert failed.code == 2 and not (tmp_path / "log").exists()


def test_a_simulation_leaves_a_folder_that_exists_alone(tmp_path):
    failed = run("simulate", "wireless", "--nodes", 5, "--seed", 1, "--out", tmp_path)
    assert failed.code == 4 and "exists" in failed.stderr


BANDWIDTH = ROOT / "Docs" / "profiles" / "bandwidth.yaml"


def bandwidth_log(path):
    """Sixty honest relays and one that hands its sessions in again, in the network's own columns."""
    with open(path, "w") as file:
        for relay in range(61):
            for index in range(30):
                base = {"time": 1_767_225_600 + 600 * index + relay, "relay": f"r{relay:03}"}
                session = index % 5 if relay == 60 else index
                file.write(json.dumps({**base, "event": "session", "sid": f"s{relay}-{session:08}",
                                       "bytes": 1e9 + 7e6 * ((index * 7 + relay) % 13), "seconds": 40}) + "\n")
                file.write(json.dumps({**base, "event": "probe", "rtt_ms": 20 + (index * 3 + relay) % 11,
                                       "total_bytes": 1e9 * index}) + "\n")


def test_another_networks_log_is_judged_by_its_file(tmp_path):
    bandwidth_log(tmp_path / "log.ndjson")
    summary = json.loads(succeed(
        "run", "--profile", BANDWIDTH, "--out", tmp_path / "out", "--json", tmp_path / "log.ndjson").stdout)
    assert summary["records"]["quarantined"] == 0
    assert summary["counts"]["reject"] == 1 and summary["flagged"][0]["node"] == "r060"
    assert "SESSION_AGAIN" in summary["flagged"][0]["why"][0]
    succeed("verify", summary["bundle"])
    succeed("replay", summary["bundle"], "--profile", BANDWIDTH, tmp_path / "log.ndjson")
    unknown = run("replay", summary["bundle"], tmp_path / "log.ndjson")
    assert unknown.code == 2 and "bandwidth" in unknown.stderr


def test_profile_check_explains_mistakes_by_line(tmp_path):
    assert "3 rules" in succeed("profile", "check", BANDWIDTH).stdout
    bad = tmp_path / "bad.yaml"
    bad.write_text(BANDWIDTH.read_text().replace("bit: 9", "bit: 8").replace("groups:", "gruops:"))
    checked = run("profile", "check", bad)
    assert checked.code == 1
    assert "is it groups?" in checked.stdout and "another rule has the bit 8" in checked.stdout
    assert all(line.startswith(f"{bad}:") for line in checked.stdout.splitlines())
    assert run("profile", "check", tmp_path / "none.yaml").code == 3
